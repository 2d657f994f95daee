"""What `dsv import` is asked for, and what came of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from dsv_git.errors import InputError
from dsv_git.flow.importing.version import Written
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.ignore import inside
from dsv_git.manifest.names import printable
from dsv_git.manifest.url import is_url, parse_url


@dataclass(frozen=True)
class ImportRequest:
    """What a person typed. `declared_root` is the data root as `manifest.yaml` is to have it, and
    `folder` that place on this machine; None where none was given, or where it is a URL."""

    name: str
    source: str | None = None
    project: str | None = None
    dataset: str | None = None
    version: str | None = None
    description: str | None = None
    declared_root: str | None = None
    folder: Path | None = None

    def refuse(self, why: str, *options: str) -> None:
        """Raises InputError where one of these options was given: the source decides it."""
        given = next((one for one in options if getattr(self, one) is not None), None)
        if given is not None:
            raise InputError(f"--{given} cannot be given here: {why}", hint=f"leave --{given} out")


@dataclass(frozen=True)
class LeftOut:
    """A version that could not be imported: what names it where it came from, and why."""

    mark: str
    reason: str


@dataclass(frozen=True)
class Import:
    """What was imported, the oldest version first. `committed` is whether commits were made; a
    list becomes a manifest of the working tree."""

    manifest: str
    source: str
    versions: tuple[Written, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    committed: bool


def root_of(workspace: Workspace, root: str | None) -> tuple[str | None, Path | None]:
    """The data root that a person typed as `manifest.yaml` has it (from the top of the repository
    where it is inside), and its folder here. Raises InputError for one that is not there."""
    if root is None:
        return None, None
    if is_url(root):
        return str(parse_url(root)), None
    place = Path(os.path.normpath(workspace.start / root))
    if not place.is_dir():
        raise InputError(f"--root: there is no folder {printable(root)}")
    if workspace.repository.top.resolve().is_relative_to(place.resolve()):
        raise InputError(f"--root: {printable(root)} holds the repository itself")
    return declared(workspace, place), place


def declared(workspace: Workspace, place: Path) -> str:
    """A folder as `manifest.yaml` names it: from the top of the repository where it is inside."""
    top = workspace.repository.top
    below = inside(top, place) or inside(top.resolve(), place.resolve())
    return below or str(place)
