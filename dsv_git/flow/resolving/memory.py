"""What a person edited in the middle of a merge, which `dsv resolve` must not write over.

What it wrote itself is remembered in the git directory until the merge is another one: a file that
is not so any more was edited. Before the first time, that is a file that is not what is staged, and
a list or `manifest.yaml` whose conflict marks are gone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from dsv_git.flow.resolving.edits import ByHand, has_marks
from dsv_git.flow.resolving.manifest import Trio
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.files import write_file
from dsv_git.gitrepo.unmerged import Index, Sides, dirty_files
from dsv_git.manifest.manifest import DECLARATION, is_list

FILE: Final = "dsv/resolved.json"

IsKnown = Callable[[str], bool]
"""Whether a path below a manifest is one of its files."""


def remembered(workspace: Workspace, found: Sides) -> dict[str, str]:
    """What the last `dsv resolve` of this very merge wrote: path from the top → SHA-256."""
    with suppress(OSError, ValueError):
        text = (workspace.repository.git_dir / FILE).read_text()
        told = json.loads(text)
        if found.stamp and told["merge"] == found.stamp:
            return {str(path): str(content) for path, content in told["files"].items()}
    return {}


def remember(workspace: Workspace, found: Sides, files: Mapping[str, bytes]) -> None:
    """Keeps what was written, by paths from the top of the repository."""
    content = {path: _digest(data) for path, data in sorted(files.items())}
    text = json.dumps({"merge": found.stamp, "files": content})
    write_file(workspace.repository.git_dir / FILE, text.encode())


def edited_by_hand(
    workspace: Workspace, trio: Trio, index: Index, written: Mapping[str, str], known: IsKnown
) -> ByHand:
    """The files of a manifest that a person edited since git or `dsv resolve` wrote them."""
    prefix = f"{workspace.path_of(trio.name)}/"
    mine = {path[len(prefix) :]: told for path, told in written.items() if path.startswith(prefix)}
    folder = workspace.folder / trio.name
    if mine:
        here = _files(folder, known)
        return {
            path: here.get(path)
            for path in sorted({*mine, *here})
            if path not in here or _digest(here[path]) != mine.get(path)
        }
    found: dict[str, bytes | None] = {}
    for full in dirty_files(workspace.repository, prefix):
        path = full.removeprefix(prefix)
        if known(path) and full in index.clear:
            data = _read(folder / path)
            if data != workspace.objects.blob(index.clear[full]):
                found[path] = data
    for full in index.unmerged:
        path = full.removeprefix(prefix)
        if full.startswith(prefix) and _may_be_answered(trio, path):
            data = _read(folder / path)
            if data and not has_marks(data):
                found[path] = data
    return found


def _may_be_answered(trio: Trio, path: str) -> bool:
    """Whether git writes marks where both sides changed this file: else it leaves one side's."""
    both = path in trio.ours.files.blobs() and path in trio.theirs.files.blobs()
    return both and (path == DECLARATION or (is_list(path) and trio.one_layout))


def _files(folder: Path, known: IsKnown) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    names = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in names.items() if known(name)}


def _read(place: Path) -> bytes | None:
    return place.read_bytes() if place.is_file() and not place.is_symlink() else None


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
