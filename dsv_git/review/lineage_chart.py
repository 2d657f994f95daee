"""The ancestors of a version as a chart: generations from left to right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dsv_git.review.lineage import children_first
from dsv_git.review.numbers import number
from dsv_git.review.plotly import COLOURS, Chart, Figure, heading, shown

LINEAGE: Final = "Lineage"
MOST_NODES: Final = 200
_MOST_ACROSS, _MOST_DOWN = 14, 18
"""Generations, and versions of one, whose texts do not lie on each other. In a larger lineage only
the version itself has one, the others when pointed at."""
_LONGEST_TEXT: Final = 24


@dataclass(frozen=True)
class Relative:
    """A version in a lineage: its ID, what it is called, and the IDs of its parents."""

    id: str
    label: str
    parents: tuple[str, ...] = ()


def lineage_chart(relatives: Sequence[Relative], current: str) -> Chart | None:
    """The version of the ID `current` with its nearest ancestors among `relatives`; None where it
    has none there. Parents that are not among them are left out."""
    known = {one.id: one for one in relatives}
    ancestry = _ancestry(known, current)
    if len(ancestry) < 2:
        return None
    near = dict.fromkeys(ancestry[:MOST_NODES])
    parents = {name: [p for p in dict.fromkeys(known[name].parents) if p in near] for name in near}
    places = spread(parents)
    across = Counter(x for x, _ in places.values())
    texts = len(across) <= _MOST_ACROSS and max(across.values()) <= _MOST_DOWN
    capped = f", the nearest {MOST_NODES} of {number(len(ancestry))}"
    layout = {
        "title": heading(
            f"Lineage{capped if len(ancestry) > MOST_NODES else ''}; this one in orange"
        ),
        "hovermode": "closest",
        "showlegend": False,
        "xaxis": {"visible": False, "range": [-0.6, len(across) - 0.4]},
        "yaxis": {"visible": False},
    }
    former = [known[name] for name in near if name != current]
    traces = [
        _lines(parents, places),
        _nodes(former, places, 14, COLOURS[0], texts),
        _nodes([known[current]], places, 22, COLOURS[1], True),
    ]
    return Chart(LINEAGE, "versions", {"data": traces, "layout": layout})


def _ancestry(known: Mapping[str, Relative], current: str) -> list[str]:
    """The version and its ancestors, the nearest generations first."""
    found = dict.fromkeys([current] if current in known else [])
    queue = list(found)
    for name in queue:
        for parent in known[name].parents:
            if parent in known and parent not in found:
                found[parent] = None
                queue.append(parent)
    return queue


def spread(parents: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, float]]:
    """Where each version is drawn: x is its generation, one more than that of its latest parent;
    y is spread round 0, in the order of the parents' mean y, so that few lines cross (the
    barycentre of K. Sugiyama, S. Tagawa and M. Toda, "Methods for Visual Understanding of
    Hierarchical System Structures", IEEE Trans. SMC 11 (1981), 109-125)."""
    generation: dict[str, int] = {}
    for name in reversed(children_first(parents)):
        generation[name] = 1 + max((generation.get(p, -1) for p in parents[name]), default=-1)
    levels: dict[int, list[str]] = {}
    for name, level in generation.items():
        levels.setdefault(level, []).append(name)
    places: dict[str, tuple[int, float]] = {}
    for level in sorted(levels):
        names = levels[level]
        height = {
            name: _mean([places[p][1] for p in parents[name] if p in places]) for name in names
        }
        for row, name in enumerate(sorted(names, key=lambda n: (-height[n], n))):
            places[name] = (level, (len(names) - 1) / 2 - row)
    return places


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _lines(parents: Mapping[str, Sequence[str]], places: Mapping[str, tuple[int, float]]) -> Figure:
    """Every line as two points and a gap."""
    x: list[float | None] = []
    y: list[float | None] = []
    for child, above in parents.items():
        for parent in above:
            x += [places[parent][0], places[child][0], None]
            y += [places[parent][1], places[child][1], None]
    line = {"color": "#9aa1ab", "width": 1.5}
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "line": line, "hoverinfo": "skip"}


def _nodes(
    versions: Sequence[Relative],
    places: Mapping[str, tuple[int, float]],
    size: int,
    colour: str,
    texts: bool,
) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers+text" if texts else "markers",
        "x": [places[one.id][0] for one in versions],
        "y": [places[one.id][1] for one in versions],
        "text": [shown(one.label, _LONGEST_TEXT) for one in versions],
        "textposition": "top center",
        "cliponaxis": False,
        "customdata": [[shown(one.label), shown(one.id)] for one in versions],
        "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        "marker": {"size": size, "color": colour},
    }
