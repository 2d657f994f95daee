"""`tasks.started`, `completed` and so on: which status may follow which."""

from __future__ import annotations

from datetime import datetime

from tests.clearml_server.endpoints import Question, endpoint
from tests.clearml_server.errors import ApiError, bad_status
from tests.clearml_server.store import USER, Json, Store, kept, now
from tests.clearml_server.task_document import stamp

FOLLOWS: dict[str, set[str]] = {
    "created": {"queued", "in_progress"},
    "queued": {"created", "in_progress", "stopped"},
    "in_progress": {"stopped", "failed", "created", "completed"},
    "stopped": {
        "closed", "created", "failed", "queued", "in_progress", "published", "publishing",
        "completed",
    },
    "closed": {"created", "failed", "published", "publishing", "stopped"},
    "failed": {"created", "stopped", "published", "queued"},
    "publishing": {"published"},
    "published": set(),
    "completed": {"published", "in_progress", "created"},
}  # fmt: skip


def _change(store: Store, question: Question, status: str, **dates: bool) -> Json:
    task = store.task(question.need("task"))
    before = task["status"]
    if not question.force and status != before and status not in FOLLOWS[before]:
        raise ApiError(
            400,
            110,
            "Invalid task status",
            "Invalid status change",
            current_status=before,
            new_status=status,
        )
    moment = now()
    told = {
        "status": status,
        "status_reason": question.data.get("status_reason") or "",
        "status_message": question.data.get("status_message") or "",
        "status_changed": moment,
        "last_update": moment,
        "last_change": moment,
        "last_changed_by": USER,
        **dict.fromkeys(dates, moment),
    }
    task.update({n: kept(v) if isinstance(v, datetime) else v for n, v in told.items()})
    store.touch_project(task.get("project"))
    return {"fields": told, "updated": 1}


@endpoint("tasks.started")
def started(store: Store, question: Question) -> Json:
    """The task runs; what an earlier run left is forgotten."""
    task = store.task(question.need("task"))
    if task["status"] == "in_progress" and "started" in task:
        answer = _change(store, question, "in_progress")
    else:
        answer = _change(store, question, "in_progress", started=True)
        task.pop("completed", None)
        task.pop("active_duration", None)
    return {**answer, "started": 1}


@endpoint("tasks.completed", "2.2")
def completed(store: Store, question: Question) -> Json:
    """The task is done, with `publish` published as well."""
    answer = {**_change(store, question, "completed", completed=True), "published": 0}
    if question.data.get("publish"):
        told = _change(store, question, "published", published=True)
        answer["published"] = 1
        answer["fields"]["status"] = told["fields"]["status"]
    return answer


@endpoint("tasks.stopped")
def stopped(store: Store, question: Question) -> Json:
    """The task was ended from within."""
    return _change(store, question, "stopped", completed=True)


@endpoint("tasks.stop")
def stop(store: Store, question: Question) -> Json:
    """The task is to end; one that no agent runs is stopped at once."""
    return _change(store, question, "stopped", completed=True)


@endpoint("tasks.failed")
def failed(store: Store, question: Question) -> Json:
    """The task failed."""
    return _change(store, question, "failed", completed=True)


@endpoint("tasks.close")
def close(store: Store, question: Question) -> Json:
    """The task is closed."""
    return _change(store, question, "closed")


@endpoint("tasks.publish")
def publish(store: Store, question: Question) -> Json:
    """The task is published and never changes again."""
    task = store.task(question.need("task"))
    if not question.force and task["status"] == "created":
        raise bad_status(expected="completed", status=task["status"])
    return _change(store, question, "published", published=True)


@endpoint("tasks.ping")
def ping(store: Store, question: Question) -> Json:
    """The task lives."""
    note_activity(store.task(question.need("task")))
    return {}


def note_activity(task: Json) -> None:
    """Notes that a running task was heard of: how long it runs, in whole seconds."""
    moment = now()
    if task["status"] == "in_progress" and "started" in task:
        task["active_duration"] = int((moment - task["started"]).total_seconds())
    stamp(task, moment)
