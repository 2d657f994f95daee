"""The charts of a changed manifest, measured for SVG: class balance and file sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dsv_git.diff.changes import Matrix
from dsv_git.review.numbers import byte_size, label_text, signed
from dsv_git.review.report.model import Part, labels_of, size_rows

MOST_LABELS: Final = 24
MOST_CELLS: Final = 16
"""Labels on each side of a matrix that is still easy to read; the rest is counted."""
BAR: Final = 200
"""Pixels of the longest bar."""
TALL: Final = 130
_LONGEST: Final = 20


@dataclass(frozen=True)
class Bar:
    """A label: images before and after, and the pixels of both bars."""

    label: str
    full: str
    before: int
    after: int
    change: str
    pixels: tuple[float, float]


@dataclass(frozen=True)
class Balance:
    """The class balance; `more` labels are not shown, `unchanged` of them have as many images."""

    bars: tuple[Bar, ...]
    more: int
    unchanged: int


def balance(part: Part) -> Balance:
    """The labels that changed most, then those with the most images; drawn by images."""
    rows = labels_of(part)
    order = sorted(rows, key=lambda label: -abs(rows[label][1] - rows[label][0]))
    shown = set(order[:MOST_LABELS])
    most = max((max(rows[label]) for label in shown), default=0) or 1
    bars = [
        Bar(
            cut(label_text(label)),
            label_text(label),
            old,
            new,
            signed(new - old),
            (old / most * BAR, new / most * BAR),
        )
        for label, (old, new) in rows.items()
        if label in shown
    ]
    left = [rows[label] for label in rows if label not in shown]
    return Balance(tuple(bars), len(left), sum(old == new for old, new in left))


@dataclass(frozen=True)
class Column:
    """Files between two sizes: x and heights in pixels, and what a pointer is told."""

    x: float
    before: float
    after: float
    text: str


@dataclass(frozen=True)
class Sizes:
    """The file sizes of both sides; `ticks` are places and texts below the axis."""

    columns: tuple[Column, ...]
    step: float
    ticks: tuple[tuple[float, str], ...]
    most: int


def sizes(part: Part, width: int = 480) -> Sizes:
    """The histogram, its columns as wide as fit."""
    rows = size_rows(part.before, part.after)
    most = max((max(row.before, row.after) for row in rows), default=0)
    step = width / max(len(rows), 1)
    columns = [
        Column(
            k * step,
            row.before / (most or 1) * TALL,
            row.after / (most or 1) * TALL,
            f"{byte_size(row.start)} to {byte_size(row.end)}: {row.before:,} → {row.after:,} files",
        )
        for k, row in enumerate(rows)
    ]
    every = max(1, -(-len(rows) // 6))
    ticks = [(k * step, byte_size(row.start)) for k, row in enumerate(rows) if k % every == 0]
    return Sizes(tuple(columns), step, tuple(ticks), most)


@dataclass(frozen=True)
class Table:
    """A matrix from -> to: heads of the columns, rows of a head and its cells, each a count and its
    share of the largest in percent; `more` counts are in cells that are not shown."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[int, int], ...]], ...]
    more: int


def matrix_table(matrix: Matrix) -> Table:
    """The largest rows and columns of a matrix."""
    from_, to = _largest(matrix, 0), _largest(matrix, 1)
    most = max(matrix.values(), default=1)
    rows = [
        (label_text(a), tuple((matrix[a, b], round(100 * matrix[a, b] / most)) for b in to))
        for a in from_
    ]
    shown = sum(count for _, cells in rows for count, _ in cells)
    return Table(tuple(map(label_text, to)), tuple(rows), matrix.total() - shown)


def _largest(matrix: Matrix, side: int) -> list[str | None]:
    totals: dict[str | None, int] = {}
    for pair, count in matrix.items():
        totals[pair[side]] = totals.get(pair[side], 0) + count
    order = sorted(totals, key=lambda name: (-totals[name], name is not None, name or ""))
    return order[:MOST_CELLS]


def cut(text: str, most: int = _LONGEST) -> str:
    """A text that fits where only so many characters do."""
    return text if len(text) <= most else text[: most - 1] + "…"
