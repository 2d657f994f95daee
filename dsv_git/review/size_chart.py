"""The spread of a version's file sizes as a chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dsv_git.diff.sizes import SizeBin
from dsv_git.diff.stats import Stats
from dsv_git.review.numbers import byte_size, number
from dsv_git.review.plotly import COLOURS, Chart, axis, heading, ticks

SIZES: Final = "File sizes"
_MOST_TICKS: Final = 14


def size_chart(stats: Stats, bins: Sequence[SizeBin]) -> Chart | None:
    """A histogram of `bins`, the median and the far end in its title; None without files."""
    if not bins or stats.sizes is None:
        return None
    title = (
        f"Sizes of {number(stats.files)} files: median {_size(stats.sizes.median)}, "
        f"95 % ≤ {_size(stats.sizes.p95)}, largest {_size(stats.sizes.maximum)}"
    )
    bars = {
        "type": "bar",
        "x": list(range(len(bins))),
        "y": [one.files for one in bins],
        "customdata": [_told(one) for one in bins],
        "hovertemplate": "%{customdata}: %{y:,} files<extra></extra>",
        "marker": {"color": COLOURS[0]},
    }
    layout = {
        "title": heading(title),
        "bargap": 0.04,
        "showlegend": False,
        "xaxis": axis("file size", **ticks(_edges(bins))),
        "yaxis": axis("files", rangemode="tozero"),
    }
    return Chart(SIZES, "files", {"data": [bars], "layout": layout})


def _edges(bins: Sequence[SizeBin]) -> dict[float, str]:
    """Sizes where one bin ends and the next begins: half-way between two bars."""
    edges = {place - 0.5: _size(one.start) for place, one in enumerate(bins) if one.start}
    if not bins[0].start:
        edges = {0: "empty", **edges}
    edges[len(bins) - 0.5] = _size(bins[-1].end)
    step = -(-len(edges) // _MOST_TICKS)
    return dict(list(edges.items())[::step])


def _told(one: SizeBin) -> str:
    if not one.start:
        return "empty"
    if one.end == one.start + 1:
        return _size(one.start)
    return f"{_size(one.start)} to {_size(one.end)}"


def _size(size: int) -> str:
    return byte_size(size).replace(".0 ", " ")
