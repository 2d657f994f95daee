"""`tasks.*`: changes of what a task holds, and the rule of which status allows them."""

from __future__ import annotations

from typing import Any

from tests.clearml_server.endpoints import Question, endpoint
from tests.clearml_server.errors import bad_status
from tests.clearml_server.store import Json, Store, now
from tests.clearml_server.task_document import (
    change_fields,
    given_fields,
    merged_artifacts,
    stamp,
)

RUNNING = ("in_progress", "stopped")
PROPERTIES = "properties"


def _open_task(store: Store, question: Question, any_status: bool = False) -> Json:
    task = store.task(question.need("task"))
    allowed = ("created", *RUNNING) if question.force else ("created",)
    if task["status"] not in allowed and not any_status:
        raise bad_status(expected="created", status=task["status"])
    return task


@endpoint("tasks.edit")
def edit(store: Store, question: Question) -> Json:
    """Any settable field; `runtime` and the like are replaced whole."""
    task = store.task(question.need("task"))
    if not question.force and task["status"] != "created":
        raise bad_status(expected="created", status=task["status"])
    return _changed(store, task, given_fields(store, question.data))


def _changed(store: Store, task: Json, fields: Json) -> Json:
    if not fields:
        return {"updated": 0}
    told = change_fields(task, fields)
    store.touch_project(fields.get("project"))
    return {"fields": told, "updated": 1}


@endpoint("tasks.update")
def update(store: Store, question: Question) -> Json:
    """The few fields that any status lets change."""
    task = store.task(question.need("task"))
    allowed = ("name", "tags", "system_tags", "comment", "project", "status_message")
    data = {name: question.data[name] for name in allowed if name in question.data}
    fields = given_fields(store, data)
    if data.get("status_message") is not None:
        fields["status_message"] = data["status_message"]
    return _changed(store, task, fields)


@endpoint("tasks.edit_runtime")
def edit_runtime(store: Store, question: Question) -> Json:
    """Single runtime values."""
    task = _open_task(store, question)
    task["runtime"] = {**task["runtime"], **(question.data.get("add_or_update") or {})}
    for name in question.data.get("remove") or ():
        task["runtime"].pop(name, None)
    stamp(task, now())
    return {"updated": 1}


@endpoint("tasks.set_requirements")
def set_requirements(store: Store, question: Question) -> Json:
    """The script's requirements."""
    task = store.task(question.need("task"))
    task["script"] = {**task["script"], "requirements": question.need("requirements")}
    stamp(task, now())
    return {"fields": {}, "updated": 1}


def _items(question: Question, field: str) -> list[Json]:
    items: Any = question.need(field)
    return [dict(item) for item in items]


def _normal(items: list[Json]) -> bool:
    """Whether all are user properties, whose section has one spelling."""
    for item in items:
        if str(item["section"]).lower() == PROPERTIES:
            item["section"] = PROPERTIES
    return all(item["section"] == PROPERTIES for item in items)


@endpoint("tasks.edit_hyper_params")
def edit_hyper_params(store: Store, question: Question) -> Json:
    """Parameters; user properties in any status."""
    items = _items(question, "hyperparams")
    properties = _normal(items)
    task = _open_task(store, question, any_status=properties)
    replace = question.data.get("replace_hyperparams") or "none"
    kept = {} if replace == "all" else {s: dict(v) for s, v in task["hyperparams"].items()}
    if replace == "section":
        for item in items:
            kept.pop(item["section"], None)
    for item in items:
        value = {name: part for name, part in item.items() if part is not None}
        if "value" in value:
            value["value"] = str(value["value"])
        kept.setdefault(item["section"], {})[item["name"]] = value
    task["hyperparams"] = kept
    stamp(task, now(), news=not properties)
    return {"updated": 1}


@endpoint("tasks.delete_hyper_params")
def delete_hyper_params(store: Store, question: Question) -> Json:
    """Single parameters or, without a name, whole sections."""
    items = _items(question, "hyperparams")
    properties = _normal(items)
    task = _open_task(store, question, any_status=properties)
    for item in items:
        if item.get("name"):
            task["hyperparams"].get(item["section"], {}).pop(item["name"], None)
        else:
            task["hyperparams"].pop(item["section"], None)
    stamp(task, now(), news=not properties)
    return {"deleted": 1}


@endpoint("tasks.get_hyper_params")
def get_hyper_params(store: Store, question: Question) -> Json:
    """All parameters of some tasks as flat lists."""
    tasks = [store.task(task, ids=[task]) for task in list(question.need("tasks"))]  # type: ignore[call-overload]
    return {
        "params": [
            {
                "task": task["id"],
                "hyperparams": [v for s in task["hyperparams"].values() for v in s.values()],
            }
            for task in tasks
        ]
    }


@endpoint("tasks.edit_configuration")
def edit_configuration(store: Store, question: Question) -> Json:
    """Configuration objects by name."""
    task = _open_task(store, question)
    given = {item["name"]: item for item in _items(question, "configuration")}
    before = {} if question.data.get("replace_configuration") else task["configuration"]
    task["configuration"] = {**before, **given}
    stamp(task, now())
    return {"updated": 1}


@endpoint("tasks.delete_configuration")
def delete_configuration(store: Store, question: Question) -> Json:
    """Configuration objects by name."""
    task = _open_task(store, question)
    for name in list(question.need("configuration")):  # type: ignore[call-overload]
        task["configuration"].pop(name, None)
    stamp(task, now())
    return {"deleted": 1}


@endpoint("tasks.get_configurations")
def get_configurations(store: Store, question: Question) -> Json:
    """Configuration objects of some tasks, all or by name."""
    names = question.data.get("names")
    found = []
    for task in list(question.need("tasks")):  # type: ignore[call-overload]
        held = store.task(task, ids=[task])["configuration"]
        items = [held[name] for name in sorted(held) if not names or name in names]
        found.append({"task": task, "configuration": items})
    return {"configurations": found}


@endpoint("tasks.add_or_update_artifacts", "2.10")
def add_or_update_artifacts(store: Store, question: Question) -> Json:
    """Artifacts by key and mode."""
    task = _open_task(store, question)
    before = task["execution"]["artifacts"]
    task["execution"] = {
        **task["execution"],
        "artifacts": merged_artifacts(before, _items(question, "artifacts")),
    }
    stamp(task, now())
    return {"updated": 1}


@endpoint("tasks.delete_artifacts", "2.10")
def delete_artifacts(store: Store, question: Question) -> Json:
    """Artifacts by key and mode."""
    task = _open_task(store, question)
    gone = {(item["key"], item.get("mode", "output")) for item in _items(question, "artifacts")}
    before = task["execution"]["artifacts"]
    stay = [artifact for artifact in before if (artifact["key"], artifact["mode"]) not in gone]
    task["execution"] = {**task["execution"], "artifacts": stay}
    stamp(task, now())
    return {"deleted": 1}
