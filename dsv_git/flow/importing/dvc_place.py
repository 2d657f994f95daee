"""Where a DVC repository is, and which `.dvc` file of it is meant."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.ignore import inside
from dsv_git.gitrepo.repository import Repository
from dsv_git.manifest.names import printable

SUFFIX: Final = ".dvc"
_SHOWN: Final = 10


@dataclass(frozen=True)
class DvcPlace:
    """A `.dvc` file in the history of a repository; `path` is from its top."""

    repository: Repository
    path: str

    @property
    def folder(self) -> Path:
        """The folder of the `.dvc` file."""
        return (self.repository.top / self.path).parent


def is_place(workspace: Workspace, source: str) -> bool:
    """Whether a source means a DVC repository, or a file of one."""
    return _split(workspace, source) is not None


def find_place(workspace: Workspace, source: str) -> DvcPlace:
    """The `.dvc` file that `DIR`, `DIR:path/x.dvc` or `path/x.dvc` means. Raises InputError."""
    found = _split(workspace, source)
    assert found is not None, source  # noqa: S101
    folder, named = found
    repository = Repository.discover(folder)
    tracked = repository.git.fields("ls-tree", "-r", "-z", "--name-only", "--full-tree", "HEAD")
    files = sorted(path for path in tracked if path.endswith(SUFFIX))
    if named:
        for base in (folder, repository.top):
            path = inside(repository.top.resolve(), (base / named).resolve())
            if path in files:
                return DvcPlace(repository, path)
        raise InputError(f"HEAD of {printable(str(repository.top))} has no {printable(named)}")
    below = inside(repository.top.resolve(), folder.resolve()) or "."
    own = [path for path in files if below == "." or path.startswith(f"{below}/")]
    if len(own) != 1:
        shown = ", ".join(map(printable, own[:_SHOWN]))
        raise InputError(
            f"{len(own)} {SUFFIX} files are in {printable(source)}: {shown}"
            if own
            else f"no {SUFFIX} file is in HEAD of {printable(source)}",
            hint=f"dsv import {source}:{own[0]} --name N" if own else None,
        )
    return DvcPlace(repository, own[0])


def _split(workspace: Workspace, source: str) -> tuple[Path, str] | None:
    """The folder, and the `.dvc` file in it (empty for whichever is there)."""
    place = workspace.start / source
    if place.is_dir():
        return place, ""
    if source.endswith(SUFFIX) and place.parent.is_dir() and ":" not in place.name:
        return place.parent, place.name
    folder, colon, named = source.rpartition(":")
    if colon and named.endswith(SUFFIX) and (workspace.start / folder).is_dir():
        return workspace.start / folder, named
    return None
