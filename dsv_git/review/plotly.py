"""The parts of a plotly figure, as plain JSON: text that is never markup, tables, layouts."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dsv_git.manifest.names import printable

LONGEST: Final = 80
"""Characters of a text in a chart."""
COLOURS: Final = (
    "#2f6fb0",
    "#f08c2e",
    "#3f9b57",
    "#c94f4f",
    "#8566b5",
    "#7d5a4b",
    "#d678b0",
    "#6f7680",
    "#a8a432",
    "#35a7b8",
)
"""Of things of one kind beside each other, in their order; told apart without red against green
alone."""
REST_COLOUR: Final = "#c3c8d0"

_FONT: Final = "Heebo, verdana, arial, sans-serif"

Cell = str | int | float
Figure = dict[str, object]


@dataclass(frozen=True)
class Chart:
    """One chart of a version's page: `figure` is a plotly figure (`data`, `layout`) that is JSON.

    A page draws charts of one title into one picture, so every title is there once.
    """

    title: str
    series: str
    figure: Mapping[str, object]


def shown(text: str, longest: int = LONGEST) -> str:
    """A text of a manifest as a chart may show it: cut to `longest` characters with `…`, nothing
    in it markup. plotly takes `<b>` and `<a href>` in any text for HTML, `&lt;` for a character,
    and `$…$` for TeX where a page has MathJax."""
    plain = printable(text[: longest + 1])
    if len(plain) > longest:
        plain = plain[: longest - 1] + "…"
    return html.escape(plain, quote=False).replace("$", "&#36;")


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Figure:
    """A table, in the form in which the ClearML SDK sends one. Whole numbers get commas between
    thousands and stand on the right. `heads` and texts in `rows` must be `shown` already."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in heads]
    numeric = [any(not isinstance(cell, str) for cell in column) for column in columns]
    mixed = [
        yes and any(map(_is_text, column)) for yes, column in zip(numeric, columns, strict=True)
    ]
    # plotly formats a whole column, and a text that it takes for a number becomes NaN.
    columns = [
        [cell if isinstance(cell, str) else f"{cell:,}" for cell in column] if both else column
        for both, column in zip(mixed, columns, strict=True)
    ]
    align = ["right" if yes else "left" for yes in numeric]
    head_font = {"family": _FONT, "size": 12, "color": "#333"}
    cell_font = {"family": _FONT, "size": 14, "color": "#384161"}
    return {
        "data": [
            {
                "type": "table",
                "header": {
                    "values": list(heads),
                    "align": align,
                    "line": {"width": 0.5, "color": "#d4d6e0"},
                    "fill": {"color": "#fff"},
                    "font": head_font,
                },
                "cells": {
                    "height": 30,
                    "values": columns,
                    "format": [
                        "," if yes and not both else ""
                        for yes, both in zip(numeric, mixed, strict=True)
                    ],
                    "align": align,
                    "line": {"color": "white", "width": 1},
                    "font": cell_font,
                },
            }
        ],
        "layout": {"title": heading(title)},
    }


def _is_text(cell: Cell) -> bool:
    return isinstance(cell, str)


def heading(text: str) -> Figure:
    """The title of a figure or an axis, as every version of plotly takes it."""
    return {"text": text}


def axis(title: str, **more: object) -> Figure:
    """An axis with its title, that makes room for its own labels."""
    return {"title": heading(title), "automargin": True, **more}


def ticks(labels: Mapping[float, str], **more: object) -> Figure:
    """Settings of an axis that shows these labels at these places and no others.

    Places are numbers, never the labels themselves: two labels may look the same when cut.
    """
    return {
        "tickmode": "array",
        "tickvals": list(labels),
        "ticktext": list(labels.values()),
        **more,
    }
