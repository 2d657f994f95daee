"""Versions as ClearML has them, read back."""

from __future__ import annotations

from typing import Any, Final

from dsv_git.registry.clearml.lineage import STRUCT, read_struct
from dsv_git.registry.clearml.session import Session
from dsv_git.registry.clearml.task import ARCHIVED, COMPLETE, SECTION
from dsv_git.registry.port import Held

BATCH: Final = 500
FIELDS: Final = (
    "id",
    "name",
    "status",
    "comment",
    "tags",
    "system_tags",
    "runtime",
    "script.version_num",
    f"hyperparams.{SECTION}",
    "configuration",
)


def held(session: Session, ids: tuple[str, ...]) -> tuple[Held, ...]:
    """The versions with these IDs, in their order, as far as they are there."""
    found: dict[str, Held] = {}
    for start in range(0, len(ids), BATCH):
        query = {
            "id": list(ids[start : start + BATCH]),
            "search_hidden": True,
            "only_fields": list(FIELDS),
        }
        for task in session.call("tasks.get_all_ex", query).get("tasks") or ():
            found[str(task["id"])] = _read(task)
    return tuple(found[one] for one in ids if one in found)


def _read(task: dict[str, Any]) -> Held:
    runtime = task.get("runtime") or {}
    said = (task.get("hyperparams") or {}).get(SECTION) or {}
    text = ((task.get("configuration") or {}).get(STRUCT) or {}).get("value") or ""
    own = next((node for node in read_struct(text) if node.id == task["id"]), None)
    return Held(
        id=str(task["id"]),
        key=str(runtime.get("dsv_key") or ""),
        digest=str(runtime.get("dsv_digest") or ""),
        dataset=str(task.get("name") or ""),
        version=str(runtime.get("version") or ""),
        complete=task.get("status") in COMPLETE,
        archived=ARCHIVED in (task.get("system_tags") or ()),
        parents=own.parents if own else (),
        properties={name: str(item.get("value") or "") for name, item in said.items()},
        description=str(task.get("comment") or ""),
        tags=tuple(task.get("tags") or ()),
        commit=str((task.get("script") or {}).get("version_num") or ""),
    )
