"""Sections as Markdown (GitHub's and GitLab's), whatever their names hold."""

from __future__ import annotations

import re
from typing import Final

from dsv_git.review.section import Bar, Cell, Name, Piece, Section, used

BLOCKS: Final = 10
"""How long the bar of 100 percent is."""
_EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
_MEANING = re.compile(r"[^\w \-./,()…]|_|www", re.IGNORECASE)


def name_text(name: Name) -> str:
    """A name as inline code.

    Each sign that could mean something to Markdown or HTML is a character reference. A host makes
    mentions and links out of the finished text too, but neither inside of code nor across an
    element: so no `@` and no `:` stands beside what follows it. What is copied is the name.
    """
    return (
        f"<code>{_MEANING.sub(_reference, name.shown)}</code>" if name.text else '<code>""</code>'
    )


def _reference(found: re.Match[str]) -> str:
    text = found[0]
    if len(text) > 1:
        return f"{text[:2]}<wbr>{text[2:]}"
    return f"&#{ord(text)};<wbr>" if text in "@:" else f"&#{ord(text)};"


def bar_text(percent: float) -> str:
    """A bar of blocks, in eighths of one; what is above nothing is seen."""
    eighths = round(min(100.0, max(0.0, percent)) / 100 * BLOCKS * 8)
    whole, rest = divmod(max(eighths, int(percent > 0)), 8)
    return "█" * whole + (_EIGHTHS[rest] if rest else "")


def cell_text(cell: Cell) -> str:
    """The pieces of a cell in one line."""
    return "".join(map(_piece, cell))


def _piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    return name_text(piece) if isinstance(piece, Name) else _bar(piece)


def _bar(bar: Bar) -> str:
    return bar_text(bar.percent)


def section_text(section: Section) -> str:
    """A section as a block of Markdown, an empty line after it."""
    lines = _table(section) if section.heads else [f"- {cell_text(row[0])}" for row in section.rows]
    if section.more:
        lines += ["", f"… and {section.more:,} more"]
    if section.note:
        lines += ["", f"<sub>{section.note}</sub>"]
    body = "\n".join(lines)
    if section.is_folded:
        head = f"<details><summary>{section.title}</summary>"
        return f"{head}\n\n{body}\n\n</details>\n\n"
    return f"**{section.title}**\n\n{body}\n\n"


def row_text(row: tuple[Cell, ...]) -> str:
    """A row of a table."""
    return f"| {' | '.join(map(cell_text, row))} |"


def head_text(heads: tuple[str, ...], right: frozenset[int]) -> str:
    """The first two lines of a table."""
    marks = ["--:" if place in right else ":--" for place in range(len(heads))]
    return f"| {' | '.join(heads)} |\n| {' | '.join(marks)} |"


def _table(section: Section) -> list[str]:
    places = used(section.rows, section.heads)
    rows = (tuple(row[place] for place in places) for row in section.rows)
    right = frozenset(n for n, place in enumerate(places) if place in section.right)
    heads = tuple(section.heads[place] for place in places)
    return [head_text(heads, right), *map(row_text, rows)]
