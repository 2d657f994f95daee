"""Contents that several files have: which duplicates, leaks and label conflicts a change brought,
and which it took away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from dsv_git.diff.pairing import Content, content
from dsv_git.manifest.entry import Entry, Label


@dataclass(frozen=True)
class Repeated:
    """A content that more than one file of a side has: its files on both sides, by path."""

    before: tuple[Entry, ...]
    after: tuple[Entry, ...]

    @property
    def content(self) -> Content:
        """The hash and the size in bytes that all of them share."""
        return content((self.before or self.after)[0])

    @property
    def reversed(self) -> Repeated:
        """The same of the change the other way."""
        return Repeated(self.after, self.before)

    @cached_property
    def splits(self) -> tuple[frozenset[str], frozenset[str]]:
        """The splits that it is in, before and after; files without a split say nothing."""
        return _splits(self.before), _splits(self.after)

    @cached_property
    def labels(self) -> tuple[frozenset[Label], frozenset[Label]]:
        """The labels that it has, before and after; files without a label say nothing."""
        return _labels(self.before), _labels(self.after)

    @property
    def is_new_duplicate(self) -> bool:
        """Whether more files have it than before, and more than one."""
        return len(self.after) > max(1, len(self.before))

    @property
    def is_new_leak(self) -> bool:
        """Whether it is in several splits, in one of which it was not before."""
        return _spread(*self.splits)

    @property
    def is_new_conflict(self) -> bool:
        """Whether it has several labels, one of which it had not before."""
        return _spread(*self.labels)


@dataclass(frozen=True)
class RepeatedContents:
    """What a change brought and took away, the contents with most files first, then by path.

    A *duplicate* is a content that several files have, a *leak* one that is in several splits, a
    *conflict* one that has several labels. What one direction of a change brings, the other takes
    away.
    """

    new_duplicates: tuple[Repeated, ...] = ()
    gone_duplicates: tuple[Repeated, ...] = ()
    new_leaks: tuple[Repeated, ...] = ()
    gone_leaks: tuple[Repeated, ...] = ()
    new_conflicts: tuple[Repeated, ...] = ()
    gone_conflicts: tuple[Repeated, ...] = ()


def repeated_contents(before: Iterable[Entry], after: Iterable[Entry]) -> RepeatedContents:
    """What changed about contents that several files have, between two sides in any order.

    Give the entries that differ, and those others that share a content with one of them: a content
    of which no file differs is in neither answer. Files without a byte are all alike and left out,
    as in the rules of `dsv check`. Each file that is left out may hide a duplicate,
    a leak or a conflict, and for a leak or a conflict also that it is an old one.
    """
    sides = [[entry for entry in side if entry.size] for side in (before, after)]
    wanted = {key for side in sides for key, n in Counter(map(content, side)).items() if n > 1}
    old, new = (_by_content(side, wanted) for side in sides)
    found = [Repeated(old.get(key, ()), new.get(key, ())) for key in wanted]
    found.sort(key=_order)
    back = [(one, one.reversed) for one in found]
    return RepeatedContents(
        tuple(one for one in found if one.is_new_duplicate),
        tuple(one for one, other in back if other.is_new_duplicate),
        tuple(one for one in found if one.is_new_leak),
        tuple(one for one, other in back if other.is_new_leak),
        tuple(one for one in found if one.is_new_conflict),
        tuple(one for one, other in back if other.is_new_conflict),
    )


def _by_content(
    entries: Iterable[Entry], wanted: Collection[Content]
) -> Mapping[Content, tuple[Entry, ...]]:
    found: dict[Content, list[Entry]] = {}
    for entry in entries if wanted else ():
        key = content(entry)
        if key in wanted:
            found.setdefault(key, []).append(entry)
    return {key: tuple(sorted(rows, key=_path)) for key, rows in found.items()}


def _order(one: Repeated) -> tuple[int, str, Content]:
    """Of both directions alike."""
    first = min(rows[0].path for rows in (one.before, one.after) if rows)
    return -max(len(one.before), len(one.after)), first, one.content


def _path(entry: Entry) -> str:
    return entry.path


def _splits(entries: Iterable[Entry]) -> frozenset[str]:
    return frozenset(entry.split for entry in entries if entry.split is not None)


def _labels(entries: Iterable[Entry]) -> frozenset[Label]:
    return frozenset(entry.label for entry in entries if entry.label)


def _spread(before: frozenset[Label], after: frozenset[Label]) -> bool:
    return len(after) > 1 and not after <= before
