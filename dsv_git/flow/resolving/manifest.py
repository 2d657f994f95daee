"""One manifest of a git merge, brought together as a whole: entries, declaration, records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec

from dsv_git.diff.merged_declaration import merge_declarations
from dsv_git.diff.merged_files import Marks, merge_dropped, write_rows
from dsv_git.diff.merged_records import merge_records
from dsv_git.diff.merging import Conflict, merge_entries
from dsv_git.errors import InputError
from dsv_git.flow.resolving.edits import ByHand, Lists, has_marks, with_edits
from dsv_git.flow.resolving.version import Decision, decide
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.composing import editor
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.filelist import decode_entries, encode_entries
from dsv_git.manifest.identity import digest, list_digest
from dsv_git.manifest.layout import Layout
from dsv_git.manifest.made_by import command
from dsv_git.manifest.manifest import DECLARATION, DROPPED, Manifest, is_list, with_layout
from dsv_git.manifest.record import encode_record


@dataclass(frozen=True)
class Trio:
    """A manifest as the three sides of a merge have it."""

    name: str
    base: Manifest | None
    ours: Manifest
    theirs: Manifest

    @property
    def one_layout(self) -> bool:
        """Whether all sides spread their rows alike."""
        sides = (self.base, self.ours, self.theirs)
        return len({repr(side.layout) for side in sides if side}) == 1


@dataclass(frozen=True)
class Merged:
    """The files of the merged manifest. `stages`: what the index has of those that conflict."""

    files: Mapping[str, bytes]
    stages: Mapping[str, Mapping[int, bytes]]
    decision: Decision
    conflicts: tuple[str, ...]


def merge_manifest(
    workspace: Workspace, trio: Trio, staged: Mapping[str, str], by_hand: ByHand
) -> Merged:
    """Merges a manifest in our layout. `staged`: path → blob of what is no conflict in the index;
    there a list answers the conflicts of its rows, and a declaration tells the version. What is
    edited `by_hand` is taken as it is."""
    layout = trio.ours.layout
    merged = with_edits(_lists(workspace, trio, layout, staged), by_hand, layout)
    lists, stages, conflicts = merged.files, dict(merged.stages), list(merged.conflicts)
    records = merge_records(trio.ours.records.values(), trio.theirs.records.values())
    found = None if conflicts else digest({p: list_digest(data) for p, data in lists.items()})
    edited = by_hand.get(DECLARATION)
    text = _text(workspace, staged.get(DECLARATION), edited)
    decision = decide(trio.base, trio.ours, trio.theirs, records.values(), found, text)
    declared, keys = _declaration(trio, decision, text)
    if edited is not None and (not keys or has_marks(edited)):
        declared = edited.decode()
    if keys:
        sides = (trio.base, trio.ours, trio.theirs)
        stages[DECLARATION] = {n: s.text.encode() for n, s in enumerate(sides, 1) if s}
        conflicts += [f"{DECLARATION}: {key}" for key in keys]
    files = {**lists, DECLARATION: declared.encode()}
    files.update({path: encode_record(record) for path, record in records.items()})
    dropped = _dropped(trio)
    if dropped:
        files[DROPPED] = dropped
    others = {path: data for path, data in by_hand.items() if not is_list(path)}
    files.update({p: data for p, data in others.items() if data is not None and p != DECLARATION})
    for path in (path for path, data in others.items() if data is None):
        files.pop(path, None)
    return Merged(files, stages, decision, tuple(conflicts))


def _text(workspace: Workspace, staged: str | None, edited: bytes | None) -> str | None:
    """The declaration that a person resolved, if one did."""
    if edited is not None:
        return None if has_marks(edited) else edited.decode()
    return workspace.objects.blob(staged).decode() if staged else None


def _lists(workspace: Workspace, trio: Trio, layout: Layout, staged: Mapping[str, str]) -> Lists:
    base = trio.base.entries if trio.base else ()
    merged = merge_entries(base, trio.ours.entries, trio.theirs.entries)
    entries, open_ = list(merged.entries), dict[str, list[Conflict]]()
    for conflict in merged.conflicts:
        file, inner = layout.place(conflict.path)
        if _answered(trio, staged, file):
            rows = decode_entries(workspace.objects.blob(staged[file]), file)
            answer = next((row for row in rows if row.path == inner), None)
            if answer is not None:
                entries.append(msgspec.structs.replace(answer, path=conflict.path))
            continue
        open_.setdefault(file, []).append(_inside(conflict, inner))
    rows_of = layout.split(entries)
    lists = {path: encode_entries(rows) for path, rows in rows_of.items() if path not in open_}
    sides = (base, trio.ours.entries, trio.theirs.entries) if open_ else ()
    parts = [layout.split(side) for side in sides]
    stages: dict[str, Mapping[int, bytes]] = {}
    for file, found in open_.items():
        lists[file] = write_rows(rows_of.get(file, ()), found, Marks())
        stages[file] = {
            number: encode_entries(part[file])
            for number, part in enumerate(parts, 1)
            if file in part
        }
    paths = [c.path for c in merged.conflicts if layout.place(c.path)[0] in open_]
    return Lists(lists, stages, tuple(paths))


def _answered(trio: Trio, staged: Mapping[str, str], file: str) -> bool:
    """Whether a person staged this list. Where layouts differ, git staged lists of its own accord,
    that one side alone has."""
    if file not in staged:
        return False
    sides = (trio.ours.files.blobs(), trio.theirs.files.blobs())
    return trio.one_layout or all(blobs.get(file) != staged[file] for blobs in sides)


def _inside(conflict: Conflict, inner: str) -> Conflict:
    def row(entry: Entry | None) -> Entry | None:
        return entry and msgspec.structs.replace(entry, path=inner)

    return replace(conflict, path=inner, ours=row(conflict.ours), theirs=row(conflict.theirs))


def _declaration(trio: Trio, decision: Decision, text: str | None) -> tuple[str, tuple[str, ...]]:
    """The text with the decided version, and the keys that conflict in it."""
    if text is not None:
        return _decided(text, trio, decision), ()
    ours, theirs = (_decided(side.text, trio, decision) for side in (trio.ours, trio.theirs))
    merged = merge_declarations(trio.base.text if trio.base else "", ours, theirs, Marks())
    return merged.text, merged.conflicts


def _decided(text: str, trio: Trio, decision: Decision) -> str:
    edited = editor(with_layout(text, trio.ours.layout)).set_text("version", decision.version)
    edited = edited.set_list("parents", [str(parent) for parent in decision.parents])
    if decision.is_new:
        edited = edited.remove("description").set_line("made_by", command("resolve"))
    return edited.text


def _dropped(trio: Trio) -> bytes:
    def read(side: Manifest | None) -> bytes:
        there = side is not None and DROPPED in side.files.blobs()
        return side.files.read(DROPPED) if side is not None and there else b""

    try:
        return merge_dropped(read(trio.base), read(trio.ours), read(trio.theirs), Marks()).data
    except InputError as error:
        raise InputError(error.message, where=f"{trio.name}/{DROPPED}", hint=error.hint) from None
