"""A diff to read on a terminal: what changed, how the classes moved, where, and examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dsv_git.diff.change import FLAGS, Change, Kind
from dsv_git.diff.changes import Matrix, sorted_cells
from dsv_git.diff.folders import FolderChange, folder_changes
from dsv_git.diff.manifest_diff import LabelBalance, ManifestDiff
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.names import printable
from dsv_git.review.lines import Line, Span, columns, more_line, section_line
from dsv_git.review.numbers import (
    byte_change,
    byte_size,
    label_text,
    number,
    percent,
    points,
    signed,
)
from dsv_git.review.repeated_text import repeated_lines

LIMIT = 10
"""How many rows of a table and how many paths of a kind are shown."""

SIGNS = {
    Kind.ADDED: ("+", "green"),
    Kind.REMOVED: ("-", "red"),
    Kind.MODIFIED: ("~", "yellow"),
    Kind.RENAMED: (">", "cyan"),
    Kind.COPIED: ("=", "cyan"),
    Kind.RELABELLED: ("*", "bold magenta"),
    Kind.REANNOTATED: ("^", "magenta"),
    Kind.REDESCRIBED: ("'", "blue"),
}
"""Sign and style of each kind."""


def diff_lines(diff: ManifestDiff, *, limit: int = LIMIT) -> Iterator[Line]:
    """The lines of a diff; tables and examples end after `limit` rows and say how many are left."""
    yield _header(diff)
    if diff.said:
        yield ((f"  {printable(diff.said)}", "italic"),)
    if diff.diff.is_empty:
        yield (("  no change in the data", "dim"),)
        return
    yield _counts(diff)
    yield _size(diff)
    if diff.shifted:
        yield from section_line("class balance (images)")
        yield from _balance(diff, limit)
    for title, matrix in (
        ("labels, from → to (objects)", diff.diff.label_matrix),
        ("splits, from → to (files)", diff.diff.split_matrix),
    ):
        if matrix:
            yield from section_line(title)
            yield from _matrix(matrix, limit)
    yield from repeated_lines(diff, limit)
    yield from section_line("folders")
    yield from _folders(folder_changes(diff.diff), limit)
    yield from _examples(diff.diff.by_kind, limit)


def _header(diff: ManifestDiff) -> Line:
    before = "new" if diff.before is None else printable(diff.before)
    after = "removed" if diff.after is None else printable(diff.after)
    versions = after if before == after else f"{before} → {after}"
    spans: list[Span] = [(printable(diff.manifest), "bold"), (f"  {versions}", "")]
    if diff.parents:
        word = "parent" if len(diff.parents) == 1 else "parents"
        spans.append((f"  ({word}: {', '.join(map(printable, diff.parents))})", "dim"))
    return tuple(spans)


def _counts(diff: ManifestDiff) -> Line:
    counts, flagged = diff.diff.counts, diff.diff.flagged
    spans: list[Span] = []
    for kind, (sign, style) in SIGNS.items():
        count = flagged[kind] if kind in FLAGS else counts[kind]
        if count:
            spans.append((f"  {sign}{number(count)} {kind.value}", style))
        if kind is Kind.RELABELLED and count > counts[kind]:
            spans.append((f" ({number(count - counts[kind])} of them moved)", "dim"))
        if kind is Kind.REMOVED and (kept := _still_there(diff)):
            spans.append((f" (content of {number(kept)} still there)", "dim"))
    return tuple(spans)


def _still_there(diff: ManifestDiff) -> int:
    removed = diff.diff.by_kind.get(Kind.REMOVED, ())
    return sum(change.successor is not None for change in removed)


def _size(diff: ManifestDiff) -> Line:
    change, before, after = diff.change, diff.totals_before, diff.totals_after
    if before is None or after is None:
        # How many there were is not known here: "0 files" would read as an empty version.
        files = f"{signed(change.files)} files" if change.files else "as many files as before"
        size = byte_change(change.bytes) if change.bytes else "as many bytes"
        return ((f"  {files}, {size}", ""),)
    files = f"{number(before.files)} → {number(after.files)} files ({signed(change.files)})"
    size = f"{byte_size(before.bytes)} → {byte_size(after.bytes)} ({byte_change(change.bytes)})"
    return ((f"  {files}, {size}", ""),)


def _balance(diff: ManifestDiff, limit: int) -> Iterator[Line]:
    balance, objects = diff.shifted, diff.counts_objects
    rows = ([*_balance_row(row), *_objects(row, objects)] for row in balance[:limit])
    yield from columns(rows, right=(2, 3, 4, 5, 6, 7))
    yield from more_line(len(balance) - limit, "label")


def _objects(row: LabelBalance, told: bool) -> list[Span]:
    text = f"{signed(row.objects)} objects" if row.objects else ""
    return [(text, _sign_style(row.objects))] if told else []


def _balance_row(row: LabelBalance) -> list[Span]:
    spans: list[Span] = [("", ""), (printable(row.label), "")]
    if row.before is not None and row.after is not None:
        spans += [(number(row.before), ""), (f"→ {number(row.after)}", "")]
    spans.append((signed(row.change), _sign_style(row.change)))
    if row.shift is not None and row.share_before is not None and row.share_after is not None:
        shares = f"{percent(row.share_before)} → {percent(row.share_after)}"
        spans += [(shares, ""), (points(row.shift), _sign_style(row.shift))]
    return spans


def _sign_style(change: float) -> str:
    return "green" if change > 0 else "red" if change < 0 else "dim"


def _matrix(matrix: Matrix, limit: int) -> Iterator[Line]:
    cells = sorted_cells(matrix)
    yield from columns(
        (
            (("", ""), (label_text(a), "red"), ("→", ""), (label_text(b), "green"), (number(n), ""))
            for (a, b), n in cells[:limit]
        ),
        right=(4,),
    )
    yield from more_line(len(cells) - limit, "row")


def _folders(folders: tuple[FolderChange, ...], limit: int) -> Iterator[Line]:
    for row in folders[:limit]:
        target = "" if row.target is None else f" → {_folder(row.target)}"
        counts = [
            (f"  {SIGNS[kind][0]}{number(row.counts[kind])}", SIGNS[kind][1])
            for kind in SIGNS
            if row.counts[kind]
        ]
        yield ((f"    {_folder(row.folder)}{target}", ""), *counts)
    yield from more_line(len(folders) - limit, "folder")


def _folder(path: str) -> str:
    return printable(path) + "/" if path else "./"


def _examples(by_kind: Mapping[Kind, Sequence[Change]], limit: int) -> Iterator[Line]:
    for kind, (sign, style) in SIGNS.items():
        if changes := by_kind.get(kind):
            yield from section_line(kind.value)
            for change in changes[:limit]:
                yield ((f"    {sign} ", style), *_example(change))
            yield from more_line(len(changes) - limit, "file", "and ")


def _example(change: Change) -> Iterator[Span]:
    if change.kind in (Kind.RENAMED, Kind.COPIED):
        origin = change.source or change.before
        yield (f"{printable(origin.path)} → " if origin else "", "")
    yield (printable(change.path), "")
    former = change.origin or change.before or change.source
    if former is not None and change.after is not None:
        yield (_relabelled(former, change.after), "magenta")
    if change.kind is Kind.MODIFIED and change.source is not None:
        yield (f"  (content of {printable(change.source.path)})", "dim")
    if change.kind is Kind.REMOVED and change.successor is not None:
        yield (f"  (still there: {printable(change.successor.path)})", "dim")


def _relabelled(former: Entry, after: Entry) -> str:
    """Also of other content under the same path, and of a copy: a reader wants to know."""
    both = ((former.label, after.label), (former.split, after.split))
    parts = [f"{label_text(old)} → {label_text(new)}" for old, new in both if old != new]
    return "  " + ", ".join(parts) if parts else ""
