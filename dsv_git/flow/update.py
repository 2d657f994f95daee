"""`dsv update`: the data changed, so the manifest does."""

from __future__ import annotations

from dataclasses import replace

from dsv_git.errors import InputError
from dsv_git.flow.copies.held import held
from dsv_git.flow.copies.keeping import keep_contents
from dsv_git.flow.data.label_option import parse_labels
from dsv_git.flow.data.labelling import without_label
from dsv_git.flow.data.scanning import DataScan
from dsv_git.flow.drafting.description import described
from dsv_git.flow.drafting.draft import (
    NextVersion,
    next_text,
    next_version,
    refuse_taken,
    same_version,
)
from dsv_git.flow.drafting.rescan import Part, Whole, not_listed, rescan
from dsv_git.flow.history.published import Publication
from dsv_git.flow.updated import Updated, UpdateRequest
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.unmerged import has_conflicts
from dsv_git.manifest.composing import editor, labels_value, labels_words
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.layout import choose
from dsv_git.manifest.made_by import after, command, place
from dsv_git.manifest.manifest import Manifest, with_layout
from dsv_git.manifest.parsing import parse_declaration
from dsv_git.scan.notices import other_names
from dsv_git.scan.progress import Progress


def update(workspace: Workspace, request: UpdateRequest, progress: Progress) -> Updated:
    """Rescans a manifest's data. Raises InputError with nothing written."""
    if request.same_version and request.version is not None:
        raise InputError("--same-version and --version exclude each other")
    if has_conflicts(workspace.repository, workspace.path_of(request.name)):
        said = f"git stopped before {request.name} was merged: an update would leave one side out"
        raise InputError(said, hint="dsv resolve")
    manifest = workspace.manifest(request.name)
    text = _edited(workspace, manifest, request)
    declared = _declaration(workspace, manifest, text)
    source = DataScan.of(workspace, declared)
    scanned = source.scan(progress)
    found = rescan(scanned, manifest, whole=request.relayout)
    moves = not found.diff.is_empty or request.version is not None
    if isinstance(found, Whole):
        if not found.entries:
            raise InputError(f"there is no file left in the data of {request.name}")
        if request.relayout:
            layout = choose(entry.path for entry in found.entries)
            if layout != manifest.layout:
                text, moves = with_layout(text, layout), True
    following = _following(workspace, manifest, request) if moves else None
    if following is not None:
        former = manifest.declaration.made_by
        line = after(former, _made_by(request, declared), is_new=following.is_new)
        text = next_text(text, following, line)
        text = described(workspace, manifest, text, following, request.description)
        declared = replace(declared, version=following.version, parents=following.parents)
    lost = _lost(workspace, manifest, found)
    asked = _asked(found) if declared.labels is not None else ()
    written, changed, kept = manifest, moves or text != manifest.text, None
    if changed:
        refuse_taken(workspace, declared)
        fresh = [c.after for c in found.diff.changes if c.after is not None]
        kept = keep_contents(workspace, declared, fresh, progress)
        found.write(workspace, manifest, text)
        written = workspace.anew().manifest(request.name)
    scanned.remember(written)
    return Updated(
        manifest=request.name,
        former=manifest.declaration.version,
        version=declared.version,
        parents=tuple(map(str, declared.parents)),
        is_new=following is not None and following.is_new,
        changed=changed,
        diff=found.diff,
        hashed_files=scanned.hashed_files,
        notices=(*scanned.notices, *found.notices, *(other_names(asked) if request.labels else ())),
        labelled=len(asked),
        without_label=without_label(declared, asked),
        lost=lost,
        kept=kept,
    )


def _made_by(request: UpdateRequest, declared: Declaration) -> str:
    """The command; of other labels as the manifest declares them, for those are found again."""
    words = [request.name, *["--relayout"] * request.relayout]
    if request.labels and declared.labels is not None:
        for text in labels_words(declared.labels):
            words += ["--labels", place(text)]
    return command("update", *words)


def _following(workspace: Workspace, manifest: Manifest, request: UpdateRequest) -> NextVersion:
    published = Publication(workspace)
    if request.same_version:
        return same_version(manifest, published)
    return next_version(manifest, request.version, published, published.took)


def _edited(workspace: Workspace, manifest: Manifest, request: UpdateRequest) -> str:
    """`manifest.yaml` with the labels and the description that were asked for."""
    edit = editor(manifest.text)
    if request.labels:
        root = DataScan.of(workspace, manifest.declaration).label_root
        labels = parse_labels(workspace, request.labels, root)
        assert labels is not None  # noqa: S101
        edit = edit.set_flow("labels", labels_value(labels))
    if request.description is not None:
        edit = edit.set_text("description", request.description)
    return edit.text


def _declaration(workspace: Workspace, manifest: Manifest, text: str) -> Declaration:
    if text == manifest.text:
        return manifest.declaration
    where = f"{workspace.path_of(manifest.name)}/manifest.yaml"
    return parse_declaration(text, manifest.name, where)


def _asked(found: Whole | Part) -> tuple[Entry, ...]:
    """The entries that this scan labelled."""
    if isinstance(found, Whole):
        return found.entries
    return tuple(change.after for change in found.diff.changes if change.after is not None)


def _lost(workspace: Workspace, manifest: Manifest, found: Whole | Part) -> tuple[Entry, ...]:
    """The former entries whose content is nowhere else now, as far as this clone knows: in no data
    root and not kept; `manifest` is as it was."""
    gone = {c.before.hash: c.before for c in found.diff.changes if c.before is not None}
    left = found.without(gone, manifest) if gone else set()
    if left:
        here = held(workspace, left)
        left -= here.contents
        for name in workspace.names:  # what was never scanned in this clone is taken at its word
            if left and name != manifest.name and not here.knows(name):
                left = not_listed(left, workspace.manifest(name))
    return tuple(sorted((gone[content] for content in left), key=lambda entry: entry.path))
