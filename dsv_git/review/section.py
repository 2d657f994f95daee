"""What a page says of a change, before it is Markdown or HTML: sections of tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from dsv_git.manifest.names import printable

LONGEST: Final = 120
"""Characters of a name that are shown: a hostile one could fill the page."""


@dataclass(frozen=True)
class Name:
    """A text that came out of data or from a person: every writer of a page must escape it."""

    text: str

    @property
    def shown(self) -> str:
        """In one line, control characters as escapes, the middle of a long one left out."""
        text = self.text
        if len(text) > LONGEST:
            half = LONGEST // 2
            text = f"{text[: half - 1]}…{text[-half:]}"
        return printable(text)


@dataclass(frozen=True)
class Bar:
    """A bar of this many percent of the longest."""

    percent: float


Piece = str | Name | Bar
"""A `str` is our own words and numbers, with nothing out of data in it."""
Cell = tuple[Piece, ...]
Row = tuple[Cell, ...]


class Topic(IntEnum):
    """What a section is about; where room is short, the largest is cut first."""

    MATRIX = 1
    BALANCE = 2
    REPEATED = 3
    FOLDERS = 4
    LINEAGE = 5
    EXAMPLES = 6


@dataclass(frozen=True)
class Section:
    """A table, or without `heads` a list of its rows; `more` rows were left out of it.

    `right` are the columns of numbers; examples are opened by a click.
    """

    topic: Topic
    title: str
    rows: tuple[Row, ...]
    heads: tuple[str, ...] = ()
    right: frozenset[int] = frozenset()
    more: int = 0
    note: str = ""

    @property
    def is_folded(self) -> bool:
        """Whether a reader opens it."""
        return self.topic is Topic.EXAMPLES

    def shortened(self, most: int) -> Section:
        """The section with at most `most` rows."""
        return replace(self, rows=self.rows[:most], more=self.more + len(self.rows[most:]))


def used(rows: Sequence[Row], heads: Sequence[str]) -> list[int]:
    """The columns in which a row has something."""
    return [n for n in range(len(heads)) if any(piece for row in rows for piece in row[n])]


def joined(cells: Iterable[Cell], between: str = ", ") -> Cell:
    """Cells as one, with our own words between them."""
    found: list[Piece] = []
    for cell in cells:
        found += [between, *cell] if found else cell
    return tuple(found)


def some(names: Sequence[str], most: int) -> Cell:
    """The first names, and how many more there are."""
    shown = joined([(Name(name),) for name in names[:most]])
    return (*shown, f", … {len(names) - most:,} more") if len(names) > most else shown
