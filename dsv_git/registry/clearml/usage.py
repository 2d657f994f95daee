"""Which task used which version: written as `Dataset.get(alias=…)` of clearml does, and read back.

That leaves three marks in the task (`finish_dataset_get` in `clearml/datasets/dataset.py`, 2.1.12):
the hyperparameter `Datasets/ALIAS` with the ID, the ID in the runtime list `datasets`, and the ID
under the runtime key `orig_datasets.DATASET/VERSION`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol

from dsv_git.errors import InputError
from dsv_git.registry.clearml.paging import every_task
from dsv_git.registry.clearml.session import Session, current_task
from dsv_git.registry.clearml.task import ARCHIVED
from dsv_git.registry.port import Use

HYPERPARAMETERS: Final = "Datasets"
USED: Final = "datasets"
ASKED_FOR: Final = "orig_datasets"
FIELDS: Final = ("id", "name", "status", "created", "system_tags", "project.name", "user.name")


class Task(Protocol):
    """What is needed of a `clearml.Task`. Its runtime has no public methods: these are the ones
    that the package's own datasets call."""

    def update_parameters(self, *args: dict[str, str]) -> None:
        """Sets hyperparameters, and leaves the others."""

    def _get_runtime_properties(self) -> Mapping[str, Any]: ...

    def _set_runtime_properties(self, runtime_properties: Mapping[str, Any]) -> bool: ...


def record_use(
    task: Task | None, version_id: str, *, alias: str, dataset: str, version: str
) -> None:
    """Records in a task (default: that of this process) that it uses a version. Again is nothing
    new; another version under the same alias takes the hyperparameter's place.

    Raises InputError where there is no task, or what was given is none.
    """
    found = task if task is not None else current_task()
    if found is None:
        raise InputError(
            f"no ClearML task runs here that could use {dataset} {version}",
            hint="clearml.Task.init(…) first, or .use(task=…)",
        )
    if not hasattr(found, "update_parameters"):
        raise InputError(
            f"a clearml.Task is needed, not a {type(found).__name__}",
            hint=".use(task=clearml.Task.get_task(task_id=…))",
        )
    found.update_parameters({f"{HYPERPARAMETERS}/{alias}": version_id})
    used = list(found._get_runtime_properties().get(USED) or ())
    marks: dict[str, Any] = {f"{ASKED_FOR}.{dataset}/{version}": version_id}
    if version_id not in used:
        marks[USED] = [*used, version_id]
    found._set_runtime_properties(marks)


def uses(session: Session, ids: tuple[str, ...]) -> tuple[Use, ...]:
    """The tasks that used a version with one of these IDs, the newest first.

    Only the runtime tells: a task that was cloned has the hyperparameter, and has used nothing yet.
    The server compares a runtime value for equality, which in a list means membership; a list of
    IDs would have to be equal as a whole, so there is a query for each ID. IDs of other registries
    (`local:…`) are passed over.
    """
    own = [one for one in ids if ":" not in one]
    found = {str(task["id"]): task for one in own for task in _with(session, one)}
    newest = sorted(found.values(), key=lambda t: (str(t.get("created") or ""), t["id"]))
    return tuple(_read(session, task) for task in reversed(newest))


def _with(session: Session, version_id: str) -> Iterator[dict[str, Any]]:
    query = {f"runtime.{USED}": version_id, "only_fields": list(FIELDS), "order_by": ["id"]}
    return every_task(session, query)


def _read(session: Session, task: Mapping[str, Any]) -> Use:
    project, user = task.get("project") or {}, task.get("user") or {}
    return Use(
        id=str(task["id"]),
        name=str(task.get("name") or ""),
        project=str(project.get("name") or ""),
        status=str(task.get("status") or ""),
        user=str(user.get("name") or user.get("id") or ""),
        created=str(task.get("created") or ""),
        archived=ARCHIVED in (task.get("system_tags") or ()),
        url=session.page(str(project.get("id") or ""), str(task["id"])),
    )
