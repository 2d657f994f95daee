"""What a change did to the entries of one manifest, from the lists alone that it wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dsv_git.checks.listfile import ListFile
from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest

Rows = Mapping[str, Entry]
"""Entries by their paths from the data root; an entry's own path is the one that its list has."""


@dataclass(frozen=True)
class Delta:
    """The rows of the lists that differ, on both sides, and the lists that do not."""

    before: Rows
    now: Rows
    rest: tuple[str, ...]

    @property
    def gone(self) -> Iterator[tuple[str, Entry]]:
        """The entries whose path is no more."""
        return ((path, entry) for path, entry in self.before.items() if path not in self.now)

    @property
    def come(self) -> Iterator[tuple[str, Entry]]:
        """The entries that are new, or have another content, label or split."""
        for path, entry in self.now.items():
            former = self.before.get(path)
            if former is None or _seen(former) != _seen(entry):
                yield path, entry


def _seen(entry: Entry) -> tuple[object, ...]:
    return (entry.hash, entry.size, entry.label, entry.split)


def delta(before: Manifest, now: Manifest) -> Delta | None:
    """What differs between two sides of a manifest; None where a list cannot be read, which the
    rule `format` tells of."""
    names = sorted({*before.lists, *now.lists})
    rest = tuple(name for name in names if same_list(before, now, name))
    unlike = sorted(set(names) - set(rest))
    old, new = rows_of(before, unlike), rows_of(now, unlike)
    return None if old is None or new is None else Delta(old, new, rest)


def same_list(one: Manifest, other: Manifest, name: str) -> bool:
    """Whether two manifests have the same list. Blobs tell; the working tree's bytes are read."""
    if name not in one.lists or name not in other.lists:
        return False
    if one.lists[name] and other.lists[name]:
        return one.lists[name] == other.lists[name]
    return one.files.read(name) == other.files.read(name)


def rows_of(manifest: Manifest, names: list[str]) -> Rows | None:
    """The rows of some lists, those left out that the manifest has not; None where one cannot be
    read."""
    found: dict[str, Entry] = {}
    for name in names:
        if name in manifest.lists:
            rows = list_rows(manifest, name)
            if rows is None:
                return None
            found.update(rows)
    return found


def list_rows(manifest: Manifest, name: str) -> Iterator[tuple[str, Entry]] | None:
    """The rows of one list, whatever its encoding; None where it cannot be read."""
    file = ListFile(manifest.name, manifest.files.where, name, manifest.files.read(name), None)
    folder = file.folder
    if folder is None or isinstance(file.reading, InputError):
        return None
    return ((folder + row.path, row) for row in file.rows)
