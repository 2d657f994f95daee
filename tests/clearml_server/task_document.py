"""A task as the server keeps it, and the fields that a person may set."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.clearml_server.errors import ApiError, bad_choice, missing_field
from tests.clearml_server.store import USER, Json, Store, kept, now

TYPES = (
    "training", "testing", "annotation_manual", "annotation", "inference", "data_processing",
    "application", "monitor", "controller", "report", "optimizer", "service", "qc", "custom",
)  # fmt: skip
SETTABLE = (
    "name", "tags", "system_tags", "type", "comment", "parent", "project", "models",
    "container", "output_dest", "execution", "hyperparams", "configuration", "script", "runtime",
)  # fmt: skip
QUIET = {"name", "tags", "system_tags", "comment", "project"}
"""Fields whose change is no news: `last_update` stays."""
MERGED = {"script", "output", "execution", "models"}
"""Fields of which a change keeps the parts that it does not name; all others are replaced."""
SHORTEST_NAME = 3


def default_parts() -> dict[str, Json]:
    """The parts that every task has."""
    return {
        "output": {},
        "execution": {
            "test_split": 0,
            "parameters": {},
            "model_desc": {},
            "model_labels": {},
            "artifacts": [],
        },
        "script": {"binary": "python", "repository": "", "entry_point": "", "requirements": {}},
        "models": {"input": [], "output": []},
    }


def with_mode(artifact: Json) -> Json:
    """An artifact as it is kept: with its mode, half of its identity, and its display sorted."""
    whole = {"mode": "output", **artifact}
    if whole.get("display_data"):
        whole["display_data"] = sorted(whole["display_data"])
    return whole


def merged_artifacts(*lists: list[Json]) -> list[Json]:
    """One list, later ones win by key and mode, in the order of keys."""
    found = {(a["key"], a["mode"]): a for each in lists for a in map(with_mode, each)}
    return sorted(found.values(), key=lambda a: str(a["key"]))


def _checked_value(store: Store, name: str, value: Any) -> Any:
    if name in ("tags", "system_tags"):
        return sorted(set(value))
    if name == "type" and value not in TYPES:
        raise bad_choice("type", value)
    if name == "name" and len(value.strip()) < SHORTEST_NAME:
        raise ApiError(400, 800, "Data validation error", name="String value is too short")
    if name == "project":
        store.project(value)
    if name == "parent" and not value.startswith("__DELETED__"):
        store.task(value, parent=value)
    return value


def given_fields(store: Store, data: Json) -> Json:
    """The settable fields of a request, checked and in the form in which they are kept."""
    fields: Json = {}
    for name in SETTABLE:
        value = data.get(name)
        if value is None:
            continue
        if name == "output_dest":
            fields["output"] = {"destination": value}
            continue
        fields[name] = _checked_value(store, name, value)
    if (fields.get("execution") or {}).get("artifacts") is not None:
        artifacts = merged_artifacts(fields["execution"]["artifacts"])
        fields["execution"] = {**fields["execution"], "artifacts": artifacts}
    return fields


def new_task(store: Store, data: Json, task: str) -> Json:
    """A task of status `created`."""
    for name in ("name", "type"):
        if data.get(name) is None:
            raise missing_field(name)
    if data["type"] not in TYPES:
        raise bad_choice("type", data["type"])
    given = given_fields(store, data)
    parts = default_parts()
    for name, part in parts.items():
        part.update(given.pop(name, {}))
    moment = kept(now())
    return {
        "id": task,
        "company": "d1bd92a3b039400cbafc60a7a5b1e52b",
        "user": USER,
        "status": "created",
        "report_assets": [],
        "created": moment,
        "tags": [],
        "system_tags": [],
        "last_update": moment,
        "last_change": moment,
        "last_iteration": 0,
        "last_metrics": {},
        "unique_metrics": [],
        "metric_stats": {},
        "hyperparams": {},
        "configuration": {},
        "runtime": {},
        "container": {},
        "last_changed_by": USER,
        **parts,
        **given,
    }


def stamp(task: Json, moment: datetime, news: bool = True) -> None:
    """Notes who changed the task and when; `news` if `last_update` moves too."""
    task["last_change"] = kept(moment)
    task["last_changed_by"] = USER
    if news:
        task["last_update"] = kept(moment)


def change_fields(task: Json, fields: Json) -> Json:
    """Writes the fields into the task; the answer's `fields`, with the full dates."""
    moment = now()
    told = {
        name: {**task[name], **value} if name in MERGED else value for name, value in fields.items()
    }
    task.update(told)
    news = not set(fields) <= QUIET
    stamp(task, moment, news)
    dates = {"last_change": moment, "last_changed_by": USER}
    return {**told, **dates, **({"last_update": moment} if news else {})}
