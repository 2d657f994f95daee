"""A version's lineage, told twice alike: to the web page (`Dataset Struct`) and to the package
(`dependency_graph` of the state)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dsv_git.registry.port import Ancestor

STRUCT: Final = "Dataset Struct"


def lineage(own: Ancestor, ancestors: Iterable[Ancestor]) -> tuple[Ancestor, ...]:
    """The version first, then every ancestor that can be reached from it, each once.

    A parent that nobody knows more of than its ID is there by its ID.
    """
    known = {one.id: one for one in ancestors}
    found: dict[str, Ancestor] = {}
    todo = [own]
    while todo:
        one = todo.pop(0)
        if one.id in found:
            continue
        found[one.id] = one
        todo += [known.get(p) or Ancestor(p, own.dataset, "", 0, ()) for p in one.parents]
    return tuple(found.values())


def graph(versions: Sequence[Ancestor]) -> dict[str, list[str]]:
    """The `dependency_graph`: every version with the IDs of its parents."""
    return {one.id: list(one.parents) for one in versions}


def struct(versions: Sequence[Ancestor], now: int) -> str:
    """The JSON text that the web page draws its graph from. `now` is in seconds since 1970."""
    numbers = {one.id: str(number) for number, one in enumerate(versions)}
    nodes = {
        numbers[one.id]: {
            "job_id": one.id,
            "status": "completed",
            "last_update": now,
            "parents": [numbers[parent] for parent in one.parents],
            "job_size": one.bytes,
            "name": one.dataset,
            "version": one.version,
        }
        for one in versions
    }
    return json.dumps(nodes, ensure_ascii=False)


def read_struct(text: str) -> tuple[Ancestor, ...]:
    """The versions that a `Dataset Struct` names; none where it cannot be read."""
    try:
        nodes: Mapping[str, Mapping[str, Any]] = json.loads(text)
        return tuple(
            Ancestor(
                str(node["job_id"]),
                str(node.get("name") or ""),
                str(node.get("version") or ""),
                int(node.get("job_size") or 0),
                tuple(str(nodes[number]["job_id"]) for number in node.get("parents") or ()),
            )
            for node in nodes.values()
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return ()
