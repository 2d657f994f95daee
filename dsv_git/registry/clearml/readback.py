"""Versions as ClearML has them, read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dsv_git.registry.clearml.held import is_stale
from dsv_git.registry.clearml.lineage import STRUCT, read_struct
from dsv_git.registry.clearml.paging import PAGE, every_task
from dsv_git.registry.clearml.place import Place
from dsv_git.registry.clearml.session import Session
from dsv_git.registry.clearml.task import ARCHIVED, COMPLETE, DATASET, SECTION
from dsv_git.registry.port import Held

BATCH: Final = 100
"""Versions that are read at once: each comes with its whole ancestry."""
FIELDS: Final = (
    "id",
    "name",
    "status",
    "comment",
    "tags",
    "system_tags",
    "runtime",
    "last_update",
    "project.id",
    "script.version_num",
    f"hyperparams.{SECTION}",
)


def held(session: Session, ids: tuple[str, ...]) -> tuple[Held, ...]:
    """The versions with these IDs, in their order, as far as they are there."""
    found: dict[str, Held] = {}
    for start in range(0, len(ids), BATCH):
        batch = list(ids[start : start + BATCH])
        query = {"id": batch, "search_hidden": True, "only_fields": list(FIELDS)}
        tasks = session.call("tasks.get_all_ex", query).get("tasks") or ()
        parents = _parents(session, [str(task["id"]) for task in tasks])
        for task in tasks:
            one = str(task["id"])
            found[one] = _read(session, task, parents.get(one, ()))
    return tuple(found[one] for one in ids if one in found)


def listed(session: Session, places: Sequence[Place]) -> tuple[Held, ...]:
    """The versions of ours in the datasets of some places, the oldest first, without parents."""
    projects = _projects(session, list(dict.fromkeys(places)))
    query = {
        "project": projects,
        "system_tags": [DATASET],
        "only_fields": list(FIELDS),
        "order_by": ["created", "id"],
    }
    tasks = every_task(session, query) if projects else ()
    found = (_read(session, task, ()) for task in tasks)
    return tuple(one for one in found if one.key)


def _projects(session: Session, places: Sequence[Place]) -> list[str]:
    """The IDs of the projects that hold the versions of these datasets, where there are any."""
    found: list[str] = []
    for start in range(0, len(places), BATCH):
        some = places[start : start + BATCH]
        leaves = {one.leaf for one in some}
        query = {
            "name": "|".join(one.pattern for one in some),
            "search_hidden": True,
            "only_fields": ["id", "name"],
            "page_size": PAGE,
        }
        projects = session.call("projects.get_all_ex", query).get("projects") or ()
        found += [str(project["id"]) for project in projects if project["name"] in leaves]
    return found


def _parents(session: Session, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The parents of versions, by what the web page draws. The other configuration of a version is
    left where it is: its content has up to 15,000 rows."""
    if not ids:
        return {}
    query = {"tasks": list(ids), "names": [STRUCT]}
    found: dict[str, tuple[str, ...]] = {}
    for one in session.call("tasks.get_configurations", query).get("configurations") or ():
        for item in one.get("configuration") or ():
            nodes = read_struct(str(item.get("value") or ""))
            found[str(one["task"])] = next((n.parents for n in nodes if n.id == one["task"]), ())
    return found


def _read(session: Session, task: Mapping[str, Any], parents: tuple[str, ...]) -> Held:
    runtime = task.get("runtime") or {}
    said = (task.get("hyperparams") or {}).get(SECTION) or {}
    project = (task.get("project") or {}).get("id") or ""
    return Held(
        id=str(task["id"]),
        key=str(runtime.get("dsv_key") or ""),
        digest=str(runtime.get("dsv_digest") or ""),
        dataset=str(task.get("name") or ""),
        version=str(runtime.get("version") or ""),
        complete=task.get("status") in COMPLETE,
        archived=ARCHIVED in (task.get("system_tags") or ()),
        parents=parents,
        properties={name: str(item.get("value") or "") for name, item in said.items()},
        description=str(task.get("comment") or ""),
        tags=tuple(task.get("tags") or ()),
        commit=str((task.get("script") or {}).get("version_num") or ""),
        clone=str(runtime.get("dsv_clone") or ""),
        stale=is_stale(str(task.get("last_update") or "")),
        url=session.page(str(project), str(task["id"])),
    )
