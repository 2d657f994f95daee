"""What a version changed against its parents, as tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsv_git.diff.change_stats import ChangeStats, change_stats
from dsv_git.diff.changes import Diff, Matrix, sorted_cells
from dsv_git.review.class_charts import NO_LABEL, NO_SPLIT
from dsv_git.review.numbers import byte_size, number
from dsv_git.review.plotly import Cell, Chart, shown, table

CHANGES: Final = "Changes"
RELABELLED: Final = "Relabelled"
MOVED: Final = "Moved between splits"
MOST_MOVES: Final = 500


def change_charts(diff: Diff) -> Iterator[Chart]:
    """The table of changes, and where there are any, labels and splits from -> to; nothing where
    nothing changed."""
    if diff.is_empty:
        return
    title = "Changes against the parents"
    yield Chart(CHANGES, "table", table(title, ["change", "files"], _rows(change_stats(diff))))
    if diff.label_matrix:
        yield Chart(RELABELLED, "table", _moves(RELABELLED, diff.label_matrix, "objects", NO_LABEL))
    if diff.split_matrix:
        yield Chart(MOVED, "table", _moves(MOVED, diff.split_matrix, "files", NO_SPLIT))


def _rows(stats: ChangeStats) -> list[tuple[Cell, Cell]]:
    return [
        ("added", stats.added),
        ("removed", stats.removed),
        ("modified", stats.modified),
        ("renamed", stats.renamed),
        ("copied", stats.copied),
        ("relabelled", stats.relabelled),
        ("reannotated", stats.reannotated),
        ("redescribed", stats.redescribed),
        ("bytes added", byte_size(stats.bytes_added)),
        ("bytes removed", byte_size(stats.bytes_removed)),
    ]


def _moves(title: str, matrix: Matrix, unit: str, none: str) -> dict[str, object]:
    cells = sorted_cells(matrix)
    rows: list[list[Cell]] = [
        [none if a is None else shown(a), none if b is None else shown(b), count]
        for (a, b), count in cells[:MOST_MOVES]
    ]
    rest = cells[MOST_MOVES:]
    if rest:
        more = f"… and {number(len(rest))} more pairs"
        rows.append([more, "", sum(count for _, count in rest)])
    return table(title, ["from", "to", unit], rows)
