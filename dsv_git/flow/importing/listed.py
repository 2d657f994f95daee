"""`dsv import LIST`: a list of files from another tool becomes a manifest of the working tree."""

from __future__ import annotations

from pathlib import Path

from dsv_git.errors import InputError
from dsv_git.flow.drafting.draft import first_text, refuse_taken, write_draft
from dsv_git.flow.importing.files import Data, read_files
from dsv_git.flow.importing.request import Import, ImportRequest, declared
from dsv_git.flow.importing.version import Written
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.ignore import keep_out
from dsv_git.manifest.bump import check_version
from dsv_git.manifest.declaration import DEFAULT_PROJECT, Declaration
from dsv_git.manifest.declaration import Data as DeclaredData
from dsv_git.manifest.names import printable
from dsv_git.scan.hashing import Algorithm
from dsv_git.scan.progress import Progress

FIRST = "1.0"


def import_list(
    workspace: Workspace, request: ImportRequest, place: Path, progress: Progress
) -> Import:
    """Writes the manifest of a list. What it does not say (size, hash) is read from the data,
    which is in the list's own folder where no other is named. Raises InputError with nothing
    written."""
    root, folder = _root(workspace, request, place.parent)
    files = read_files(place, folder)
    version = check_version(request.version or FIRST)
    if not files:
        raise InputError("the list names no file", where=printable(str(place)))
    entries = Data(folder, "xxh3", progress).entries(files, version)
    hashes = {entry.hash.partition(":")[0] for entry in entries}
    algorithm: Algorithm = "sha256" if hashes == {"sha256"} else "xxh3"
    found = Declaration(
        name=request.name,
        version=version,
        data=DeclaredData({"": root}, algorithm=algorithm),
        dataset=request.dataset or request.name,
        project=request.project or DEFAULT_PROJECT,
        description=request.description or "",
    )
    refuse_taken(workspace, found)
    out = Data(folder, algorithm, progress).left_out(entries, place.name)
    notes = _kept_out(workspace, root, folder, len(entries)) + _told(request.name, folder, len(out))
    text = first_text(found, entries)
    write_draft(workspace, request.name, text, entries, out, new=True)
    size = sum(entry.size for entry in entries)
    written = Written(str(place), version, "", None, "", (), len(entries), size)
    return Import(request.name, str(place), (written,), (), notes, committed=False)


def _kept_out(workspace: Workspace, root: str, folder: Path | None, files: int) -> tuple[str, ...]:
    if folder is None or not folder.is_dir():
        return ()
    _, line = keep_out(workspace.repository, root, files)
    return (f".gitignore has {line} now: the data itself stays out of git",) if line else ()


def _told(name: str, folder: Path | None, out: int) -> tuple[str, ...]:
    """What becomes of the files that the list does not name."""
    if folder is None or not folder.is_dir():
        return (f"the data was not looked at: dsv update {name} takes what the list leaves out",)
    files = "1 file" if out == 1 else f"{out:,} files"
    verb = "stays" if out == 1 else "stay"
    return (f"{files} of the data that the list leaves out {verb} out",) if out else ()


def _root(workspace: Workspace, request: ImportRequest, beside: Path) -> tuple[str, Path | None]:
    """The data root as the manifest has it, and its folder here. A folder around the repository
    cannot be one: there the data is thought to be in `data/NAME`."""
    if request.declared_root is not None:
        return request.declared_root, request.folder
    if workspace.repository.top.resolve().is_relative_to(beside.resolve()):
        return f"data/{request.name}", workspace.repository.top / "data" / request.name
    return declared(workspace, beside), beside
