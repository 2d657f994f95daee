"""The lineage as a drawing: where every version stands and every line runs, in pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dsv_git.review.lineage_chart import spread
from dsv_git.review.report.model import VersionRow

MOST_NODES: Final = 40
WIDTH: Final = 200
HEIGHT: Final = 62
_ACROSS: Final = WIDTH + 64
_DOWN: Final = HEIGHT + 24
_MARGIN: Final = 12


@dataclass(frozen=True)
class Box:
    """A version and the upper left corner of its box."""

    version: VersionRow
    x: int
    y: int


@dataclass(frozen=True)
class Drawing:
    """A drawing of `width` x `height` pixels; `lines` are SVG paths, `more` versions are not in
    it."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[str, ...]
    more: int


def drawing(versions: Sequence[VersionRow]) -> Drawing:
    """Generations from left to right. A line over several generations has a place of its own in
    each that it passes, so that it runs round other versions (the dummy vertices of Sugiyama's
    method, see `lineage_chart.spread`)."""
    near = nearest(versions, MOST_NODES)
    parents = {
        one.name: [p for p in dict.fromkeys(one.parents) if p in near] for one in near.values()
    }
    levels = {name: place[0] for name, place in spread(parents).items()}
    chains: dict[str, list[str]] = {}
    lines: list[list[str]] = []
    for child, above in parents.items():
        chains[child] = []
        for parent in above:
            line = [parent]
            for level in range(levels[parent] + 1, levels[child]):
                stop = f"{parent}\0{child}\0{level}"
                chains[stop] = [line[-1]]
                line.append(stop)
            chains[child].append(line[-1])
            lines.append([*line, child])
    put = spread(chains)
    top = max((y for _, y in put.values()), default=0)
    low = min((y for _, y in put.values()), default=0)
    corner = {
        name: (_MARGIN + x * _ACROSS, round(_MARGIN + (top - y) * _DOWN))
        for name, (x, y) in put.items()
    }
    return Drawing(
        width=2 * _MARGIN + WIDTH + _ACROSS * max((x for x, _ in put.values()), default=0),
        height=round(2 * _MARGIN + HEIGHT + (top - low) * _DOWN),
        boxes=tuple(Box(near[name], *corner[name]) for name in near),
        lines=tuple(_path([corner[stop] for stop in line]) for line in lines),
        more=len(versions) - len(near),
    )


def nearest(versions: Sequence[VersionRow], most: int) -> dict[str, VersionRow]:
    """The versions that the change made and those related to them, the nearest first by steps
    between parent and child; without any new ones from the newest on."""
    known = {one.name: one for one in versions}
    beside: dict[str, list[str]] = {name: [] for name in known}
    for one in versions:
        for parent in one.parents:
            if parent in known:
                beside[one.name].append(parent)
                beside[parent].append(one.name)
    queue = [one.name for one in versions if one.new] or [one.name for one in versions[:1]]
    found = dict.fromkeys(queue)
    for name in queue:
        for other in beside[name]:
            if other not in found:
                found[other] = None
                queue.append(other)
    return {name: known[name] for name in queue[:most]}


def _path(corners: Sequence[tuple[int, int]]) -> str:
    """From the right side of the first box to the left side of the last, straight through the
    places between."""
    middle = HEIGHT // 2
    (x, y), *rest = corners
    x, y = x + WIDTH, y + middle
    text = [f"M{x} {y}"]
    for number, (left, above) in enumerate(rest, 1):
        bend, to = (x + left) // 2, above + middle
        text.append(f"C{bend} {y} {bend} {to} {left} {to}")
        x, y = left, to
        if number < len(rest):
            x = left + WIDTH
            text.append(f"H{x}")
    return "".join(text)
