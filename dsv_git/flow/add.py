"""`dsv add`: data that lies somewhere becomes a manifest."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from dsv_git.diff.stats import Totals, tally
from dsv_git.errors import InputError
from dsv_git.flow.copies.keeping import Kept, keep_contents
from dsv_git.flow.data.label_option import parse_labels
from dsv_git.flow.data.labelling import without_label
from dsv_git.flow.data.scanning import DataScan
from dsv_git.flow.drafting.draft import first_text, new_name, refuse_taken, write_draft
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.ignore import inside, keep_out
from dsv_git.manifest.bump import check_version
from dsv_git.manifest.composing import labels_words
from dsv_git.manifest.declaration import DEFAULT_PROJECT, Algorithm, Data, Declaration, Labels
from dsv_git.manifest.made_by import command
from dsv_git.manifest.made_by import place as told
from dsv_git.manifest.names import printable
from dsv_git.manifest.parent import parse_parent
from dsv_git.manifest.url import is_url, parse_url
from dsv_git.scan.notices import Notice, other_names
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
    totals: Totals
    without_label: int
    """Files that the source of labels says nothing of; 0 where there is no source."""
    hashed_files: int
    notices: tuple[Notice, ...]
    ignored: str | None
    """The line that `.gitignore` has now, so that the data stays out of git."""
    tracked: bool
    """Whether git itself tracks the data already."""
    kept: Kept | None
    """The copies that were made, where the repository is set up for that (`keep`)."""


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
    labels = parse_labels(workspace, request.labels, DataScan.of(workspace, declaration).label_root)
    declaration = replace(declaration, labels=labels, made_by=_made_by(request, root, labels))
    refuse_taken(workspace, declaration)
    _refuse_parents(workspace, declaration)
    scanned = DataScan.of(workspace, declaration).scan(progress)
    entries, notices = scanned.entries((), ())
    if not entries:
        raise InputError(
            f"there is no file in {printable(request.data)}",
            hint="are include and exclude right?" if request.include or request.exclude else None,
        )
    # First of all writes: an interruption must not leave a manifest whose data git would take.
    tracked, ignored = keep_out(workspace.repository, root, len(entries))
    kept = keep_contents(workspace, declaration, entries, progress)
    text = first_text(declaration, entries)
    write_draft(workspace, name, text, entries, meanwhile=scanned.remember, new=True)
    counts = tally(entries)
    return Added(
        name,
        declaration.version,
        workspace.path_of(name),
        counts.totals,
        without_label(declaration, entries) if counts.unlabelled else 0,
        scanned.hashed_files,
        (*scanned.notices, *notices, *(other_names(entries) if labels is not None else ())),
        ignored,
        tracked,
        kept,
    )


def _made_by(request: AddRequest, root: str, labels: Labels | None) -> str:
    """The command, with places as the manifest has them."""
    several = (
        ("--labels", [told(text) for text in labels_words(labels)] if labels else ()),
        ("--include", request.include),
        ("--exclude", request.exclude),
        ("--hash", [request.algorithm] if request.algorithm != "xxh3" else ()),
    )
    words = [word for option, values in several for value in values for word in (option, value)]
    return command("add", told(root), "--name", request.name, *words)


def _refuse_parents(workspace: Workspace, declaration: Declaration) -> None:
    """Raises InputError for a parent that `dsv check` would say is nowhere."""
    if not declaration.parents:
        return
    from dsv_git.checks.parent_exists import wrong_parent
    from dsv_git.flow.checking.content import of_folder

    content = of_folder(workspace)
    for parent in declaration.parents:
        wrong = wrong_parent(content, declaration.name, declaration.version, parent)
        if wrong is not None:
            raise InputError(wrong[0], hint=wrong[1])


def _root(workspace: Workspace, data: str) -> str:
    """The data root as `manifest.yaml` has it: a URL, or a folder, from the top of the repository
    where that is what colleagues have too, absolute where a person typed it so."""
    said = printable(data)
    if is_url(data):
        return str(parse_url(data))
    repository, manifests = workspace.repository, workspace.folder
    top = repository.top
    typed = Path(os.path.normpath(workspace.start / data))
    if not typed.is_dir():
        raise InputError(f"{said} is not a folder" if typed.exists() else f"there is no {said}")
    places = (typed, typed.parent.resolve() / typed.name, typed.resolve())
    for place in places:
        if top.is_relative_to(place):
            raise InputError(f"{said} holds the repository itself", hint="add a folder of data")
        if manifests.is_relative_to(place) or place.is_relative_to(manifests):
            raise InputError(f"{said} is where the manifests are", hint="add a folder of data")
        if any(
            place.is_relative_to(own) or own.is_relative_to(place)
            for own in (repository.git_dir, repository.common_dir)
        ):
            raise InputError(f"{said} is git's own", hint="add a folder of data")
    root = next((below for place in places if (below := inside(top, place)) is not None), None)
    if root is None:
        root = str(typed) if Path(data).is_absolute() else os.path.relpath(typed, top)
    if not _is_text(root):
        raise InputError(f"the folder's name is not UTF-8: {root!a}", hint="rename it")
    return root


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
