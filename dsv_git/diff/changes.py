"""What changed between two sides of a manifest, entry by entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from dsv_git.diff.change import Change, Kind, same_content, same_entry
from dsv_git.diff.pairing import pairs, twins
from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry

Matrix = Counter[tuple[str | None, str | None]]
"""How often each `from` became each `to`; None is no label (or split)."""


@dataclass(frozen=True)
class Diff:
    """Every difference between two sides, each entry in exactly one change, by path."""

    changes: tuple[Change, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the two sides are the same, row by row."""
        return not self.changes

    @cached_property
    def by_kind(self) -> Mapping[Kind, Sequence[Change]]:
        """The changes by their one kind, each in the order of the paths."""
        found: dict[Kind, list[Change]] = {}
        for change in self.changes:
            found.setdefault(change.kind, []).append(change)
        return found

    @property
    def counts(self) -> Counter[Kind]:
        """How many changes of each kind; they add up to the number of changes."""
        return Counter({kind: len(changes) for kind, changes in self.by_kind.items()})

    @cached_property
    def _followed(self) -> tuple[tuple[Change, Entry, Entry], ...]:
        """The changes whose content was there before, with its origin and what it is now."""
        return tuple(
            (change, origin, change.after)
            for change in self.changes
            if (origin := change.origin) is not None and change.after is not None
        )

    @cached_property
    def flagged(self) -> Counter[Kind]:
        """Changes by what happened to their label, annotations and props, moved ones included.

        So `flagged[RELABELLED]` is every file that has another label or split now, and is never
        less than `counts[RELABELLED]`.
        """
        return Counter(flag for change, *_ in self._followed for flag in change.flags)

    @cached_property
    def label_matrix(self) -> Matrix:
        """Labels from -> to over all relabelled files, counted in objects (see `label_moves`)."""
        matrix: Matrix = Counter()
        for _, origin, after in self._followed:
            if origin.label != after.label:
                matrix.update(label_moves(origin, after))
        return matrix

    @cached_property
    def split_matrix(self) -> Matrix:
        """Splits from -> to over all relabelled files, counted in files."""
        matrix: Matrix = Counter()
        for _, origin, after in self._followed:
            if origin.split != after.split:
                matrix[origin.split, after.split] += 1
        return matrix


def diff_entries(before: Iterable[Entry], after: Iterable[Entry]) -> Diff:
    """The difference between two sides, given as entries in any order, paths from the data root.

    Give the entries of the changed lists only: an unchanged list on both sides changes nothing,
    but that a copy of one of its files is seen as `copied` and not as `added`.

    Entries are matched by path; what is left is matched by content (`pairing.pairs`): a removed
    with an added one is a rename. Content that moved onto or away from a path that is taken (two
    files or two folders that changed places) stays `modified`, but is followed to tell of its
    label. Raises InputError where one side lists a path twice.
    """
    old, new = by_path(before), by_path(after)
    removed = [entry for path, entry in old.items() if path not in new]
    added = [entry for path, entry in new.items() if path not in old]
    altered = [
        (entry, new[path])
        for path, entry in old.items()
        if path in new and not same_entry(entry, new[path])
    ]
    renames = list(pairs(removed, added))
    gone = _without(removed, (entry for entry, _ in renames))
    come = _without(added, (entry for _, entry in renames))
    overwritten = [pair for pair in altered if not same_content(*pair)]
    moves = list(
        pairs([*gone, *(a for a, _ in overwritten)], [*come, *(b for _, b in overwritten)])
    )
    source = {entry.path: origin for origin, entry in moves}
    successor = {origin.path: entry for origin, entry in moves}
    copied = {entry.path: twin for entry, twin in twins(come, old.values())}
    kept = {entry.path: twin for entry, twin in twins(gone, new.values())}

    found = [Change(*pair) for pair in renames]
    for a, b in altered:
        moved_here, moved_on = source.get(b.path), successor.get(a.path)
        found.append(Change(a, b, moved_here, moved_on, bool(moved_here or moved_on)))
    for entry in come:
        origin = source.get(entry.path)
        found.append(Change(None, entry, origin or copied.get(entry.path), moved=bool(origin)))
    for entry in gone:
        heir = successor.get(entry.path)
        found.append(Change(entry, None, None, heir or kept.get(entry.path), moved=bool(heir)))
    return _sorted(found)


def by_path(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Entries by path. Raises InputError where a path is listed twice."""
    rows = list(entries)
    found = {entry.path: entry for entry in rows}
    if len(found) < len(rows):
        path = next(path for path, n in Counter(entry.path for entry in rows).items() if n > 1)
        raise twice(path)
    return found


def twice(path: str) -> InputError:
    """What is wrong where a path is listed twice."""
    return InputError(f"the path {path!r} is listed twice", hint="Keep one of the rows.")


def label_moves(before: Entry, after: Entry) -> Matrix:
    """Which labels of one image became which, one count an object; None is no object.

    Objects that keep their label do not count. What is left pairs up where it is of one label on
    either side (all the cats became dogs); otherwise nothing says which became which, and each
    counts as gone or come.
    """
    old, new = Counter(before.labels), Counter(after.labels)
    gone, come = old - new, new - old
    matrix: Matrix = Counter()
    if len(gone) == len(come) == 1:
        (a, lost), (b, won) = *gone.items(), *come.items()
        matrix[a, b] = min(lost, won)
        gone[a] -= matrix[a, b]
        come[b] -= matrix[a, b]
    matrix.update({(label, None): count for label, count in gone.items() if count})
    matrix.update({(None, label): count for label, count in come.items() if count})
    return matrix


def sorted_cells(matrix: Matrix) -> list[tuple[tuple[str | None, str | None], int]]:
    """The cells of a matrix, the largest first, then by name, none before any."""
    return sorted(
        matrix.items(),
        key=lambda cell: (-cell[1], [(name is not None, name or "") for name in cell[0]]),
    )


def _sorted(changes: Iterable[Change]) -> Diff:
    # Code points sort as their UTF-8 bytes do.
    return Diff(tuple(sorted(changes, key=lambda change: change.path)))


def _without(entries: Iterable[Entry], others: Iterable[Entry]) -> list[Entry]:
    out = {entry.path for entry in others}
    return [entry for entry in entries if entry.path not in out]
