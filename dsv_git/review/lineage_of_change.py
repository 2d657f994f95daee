"""The lineage of the versions that a change is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dsv_git.diff.manifest_diff import ManifestDiff
from dsv_git.review.lineage import Node, children_first
from dsv_git.review.numbers import number, signed
from dsv_git.review.section import Name

MOST: Final = 40
"""Versions that one look can take in."""


def lineage_nodes(diffs: Iterable[ManifestDiff]) -> tuple[Node, ...]:
    """Both versions of each of the first manifests, children first, with the parents that the later
    one names. Names are cut to what can be shown."""
    nodes: dict[str, Node] = {}
    for diff in diffs:
        if len(nodes) >= MOST:
            break
        parents = tuple(Name(parent).shown for parent in diff.parents[:MOST])
        if diff.before is not None and diff.before != diff.after:
            name = _name(diff.manifest, diff.before)
            nodes.setdefault(name, _node(name, (), ""))
        if diff.after is not None:
            name = _name(diff.manifest, diff.after)
            total = diff.totals_after
            files = f"{signed(diff.change.files)} files" if total is None else _files(total.files)
            nodes[name] = _node(name, parents, files)
    order = children_first({name: node.parents for name, node in nodes.items()})
    return tuple(nodes[name] for name in order)


def _name(manifest: str, version: str) -> str:
    return Name(f"{manifest}@{version}").shown


def _node(name: str, parents: tuple[str, ...], text: str) -> Node:
    first = ((name, ""),)
    return Node(name, parents, (first, ((text, ""),)) if text else (first,))


def _files(count: int) -> str:
    return f"{number(count)} file{'' if count == 1 else 's'}"
