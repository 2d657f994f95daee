"""What a version changed against all its parents: none, one, or several as after a merge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import chain

import msgspec

from dsv_git.diff.change import same_content, same_entry
from dsv_git.diff.changes import Diff, by_path, diff_entries, twice
from dsv_git.manifest.entry import Entry

_encoder = msgspec.json.Encoder()


def mounted(entries: Iterable[Entry], mount: str) -> Iterator[Entry]:
    """A parent's entries as a merged manifest names them: below the root `mount` ("" for none)."""
    if not mount:
        yield from entries
        return
    for entry in entries:
        yield msgspec.structs.replace(entry, path=f"{mount}/{entry.path}")


def diff_against_parents(parents: Sequence[Iterable[Entry]], after: Iterable[Entry]) -> Diff:
    """The difference of a version from the union of its parents (`mounted` where it mounts them).

    So an entry is added where no parent has its path, removed where some parent had a path that
    the version has not, and modified where parents have the path but none of them that content
    there. Of several parents that have a path, the one counts that has the very entry of `after`,
    else one with its content, else the first. Without parents everything is added.

    A list may be left out only where all the parents and the version have the same one. Each
    parent is gone through once, `after` up to three times; what is kept of a row that some parent
    has too is 16 bytes, so that memory grows with what changed. Raises InputError where a path is
    listed twice.
    """
    if isinstance(after, Iterator):
        after = tuple(after)
    rows: set[int] = set()
    for entry, digest in _digested(after):
        if digest in rows:
            raise twice(entry.path)
        rows.add(digest)
    shared: set[int] = set()
    others: list[list[Entry]] = []
    for parent in parents:
        others.append([])
        for entry, digest in _digested(parent):
            if digest in rows:
                shared.add(digest)
            else:
                others[-1].append(entry)
    own: list[Entry] = []
    if len(shared) < len(rows):
        own = [entry for entry, digest in _digested(after) if digest not in shared]
    kept = list(_related(after, [*own, *chain(*others)], shared))
    new = by_path([*own, *kept])
    union = _union(others, new) | {entry.path: entry for entry in kept}
    return diff_entries(union.values(), new.values())


def _union(parents: Iterable[Iterable[Entry]], new: Mapping[str, Entry]) -> dict[str, Entry]:
    """The entry of each path that counts."""
    union: dict[str, Entry] = {}
    for parent in parents:
        for path, entry in by_path(parent).items():
            held = union.get(path)
            if held is None or _likeness(entry, new.get(path)) > _likeness(held, new.get(path)):
                union[path] = entry
    return union


def _related(after: Iterable[Entry], changed: Sequence[Entry], shared: set[int]) -> Iterator[Entry]:
    """The rows that some parent has too, of a path or with a content of those that changed."""
    paths = {entry.path for entry in changed}
    hashes = {entry.hash for entry in changed}
    for entry, digest in _digested(after) if changed else ():
        if (entry.path in paths or entry.hash in hashes) and digest in shared:
            yield entry


def _digested(entries: Iterable[Entry]) -> Iterator[tuple[Entry, int]]:
    """Entries, each with 128 bits that only the very entry has."""
    encode = _encoder.encode
    for entry in entries:
        yield entry, int.from_bytes(blake2b(encode(entry), digest_size=16).digest(), "big")


def _likeness(entry: Entry, other: Entry | None) -> int:
    if other is None or not same_content(entry, other):
        return 0
    return 2 if same_entry(entry, other) else 1
