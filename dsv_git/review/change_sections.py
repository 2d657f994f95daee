"""What there is to say of a change of one manifest, the most telling first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from dsv_git.diff.change import FLAGS, Change, Kind
from dsv_git.diff.changes import Matrix, sorted_cells
from dsv_git.diff.folders import FolderChange, folder_changes
from dsv_git.diff.manifest_diff import LabelBalance, ManifestDiff
from dsv_git.manifest.entry import Entry
from dsv_git.review.numbers import byte_change, number, percent, points, signed
from dsv_git.review.repeated_sections import label_cell, repeated_sections
from dsv_git.review.section import Bar, Cell, Name, Row, Section, Topic, joined, used

LIMIT: Final = 20
"""How many rows of a table and how many paths of a kind there are."""

HEADS: Final = ("manifest", "version", "files", "size", *(kind.value for kind in Kind))
"""The columns of `headline`."""

_ORDER: Final = (
    Kind.RELABELLED,
    Kind.REMOVED,
    Kind.MODIFIED,
    Kind.ADDED,
    Kind.REANNOTATED,
    Kind.RENAMED,
    Kind.COPIED,
    Kind.REDESCRIBED,
)
_BALANCE: Final = "Class balance (images)"
_Item = TypeVar("_Item")


def headline(diff: ManifestDiff, renamed: Mapping[str, str]) -> Row:
    """A manifest's change in one row of `HEADS`. The last three count all files, moved or not."""
    counts, flagged = diff.diff.counts, diff.diff.flagged
    kinds = (flagged[kind] if kind in FLAGS else counts[kind] for kind in Kind)
    cells: list[Cell] = [(number(count) if count else "",) for count in kinds]
    change, before, after = diff.change, diff.totals_before, diff.totals_after
    files, size = signed(change.files), byte_change(change.bytes)
    if before is not None and after is not None:
        files = f"{number(before.files)} → {number(after.files)} ({files})"
    return (title_cell(diff, renamed), versions_cell(diff), (files,), (size,), *cells)


def headlines(
    diffs: Sequence[ManifestDiff], renamed: Mapping[str, str]
) -> tuple[list[Row], tuple[str, ...], frozenset[int]]:
    """The headlines of all manifests as a table: rows, heads, and the columns of numbers; of kinds
    only those that there are."""
    rows = [headline(diff, renamed) for diff in diffs]
    places = used(rows, HEADS)
    right = frozenset(n for n, place in enumerate(places) if place > 1)
    return [tuple(row[n] for n in places) for row in rows], tuple(HEADS[n] for n in places), right


def title_cell(diff: ManifestDiff, renamed: Mapping[str, str]) -> Cell:
    """A manifest's name, with its former one where its folder was renamed."""
    former = renamed.get(diff.manifest)
    name: Cell = (Name(diff.manifest),)
    return name if former is None else joined([(Name(former),), name], " → ")


def versions_cell(diff: ManifestDiff) -> Cell:
    """The versions on both sides."""
    before: Cell = ("new",) if diff.before is None else (Name(diff.before),)
    after: Cell = ("removed",) if diff.after is None else (Name(diff.after),)
    return after if before == after else joined([before, after], " → ")


def sections(diff: ManifestDiff, limit: int = LIMIT) -> Iterator[Section]:
    """The sections of a manifest's change, each with at most `limit` rows; examples come last, and
    are folded."""
    found = diff.diff
    yield from _matrix("Labels, from → to", "objects", found.label_matrix, limit)
    yield from _matrix("Splits, from → to", "files", found.split_matrix, limit)
    yield from _balance(diff, limit)
    yield from repeated_sections(diff, limit)
    folders = folder_changes(found)
    if folders:
        rows = tuple(map(_folder_row, folders[:limit]))
        heads = ("folder", *(kind.value for kind in Kind))
        right = frozenset(range(1, len(heads)))
        yield Section(Topic.FOLDERS, "Folders", rows, heads, right, _more(folders, limit))
    for kind in _ORDER:
        changes = found.by_kind.get(kind, ())
        if changes:
            rows = tuple((_example(one),) for one in changes[:limit])
            title = f"{number(len(changes))} {kind.value}"
            yield Section(Topic.EXAMPLES, title, rows, more=_more(changes, limit))


