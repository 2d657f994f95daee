"""`dsv add`: data that lies somewhere becomes a manifest."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from dsv_git.diff.stats import Tally, tally
from dsv_git.errors import InputError
from dsv_git.flow.draft import first_text, new_name, refuse_taken, write_draft
from dsv_git.flow.labelling import parse_labels
from dsv_git.flow.scanning import DataScan
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.ignore import ignore, inside, is_ignored, is_tracked
from dsv_git.manifest.bump import check_version
from dsv_git.manifest.declaration import DEFAULT_PROJECT, Algorithm, Data, Declaration
from dsv_git.manifest.parent import parse_parent
from dsv_git.scan.notices import Notice
from dsv_git.scan.progress import Progress


@dataclass(frozen=True)
class AddRequest:
    """What a person typed."""

    data: str
    name: str
    version: str = "1.0"
    project: str | None = None
    dataset: str | None = None
    description: str = ""
    labels: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    algorithm: Algorithm = "xxh3"


@dataclass(frozen=True)
class Added:
    """The new manifest."""

    manifest: str
    version: str
    folder: str
    totals: Tally
    hashed_files: int
    notices: tuple[Notice, ...]
    ignored: str | None
    """The line that `.gitignore` has now, so that the data stays out of git."""
    tracked: bool
    """Whether git itself tracks the data already."""


def add(workspace: Workspace, request: AddRequest, progress: Progress) -> Added:
    """Scans data into a new manifest. Raises InputError with nothing written."""
    name = new_name(workspace, request.name)
    root = _root(workspace, request.data)
    declaration = Declaration(
        name=name,
        version=check_version(request.version),
        data=Data(
            {"": root},
            include=request.include,
            exclude=request.exclude,
            algorithm=request.algorithm,
        ),
        dataset=request.dataset or name,
        project=request.project or DEFAULT_PROJECT,
        description=request.description,
        parents=tuple(parse_parent(text) for text in request.parents),
        tags=request.tags,
    )
    place = DataScan.of(workspace, declaration).roots[""]
    declaration = replace(declaration, labels=parse_labels(workspace, request.labels, place))
    refuse_taken(workspace, declaration)
    source = DataScan.of(workspace, declaration)
    scanned = source.scan(progress)
    entries, notices = scanned.entries((), ())
    if not entries:
        raise InputError(
            f"there is no file in {request.data}", hint="are include and exclude right?"
        )
    write_draft(workspace, name, first_text(declaration, entries), entries)
    scanned.remember(workspace.anew().manifest(name).digest)
    tracked, ignored = _keep_out(workspace, root)
    return Added(
        name,
        declaration.version,
        workspace.path_of(name),
        tally(entries),
        scanned.hashed_files,
        (*scanned.notices, *notices),
        ignored,
        tracked,
    )


def _root(workspace: Workspace, data: str) -> str:
    """The data root as `manifest.yaml` has it: from the top of the repository where that is what
    colleagues have too, absolute where a person typed it so."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", data):
        raise InputError(
            f"{data}: this release reads folders only", hint="mount it, and add the mounted folder"
        )
    typed = Path(os.path.normpath(workspace.start / data))
    top = workspace.repository.top
    if not typed.is_dir():
        raise InputError(f"{data} is not a folder")
    if top.is_relative_to(typed) or top.is_relative_to(typed.resolve()):
        raise InputError(f"{data} holds the repository itself", hint="add a folder of data")
    manifests = workspace.folder
    if typed.is_relative_to(manifests):
        raise InputError(f"{data} is below the manifests themselves")
    below = inside(top, typed)
    if below is not None:
        return below
    return str(typed) if Path(data).is_absolute() else os.path.relpath(typed, top)


def _keep_out(workspace: Workspace, root: str) -> tuple[bool, str | None]:
    """Adds data inside the working tree to `.gitignore`, unless git tracks or ignores it."""
    if Path(root).is_absolute() or root.startswith(".."):
        return False, None
    if is_tracked(workspace.repository, root):
        return True, None
    if is_ignored(workspace.repository, root):
        return False, None
    ignore(workspace.repository, root)
    return False, f"/{root}"
