"""The classes of a version as bars of objects, where images have many."""

from __future__ import annotations

from typing import Final

from dsv_git.diff.stats import Stats
from dsv_git.review.class_charts import LONGEST_TICK, MOST_BARS
from dsv_git.review.numbers import number
from dsv_git.review.plotly import COLOURS, Chart, axis, heading, shown, ticks

OBJECTS: Final = "Class balance in objects"


def object_balance(stats: Stats) -> Chart | None:
    """Objects of each class, the most frequent first; None where no image has a class twice, for
    then they are as many as the images."""
    if stats.objects == stats.images:
        return None
    order = sorted(stats.objects, key=lambda label: (-stats.objects[label], label))
    bars = [(shown(x), shown(x, LONGEST_TICK), stats.objects[x]) for x in order[:MOST_BARS]]
    others = order[MOST_BARS:]
    if others:
        name = f"other ({number(len(others))})"
        bars.append((name, name, sum(stats.objects[label] for label in others)))
    trace = {
        "type": "bar",
        "name": "objects",
        "x": list(range(len(bars))),
        "y": [count for _, _, count in bars],
        "customdata": [name for name, _, _ in bars],
        "hovertemplate": "%{customdata}: %{y:,}<extra></extra>",
        "marker": {"color": COLOURS[0]},
    }
    layout = {
        "title": heading(OBJECTS),
        "bargap": 0.2,
        "showlegend": False,
        "xaxis": axis("class", **ticks({place: tick for place, (_, tick, _) in enumerate(bars)})),
        "yaxis": axis("objects", rangemode="tozero"),
    }
    return Chart(OBJECTS, "objects", {"data": [trace], "layout": layout})
