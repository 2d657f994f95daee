"""`events.*`: logs, plots, samples and scalars of tasks."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timezone
from typing import Any

from tests.clearml_server.endpoints import Question, endpoint
from tests.clearml_server.errors import ApiError
from tests.clearml_server.store import Json, Store, now
from tests.clearml_server.task_status import note_activity

KINDS = {"training_stats_scalar", "training_stats_vector", "training_debug_image", "plot", "log"}
IMAGE_SOURCE = re.compile(r'"source":\s*"([a-z][a-z0-9+\-.]*://[^\s"]*)"')


def _refusal(store: Store, event: Json) -> str | None:
    """Why an event is not taken."""
    task = event.get("task")
    if event.get("type") is None:
        return "Event must have a 'type' field"
    if event["type"] not in KINDS:
        return f"Invalid event type {event['type']}"
    if task is None:
        return "Event must have a 'task' field"
    locked = ("published", "publishing")
    found = store.tasks.get(task)
    if found is None or (found["status"] in locked and not event.get("allow_locked")):
        return f"Invalid task id {task}"
    return None


def _kept_event(event: Json, worker: str) -> Json:
    moment = now()
    whole = {
        **event,
        "model_event": bool(event.get("model_event")),
        "@timestamp": moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.")
        + f"{moment.microsecond // 1000:03d}Z",
        "timestamp": event.get("timestamp") or int(moment.timestamp() * 1000),
        "worker": event.get("worker") or worker,
        "metric": event.get("metric") or "",
        "variant": event.get("variant") or "",
    }
    whole.pop("allow_locked", None)
    if event["type"] == "plot":
        plot = whole.get("plot_str") or ""
        whole["plot_len"] = len(plot)
        if sources := sorted(set(IMAGE_SOURCE.findall(plot))):
            whole["source_urls"] = sources
    return whole


def _identity(event: Json) -> tuple[Any, ...]:
    return tuple(event.get(n) for n in ("type", "task", "metric", "variant", "iter"))


def _add(store: Store, given: Iterable[Json], worker: str) -> Json:
    refused: Counter[str] = Counter()
    taken: list[Json] = []
    for raw in given:
        event = {**raw, "type": str(raw["type"]).replace(" ", "_")} if raw.get("type") else raw
        why = _refusal(store, event)
        if why is None:
            taken.append(_kept_event(event, worker))
        else:
            refused[why] += 1
    if not taken:
        raise ApiError(400, 131, "Events not added", **dict(refused))
    again = {_identity(event) for event in taken if event["type"] != "log"}
    store.events = [event for event in store.events if _identity(event) not in again]
    latest = {_identity(e) if e["type"] != "log" else (n,): e for n, e in enumerate(taken)}
    store.events += latest.values()
    _note(store, taken)
    return {"added": len(taken), "errors": sum(refused.values()), "errors_info": dict(refused)}


def _note(store: Store, taken: list[Json]) -> None:
    """What the tasks' documents tell about their events."""
    stats: dict[str, Json] = defaultdict(dict)
    for event in taken:
        metric = event["metric"]
        # usedforsecurity: the server names a metric by this digest, nothing more
        key = hashlib.md5(metric.encode(), usedforsecurity=False).hexdigest()
        mine = stats[event["task"]].setdefault(key, {"metric": metric, "event_stats_by_type": {}})
        mine["event_stats_by_type"][event["type"]] = {"last_update": event["timestamp"]}
    for task, metrics in stats.items():
        document = store.tasks[task]
        document["metric_stats"] = metrics
        iterations = [e["iter"] for e in taken if e["task"] == task and e.get("iter") is not None]
        document["last_iteration"] = max([document["last_iteration"], *iterations])
        note_activity(document)


@endpoint("events.add")
def add(store: Store, question: Question) -> Json:
    """One event."""
    return _add(store, [question.data], question.worker)


@endpoint("events.add_batch")
def add_batch(store: Store, question: Question) -> Json:
    """Events as JSON lines."""
    events = question.batch or ([question.data] if question.data else [])
    if not events:
        raise ApiError(400, 17, "Batch request contains no items")
    return _add(store, events, question.worker)
