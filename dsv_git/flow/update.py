"""`dsv update`: the data changed, so the manifest does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dsv_git.diff.changes import Diff, diff_entries
from dsv_git.errors import InputError
from dsv_git.flow.draft import next_text, next_version, refuse_taken, same_version, write_draft
from dsv_git.flow.labelling import parse_labels
from dsv_git.flow.published import Publication
from dsv_git.flow.scanning import DataScan
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.composing import editor, labels_value
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.layout import choose
from dsv_git.manifest.manifest import Manifest, with_layout
from dsv_git.manifest.parsing import parse_declaration
from dsv_git.scan.notices import Notice
from dsv_git.scan.progress import Progress


@dataclass(frozen=True)
class UpdateRequest:
    """What a person typed."""

    name: str
    version: str | None = None
    same_version: bool = False
    relayout: bool = False
    labels: tuple[str, ...] = ()
    description: str | None = None


@dataclass(frozen=True)
class Updated:
    """What became of a manifest. `changed` is whether anything was written."""

    manifest: str
    former: str
    version: str
    parents: tuple[str, ...]
    is_new: bool
    changed: bool
    diff: Diff
    hashed_files: int
    notices: tuple[Notice, ...]
    lost: tuple[Entry, ...]
    """Former entries whose content no manifest of the working tree has any more."""


def update(workspace: Workspace, request: UpdateRequest, progress: Progress) -> Updated:
    """Rescans a manifest's data. Raises InputError with nothing written."""
    if request.same_version and request.version is not None:
        raise InputError("--same-version and --version exclude each other")
    manifest = workspace.manifest(request.name)
    text = _edited(workspace, manifest, request)
    declared = _declaration(workspace, manifest, text)
    source = DataScan.of(workspace, declared)
    scanned = source.scan(progress)
    former = manifest.entries
    entries, notices = scanned.entries(former, manifest.dropped)
    diff = diff_entries(former, entries)
    if request.relayout:
        text = with_layout(text, choose(entry.path for entry in entries))
    if not entries:
        raise InputError(f"there is no file left in the data of {request.name}")
    moves = not diff.is_empty or request.relayout or request.version is not None
    following = None
    if moves:
        published = Publication(workspace)
        following = (
            same_version(manifest, published)
            if request.same_version
            else next_version(manifest, request.version, published)
        )
        text = next_text(text, following)
    if text != manifest.text or moves:
        refuse_taken(workspace, _declaration(workspace, manifest, text))
        write_draft(workspace, request.name, text, entries, manifest.dropped)
    after = workspace.anew().manifest(request.name)
    scanned.remember(after.digest)
    return Updated(
        manifest=request.name,
        former=manifest.declaration.version,
        version=after.declaration.version,
        parents=tuple(str(parent) for parent in after.declaration.parents),
        is_new=following is not None and following.is_new,
        changed=text != manifest.text or moves,
        diff=diff,
        hashed_files=scanned.hashed_files,
        notices=(*scanned.notices, *notices),
        lost=lost_contents(workspace, request.name, diff, entries),
    )


def _edited(workspace: Workspace, manifest: Manifest, request: UpdateRequest) -> str:
    """`manifest.yaml` with the labels and the description that were asked for."""
    edit = editor(manifest.text)
    if request.labels:
        roots = DataScan.of(workspace, manifest.declaration).roots
        labels = parse_labels(workspace, request.labels, next(iter(roots.values())))
        assert labels is not None  # noqa: S101
        edit = edit.set_flow("labels", labels_value(labels))
    if request.description is not None:
        edit = edit.set_text("description", request.description)
    return edit.text


def _declaration(workspace: Workspace, manifest: Manifest, text: str) -> Declaration:
    where = f"{workspace.path_of(manifest.name)}/manifest.yaml"
    return parse_declaration(text, manifest.name, where)


def lost_contents(
    workspace: Workspace, name: str, diff: Diff, entries: Iterable[Entry]
) -> tuple[Entry, ...]:
    """The entries of a former version whose content is in no manifest of the working tree now."""
    gone = {c.before.hash: c.before for c in diff.changes if c.before is not None}
    for entry in entries:
        gone.pop(entry.hash, None)
    for other in workspace.names:
        if not gone:
            break
        if other == name:
            continue
        manifest = workspace.manifest(other)
        for path in manifest.lists:
            data = manifest.files.read(path)
            for content in [text for text in gone if text.encode() in data]:
                del gone[content]
    return tuple(sorted(gone.values(), key=lambda entry: entry.path))
