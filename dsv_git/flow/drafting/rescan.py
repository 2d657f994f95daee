"""What a scan makes of a manifest: the difference, and the lists to write for it.

Where the memory of the data is of the very state that the manifest lists, what changed on the disk
is what changes in the manifest: only the lists of those files are read and written. Everywhere
else the whole manifest is compared.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from dsv_git.diff.changes import Diff, diff_entries
from dsv_git.flow.data.scanned import Scanned
from dsv_git.flow.drafting.draft import refuse_unsafe, write_draft, write_part
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.filelist import encode_entries, read_entries
from dsv_git.manifest.manifest import Manifest
from dsv_git.scan.notices import Notice

Rows = dict[str, Entry]
"""The rows of one list by their path in it."""

_HASHES: Final = re.compile(rb'"hash":"([^"]*)"').findall
"""The hashes in a list. In a path the quotes would have backslashes before them."""


@dataclass(frozen=True)
class Whole:
    """A manifest that was compared as a whole."""

    diff: Diff
    notices: tuple[Notice, ...]
    entries: tuple[Entry, ...]

    def without(self, contents: Collection[str], manifest: Manifest) -> set[str]:  # noqa: ARG002
        """Those of some hashes that no entry has now."""
        return set(contents).difference(entry.hash for entry in self.entries)

    def write(self, workspace: Workspace, manifest: Manifest, text: str) -> None:
        """Writes the manifest with `text` as its `manifest.yaml`. Raises InputError."""
        write_draft(workspace, manifest.name, text, self.entries, manifest.dropped)


@dataclass(frozen=True)
class Part:
    """The lists whose rows change, none of them new or left empty; the others stay as they are."""

    diff: Diff
    notices: tuple[Notice, ...]
    lists: dict[str, Rows]

    def without(self, contents: Collection[str], manifest: Manifest) -> set[str]:
        """As `Whole.without`; `manifest` has the lists that stay."""
        here = {row.hash for rows in self.lists.values() for row in rows.values()}
        return not_listed(set(contents) - here, manifest, self.lists)

    def write(self, workspace: Workspace, manifest: Manifest, text: str) -> None:
        """As `Whole.write`: the lists first, `manifest.yaml` last."""
        lists = {file: encode_entries(rows.values()) for file, rows in self.lists.items()}
        write_part(workspace, manifest.name, text if text != manifest.text else None, lists)


def not_listed(contents: set[str], manifest: Manifest, but: Collection[str] = ()) -> set[str]:
    """Those of some hashes that no list of a manifest has, some lists not looked at."""
    left = set(contents)
    for file in manifest.lists:
        if left and file not in but:
            left -= {text.decode() for text in _HASHES(manifest.files.read(file))}
    return left


def rescan(scanned: Scanned, manifest: Manifest, *, whole: bool = False) -> Whole | Part:
    """What the data makes of the manifest now. Raises InputError."""
    known = scanned.source.knows(scanned.source.token(manifest))
    if known and not whole:
        part = _part(scanned, manifest)
        if part is not None:
            return part
    former = manifest.entries
    entries, notices = scanned.entries(former, manifest.dropped, known=known)
    return Whole(diff_entries(former, entries), notices, entries)


def _part(scanned: Scanned, manifest: Manifest) -> Part | None:
    """What changes where the memory is of the manifest's own state; None where that cannot be told
    from the changed files alone."""
    labels = scanned.source.declaration.labels
    if labels is not None and labels.path is None:
        return None  # a table or annotations may name any file, and say so where there is none
    changes = scanned.changes
    touched = {*changes.new, *changes.gone, *changes.changed}
    place = manifest.layout.place
    lists: dict[str, Rows] = {}
    for path in touched:
        file, _ = place(path)
        if file not in manifest.lists:
            return None
        if file not in lists:
            data, where = manifest.files.read(file), f"{manifest.files.where}/{file}"
            # What is remembered was canonical then, and its digest is still the same.
            lists[file] = {row.path: row for row in read_entries(data, where)}
    former = _taken_out(lists, manifest, touched)
    entries, notices = scanned.changed_entries(former, manifest.dropped)
    refuse_unsafe(entries)
    contents = {entry.hash for entry in (*former, *entries)}
    twins = [  # files that stay, by which a change is seen to be a copy
        msgspec.structs.replace(row, path=manifest.layout.prefix(file) + row.path)
        for file, rows in lists.items()
        for row in rows.values()
        if row.hash in contents
    ]
    for entry in entries:
        file, inner = place(entry.path)
        lists[file][inner] = msgspec.structs.replace(entry, path=inner)
    if not all(lists.values()):
        return None
    return Part(diff_entries([*former, *twins], [*entries, *twins]), notices, lists)


def _taken_out(
    lists: dict[str, Rows], manifest: Manifest, paths: Iterable[str]
) -> tuple[Entry, ...]:
    """Takes the rows of these paths out of the lists; gives them as entries."""

    def taken() -> Iterator[Entry]:
        for path in paths:
            file, inner = manifest.layout.place(path)
            row = lists[file].pop(inner, None)
            if row is not None:
                yield msgspec.structs.replace(row, path=path)

    return tuple(sorted(taken(), key=lambda entry: entry.path))
