"""Lines of text with colours in name only: for a terminal through rich, plain for everything else.

Rich is not needed to write into a pipe, and costs time to start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

Span = tuple[str, str]
"""A text that is safe to show (data through `names.printable`), and its rich style or ""."""
Line = tuple[Span, ...]


def columns(rows: Iterable[Sequence[Span]], *, right: Iterable[int] = ()) -> list[Line]:
    """Rows as lines with aligned columns, indented; the columns `right` are flush right."""
    from rich.cells import cell_len

    table = [tuple(row) for row in rows]
    flush_right = frozenset(right)
    widths = [
        max(cell_len(row[place][0]) for row in table if place < len(row))
        for place in range(max(map(len, table), default=0))
    ]
    lines: list[Line] = []
    for row in table:
        spans: list[Span] = [("  ", "")]
        for place, (text, style) in enumerate(row):
            gap = " " * (widths[place] - cell_len(text))
            if place in flush_right:
                spans += [(gap, ""), (text, style)]
            else:
                spans += [(text, style), (gap, "")]
            spans.append(("  ", ""))
        lines.append(tuple(spans))
    return lines


def section_line(title: str) -> Iterator[Line]:
    """A heading, with an empty line before it."""
    yield ()
    yield ((f"  {title}", "bold"),)


def more_line(count: int, noun: str, join: str = "") -> Iterator[Line]:
    """How many rows were left out; nothing where none was."""
    if count > 0:
        yield ((f"    … {join}{count:,} more {noun}{'' if count == 1 else 's'}", "dim"),)


def plain(lines: Iterable[Line]) -> str:
    """The lines without colours, each ended by a newline, no spaces at their ends."""
    return "".join("".join(text for text, _ in line).rstrip(" ") + "\n" for line in lines)


def rich_text(lines: Iterable[Line]) -> Text:
    """The lines as one rich text: no markup is read from it and nothing in it highlighted."""
    from rich.text import Text

    whole = Text(end="")
    for line in lines:
        row = Text()
        for text, style in line:
            row.append(text, style or None)
        row.rstrip()
        whole.append_text(row).append("\n")
    return whole
