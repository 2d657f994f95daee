"""The lineage of versions, as a graph in text and as mermaid."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dsv_git.manifest.names import printable
from dsv_git.review.lines import Line

NODE: Final = "●"
_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_BOXES: Final = {
    0: " ",
    _UP | _DOWN: "│",
    _LEFT | _RIGHT: "─",
    _UP | _LEFT: "╯",
    _DOWN | _LEFT: "╮",
    _UP | _DOWN | _RIGHT: "├",
    _LEFT | _RIGHT | _UP: "┴",
    _LEFT | _RIGHT | _DOWN: "┬",
    _UP | _DOWN | _LEFT | _RIGHT: "┼",
}


@dataclass(frozen=True)
class Node:
    """A version in the graph: its name, the names of its parents, and the lines that are shown
    beside it, the first one on the height of its mark."""

    name: str
    parents: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


def children_first(parents: Mapping[str, Iterable[str]]) -> list[str]:
    """The names of `parents`, every one before its parents, else in the order given.

    Kahn's algorithm with the given order as the priority (A. B. Kahn, "Topological sorting of large
    networks", Communications of the ACM 5 (1962), 558-562). Names on a cycle come last.
    """
    place = {name: number for number, name in enumerate(parents)}
    above = {name: [p for p in dict.fromkeys(parents[name]) if p in place] for name in parents}
    waiting = dict.fromkeys(parents, 0)
    for name in parents:
        for parent in above[name]:
            waiting[parent] += 1
    ready = [place[name] for name, children in waiting.items() if not children]
    heapq.heapify(ready)
    names, ordered = list(parents), dict[str, None]()
    while ready:
        name = names[heapq.heappop(ready)]
        ordered[name] = None
        for parent in above[name]:
            waiting[parent] -= 1
            if not waiting[parent]:
                heapq.heappush(ready, place[parent])
    return [*ordered, *(name for name in names if name not in ordered)]


def graph_lines(nodes: Sequence[Node]) -> list[Line]:
    """The graph as lines, the nodes in the order given, which should be children first.

    A parent that is not among the nodes, or stands before its child, gets no line.
    """
    graph = _Graph({node.name: number for number, node in enumerate(nodes)})
    for node in nodes:
        graph.add(node)
    return graph.lines


class _Graph:
    """A graph in the making: every column waits for the version that is drawn in it next."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self.lines: list[Line] = []
        self._places = places
        self._columns: list[str | None] = []
        self._ended: int | None = None
        """The column in which the last line has a version without parents."""

    def add(self, node: Node) -> None:
        """Draws a version, with the columns of its children joined before and those of its parents
        opened after."""
        waiting = [k for k, name in enumerate(self._columns) if name == node.name]
        at = waiting[0] if waiting else self._free(0)
        if not waiting and at == self._ended:
            self._draw_bars()  # right below it the two would look connected
        self._join(at, waiting[1:])
        self._set(at, node.name)
        first, *more = node.lines or (((printable(node.name), ""),),)
        left = "".join(map(_bar, self._columns[:at]))
        right = "".join(map(_bar, self._columns[at + 1 :]))
        self.lines.append(((left, "dim"), (f"{NODE} ", "bold yellow"), (right, "dim"), *first))
        here = self._places[node.name]
        parents = [p for p in dict.fromkeys(node.parents) if self._places.get(p, -1) > here]
        self._columns[at] = parents[0] if parents else None
        self._ended = at if not parents and not more else None
        for line in more:
            self._draw_bars(line)
        self._branch(at, parents[1:])
        self._trim()

    def _join(self, at: int, others: Sequence[int]) -> None:
        """Columns that wait for one version become one."""
        if others:
            self._draw_joints(at, dict.fromkeys(others, _UP))
        for k in others:
            self._columns[k] = None
        self._trim()

    def _branch(self, at: int, parents: Sequence[str]) -> None:
        """A column for every parent but the first, to the right. It is a new one even where the
        parent is waited for already: a joint there could not be told from one that comes in."""
        opened = []
        for parent in parents:
            opened.append(self._free(at + 1))
            self._set(opened[-1], parent)
        if opened:
            self._draw_joints(at, dict.fromkeys(opened, _DOWN))

    def _draw_joints(self, at: int, joints: Mapping[int, int]) -> None:
        """One line that connects the column `at` with some to its right; `joints` says where those
        go on."""
        last = max(joints)
        text = ""
        for k, name in enumerate(self._columns):
            bits = joints.get(k, _UP | _DOWN if name else 0)
            bits |= _LEFT if at < k <= last else 0
            bits |= _RIGHT if at <= k < last else 0
            text += _BOXES[bits] + ("─" if at <= k < last else " ")
        self.lines.append(((text, "dim"),))

    def _draw_bars(self, line: Line = ()) -> None:
        self.lines.append((("".join(map(_bar, self._columns)), "dim"), *line))

    def _trim(self) -> None:
        while self._columns and self._columns[-1] is None:
            self._columns.pop()

    def _free(self, start: int) -> int:
        """The first column from `start` on in which nothing waits."""
        free = (k for k in range(start, len(self._columns)) if self._columns[k] is None)
        return next(free, max(start, len(self._columns)))

    def _set(self, k: int, name: str) -> None:
        self._columns += [None] * (k + 1 - len(self._columns))
        self._columns[k] = name


def _bar(name: str | None) -> str:
    return "│ " if name else "  "


def mermaid(nodes: Sequence[Node]) -> str:
    """The graph as the text of a mermaid flow chart, parents above their children.

    Parents that are not among the nodes are shown with round corners. A label holds the text of a
    node's lines; what could mean something to mermaid, markdown or HTML is written as its code.
    """
    known = {node.name for node in nodes}
    missing = dict.fromkeys(p for node in nodes for p in node.parents if p not in known)
    ids = {name: f"v{n}" for n, name in enumerate([*missing, *(n.name for n in reversed(nodes))])}
    lines = ["graph TD"]
    lines += [f'  {ids[name]}(["{_escaped(name)}"])' for name in missing]
    for node in reversed(nodes):
        texts = ["".join(text for text, _ in line).strip() for line in node.lines] or [node.name]
        lines.append(f'  {ids[node.name]}["{"<br/>".join(map(_escaped, filter(None, texts)))}"]')
    for node in reversed(nodes):
        lines += [f"  {ids[p]} --> {ids[node.name]}" for p in dict.fromkeys(node.parents)]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return "".join(
        char if char.isalnum() or char in " ._-+@/:,()~" else f"#{ord(char)};"
        for char in printable(text)
    )