def _matrix(title: str, unit: str, matrix: Matrix, limit: int) -> Iterator[Section]:
    cells = sorted_cells(matrix)
    if cells:
        rows = tuple((label_cell(a), label_cell(b), (number(n),)) for (a, b), n in cells[:limit])
        yield Section(
            Topic.MATRIX, title, rows, ("from", "to", unit), frozenset({2}), _more(cells, limit)
        )


def _balance(diff: ManifestDiff, limit: int) -> Iterator[Section]:
    balance = diff.shifted
    if not balance:
        return
    extra = ("objects",) * diff.counts_objects
    more = _more(balance, limit)
    if any(row.before is None or row.after is None for row in balance):
        rows = tuple[Row, ...](
            ((Name(one.label),), (signed(one.change),), *_objects(one, extra))
            for one in balance[:limit]
        )
        note = "Shares are not known: neither version is registered."
        heads: tuple[str, ...] = ("label", "change", *extra)
        yield Section(Topic.BALANCE, _BALANCE, rows, heads, frozenset({1, 2}), more, note)
    else:
        shown = balance[:limit]
        most = max(max(row.share_before or 0, row.share_after or 0) for row in shown) or 1
        rows = tuple((*_balance_row(row, most), *_objects(row, extra)) for row in shown)
        heads = ("label", "before", "", "after", "", "change", "shift", *extra)
        right = frozenset({1, 3, 5, 6, 7})
        note = "Shares of all files; shifts in percentage points (pp)."
        yield Section(Topic.BALANCE, _BALANCE, rows, heads, right, more, note)


def _balance_row(row: LabelBalance, most: float) -> Row:
    return (
        (Name(row.label),),
        *_share(row.before, row.share_before, most),
        *_share(row.after, row.share_after, most),
        (signed(row.change),),
        ("" if row.shift is None else points(row.shift),),
    )


def _objects(row: LabelBalance, extra: tuple[str, ...]) -> tuple[Cell, ...]:
    """The change in objects, where that says more than the change in images."""
    return ((signed(row.objects) if row.objects else "",),) * len(extra)


def _share(images: int | None, share: float | None, most: float) -> tuple[Cell, Cell]:
    if share is None:
        return (number(images or 0),), ("",)
    return (f"{number(images or 0)} ({percent(share)})",), (Bar(100 * share / most),)


def _folder_row(row: FolderChange) -> Row:
    name: Cell = (_folder(row.folder),)
    if row.target is not None:
        name = joined([name, (_folder(row.target),)], " → ")
    counts = (row.counts[kind] for kind in Kind)
    return (name, *((number(count) if count else "",) for count in counts))


def _folder(path: str) -> Name:
    return Name(f"{path}/" if path else "./")


def _example(change: Change) -> Cell:
    cells: list[Cell] = []
    origin = change.source or change.before
    if change.kind in (Kind.RENAMED, Kind.COPIED) and origin is not None:
        cells.append((Name(origin.path),))
    cells.append((Name(change.path),))
    found = joined(cells, " → ")
    former = change.origin or change.before or change.source
    if former is not None and change.after is not None:
        moves = list(_moves(former, change.after))
        found = (*found, ": ", *joined(moves)) if moves else found
    if change.kind is Kind.REMOVED and change.successor is not None:
        found = (*found, ", content still at ", Name(change.successor.path))
    return found


def _moves(former: Entry, after: Entry) -> Iterable[Cell]:
    """Also of other content under the same path, and of a copy: a reader wants to know."""
    for old, new in ((former.label, after.label), (former.split, after.split)):
        if old != new:
            yield joined([label_cell(old), label_cell(new)], " → ")


def _more(rows: Sequence[_Item], limit: int) -> int:
    return max(0, len(rows) - limit)
