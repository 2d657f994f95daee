"""A three-way merge by entry: the key is the path.

Both sides' additions, edits and deletions are kept, and the same edit is one edit. An edit against
a deletion, or two different edits of one entry, is a conflict. Where a side renamed an entry (its
content is gone from one path and new under exactly one other), the other side's edit follows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as Names
from dataclasses import dataclass
from typing import Final, TypeVar

import msgspec

from dsv_git.diff.change import same_entry
from dsv_git.manifest.entry import Entry

Key = TypeVar("Key")
Value = TypeVar("Value")

_APART: Final = (("size", "hash"), ("label",), ("split",), ("ann",), ("props",))
"""What of an entry two people may change at once: its content is one thing."""


@dataclass(frozen=True)
class Conflict:
    """An entry that both sides changed, each in another way; None where it is not there."""

    path: str
    ours: Entry | None
    theirs: Entry | None


@dataclass(frozen=True)
class MergedEntries:
    """The entries that are clear, sorted by path, and the conflicts, sorted likewise."""

    entries: tuple[Entry, ...]
    conflicts: tuple[Conflict, ...]


def merge_entries(
    base: Iterable[Entry],
    ours: Iterable[Entry],
    theirs: Iterable[Entry],
    contested: Names[str] = frozenset(),
) -> MergedEntries:
    """Merges sets of entries. `contested`: paths of which the base is not known; there both sides
    must agree."""
    before, mine, other = (_by_path(rows) for rows in (base, ours, theirs))
    merged, disputed = three_way(before, mine, other, same_entry, contested)
    conflicts = []
    if disputed:
        moves = (_Moves(before, mine), _Moves(before, other))
        for path in disputed:
            follower = _follow(path, before, (mine, other), moves)
            if follower is None:
                conflicts.append(Conflict(path, mine.get(path), other.get(path)))
            else:
                merged[follower.path] = follower
    entries = sorted(merged.values(), key=lambda entry: entry.path)
    return MergedEntries(tuple(entries), tuple(sorted(conflicts, key=lambda c: c.path)))


def three_way(
    base: Mapping[Key, Value],
    ours: Mapping[Key, Value],
    theirs: Mapping[Key, Value],
    same: Callable[[Value, Value], bool],
    contested: Names[Key] = frozenset(),
) -> tuple[dict[Key, Value], list[Key]]:
    """What is clear, by key, and the keys that both sides changed, each in another way."""

    def equal(one: Value | None, other: Value | None) -> bool:
        if one is None or other is None:
            return one is other
        return same(one, other)

    merged: dict[Key, Value] = {}
    disputed: list[Key] = []
    for key in {**base, **ours, **theirs}:
        was, mine, other = base.get(key), ours.get(key), theirs.get(key)
        chosen = mine
        if not equal(mine, other):
            if key in contested or not (equal(was, mine) or equal(was, other)):
                disputed.append(key)
                continue
            chosen = other if equal(was, mine) else mine
        if chosen is not None:
            merged[key] = chosen
    return merged, disputed


def _by_path(rows: Iterable[Entry]) -> dict[str, Entry]:
    return {row.path: row for row in rows}


class _Moves:
    """Where one side moved contents: from a path that it emptied to one that it filled."""

    def __init__(self, base: Mapping[str, Entry], side: Mapping[str, Entry]) -> None:
        self._gone: dict[str, list[Entry]] = {}
        self._come: dict[str, list[Entry]] = {}
        for path in base.keys() - side.keys():
            self._gone.setdefault(base[path].hash, []).append(base[path])
        for path in side.keys() - base.keys():
            self._come.setdefault(side[path].hash, []).append(side[path])

    def of(self, was: Entry) -> Entry | None:
        """The entry that `was` became, if there is no doubt about it."""
        gone, come = self._gone.get(was.hash, []), self._come.get(was.hash, [])
        return come[0] if len(gone) == len(come) == 1 else None


def _follow(
    path: str,
    base: Mapping[str, Entry],
    sides: tuple[Mapping[str, Entry], Mapping[str, Entry]],
    moves: tuple[_Moves, _Moves],
) -> Entry | None:
    """The entry under its new path with the other side's edit in it; None where that is a
    conflict: nothing was renamed, both changed one field, or the new path is another's too."""
    was = base.get(path)
    if was is None:
        return None
    for mover, editor, moved in ((*sides, moves[0]), (sides[1], sides[0], moves[1])):
        edited = editor.get(path)
        if path in mover or edited is None:
            continue
        to = moved.of(was)
        if to is not None and to.path not in editor:
            return _with_edit(was, to, edited)
    return None


def _with_edit(was: Entry, moved: Entry, edited: Entry) -> Entry | None:
    """`moved` with what `edited` changed since `was`; None where both changed one thing."""
    taken: dict[str, object] = {}
    for fields in _APART:
        # As texts, for a prop `true` is not a prop `1`.
        before, mine, other = (
            [repr(getattr(entry, name)) for name in fields] for entry in (was, moved, edited)
        )
        if other in (before, mine):
            continue
        if mine != before:
            return None
        taken.update({name: getattr(edited, name) for name in fields})
    return msgspec.structs.replace(moved, **taken)
