"""`tasks.*`: make, find, read, archive, delete."""

from __future__ import annotations

from collections.abc import Callable

from tests.clearml_server.endpoints import Question, endpoint
from tests.clearml_server.errors import ApiError
from tests.clearml_server.joins import joined
from tests.clearml_server.queries import TASKS, project_fields, select
from tests.clearml_server.store import COMPANY, Json, Store, new_id, now
from tests.clearml_server.task_document import default_parts, new_task, stamp

NOT_LISTED = ("unique_metrics",)


@endpoint("tasks.create")
def create(store: Store, question: Question) -> Json:
    """A new task."""
    task = new_task(store, question.data, new_id())
    store.tasks[task["id"]] = task
    store.touch_project(task.get("project"))
    return {"id": task["id"]}


@endpoint("tasks.validate")
def validate(store: Store, question: Question) -> Json:
    """Whether `tasks.create` would do."""
    new_task(store, question.data, new_id())
    return {}


@endpoint("tasks.get_by_id")
def get_by_id(store: Store, question: Question) -> Json:
    """One task, whole."""
    task = question.need("task")
    return {"task": store.task(task, ids=[task])}


def _search(store: Store, data: Json) -> list[Json]:
    asked = dict(data)
    asked["search_hidden"] = asked.get("search_hidden") or bool(asked.get("id"))
    projects = asked.get("project")
    if projects and asked.pop("include_subprojects", False):
        roots = {projects} if isinstance(projects, str) else set(projects)
        below = [p["id"] for p in store.projects.values() if roots & set(p["path"])]
        asked["project"] = [*roots, *below]
    return select(store.tasks.values(), asked, TASKS)


@endpoint("tasks.get_all")
def get_all(store: Store, question: Question) -> Json:
    """Tasks by filters."""
    only = question.data.get("only_fields")
    found = _search(store, question.data)
    return {"tasks": [project_fields(task, only, hide=NOT_LISTED) for task in found]}


@endpoint("tasks.get_all_ex")
def get_all_ex(store: Store, question: Question) -> Json:
    """Tasks by filters, references as objects."""
    only = question.data.get("only_fields")
    found = _search(store, question.data)
    return {"tasks": [joined(store, task, TASKS, only, NOT_LISTED) for task in found]}


@endpoint("tasks.get_by_id_ex")
def get_by_id_ex(store: Store, question: Question) -> Json:
    """Tasks by ID, references as objects."""
    question.need("id")
    return get_all_ex(store, question)


def _archive(task: Json) -> Json:
    task["system_tags"] = sorted({*task["system_tags"], "archived"})
    stamp(task, now(), news=False)
    return {"archived": True}


def _unarchive(task: Json) -> Json:
    task["system_tags"] = sorted({*task["system_tags"]} - {"archived"})
    stamp(task, now(), news=False)
    return {"unarchived": True}


def _many(store: Store, question: Question, act: Callable[[Json], Json]) -> Json:
    done, failed = [], []
    for task in question.need("ids"):  # type: ignore[attr-defined]
        try:
            done.append({"id": task, **act(store.task(task))})
        except ApiError as refusal:  # noqa: PERF203
            error = {"codes": [refusal.status, refusal.subcode], "msg": refusal.message}
            failed.append({"id": task, "error": error})
    return {"failed": failed, "succeeded": done}


@endpoint("tasks.archive")
def archive(store: Store, question: Question) -> Json:
    """Archives all of them or none."""
    ids = list(question.need("tasks"))  # type: ignore[call-overload]
    for task in [store.task(task, ids=[task]) for task in ids]:
        _archive(task)
    return {"archived": len(ids)}


@endpoint("tasks.archive_many")
def archive_many(store: Store, question: Question) -> Json:
    """Archives each that can be."""
    return _many(store, question, _archive)


@endpoint("tasks.unarchive_many")
def unarchive_many(store: Store, question: Question) -> Json:
    """Takes each that can be out of the archive."""
    return _many(store, question, _unarchive)


def _delete(store: Store, task: Json, force: bool) -> Json:
    if task["status"] != "created" and "archived" not in task["system_tags"] and not force:
        raise ApiError(
            400,
            123,
            "Task cannot be deleted",
            "due to status, use force=True",
            task=task["id"],
            expected="created",
            current=task["status"],
        )
    store.tasks.pop(task["id"])
    store.forget_events([task["id"]])
    store.touch_project(task.get("project"))
    children = [other for other in store.tasks.values() if other.get("parent") == task["id"]]
    for child in children:
        child["parent"] = f"__DELETED__{task['id']}"
    return {
        "deleted": True,
        "updated_children": len(children),
        "updated_models": 0,
        "deleted_models": 0,
        "urls": None,
    }


@endpoint("tasks.delete")
def delete(store: Store, question: Question) -> Json:
    """Deletes a task and its events; its files stay."""
    return _delete(store, store.task(question.need("task")), question.force)


@endpoint("tasks.delete_many")
def delete_many(store: Store, question: Question) -> Json:
    """Deletes each that can be."""
    return _many(store, question, lambda task: _delete(store, task, question.force))


@endpoint("tasks.reset")
def reset(store: Store, question: Question) -> Json:
    """Back to `created`: events, artifacts and dates are gone."""
    task = store.task(question.need("task"))
    if not question.force and task["status"] in ("completed", "published", "publishing"):
        raise ApiError(400, 110, "Invalid task status", task_id=task["id"], status=task["status"])
    store.forget_events([task["id"]])
    for name in ("started", "completed", "published", "active_duration"):
        task.pop(name, None)
    task["execution"]["artifacts"] = default_parts()["execution"]["artifacts"]
    task.update(status="created", metric_stats={}, last_metrics={}, last_iteration=0)
    stamp(task, now())
    return {"updated": 1, "fields": {"status": "created"}, "deleted_models": 0, "urls": None}


@endpoint("tasks.move")
def move(store: Store, question: Question) -> Json:
    """Into another project."""
    project = store.project(question.need("project"))
    for task in question.need("ids"):  # type: ignore[attr-defined]
        store.task(task)["project"] = project["id"]
    return {"project_id": project["id"], "company": COMPANY}
