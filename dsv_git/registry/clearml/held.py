"""Which versions of a name ClearML holds already, and what each means for a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from dsv_git.registry.clearml.session import Session
from dsv_git.registry.clearml.task import ARCHIVED, COMPLETE, DATASET

STALE: Final = timedelta(hours=1)
"""After so long without a change, a half-made version is nobody's work any more."""
FIELDS: Final = ("id", "status", "completed", "last_update", "system_tags", "runtime")


@dataclass(frozen=True)
class Candidate:
    """A version of some name as ClearML holds it."""

    id: str
    key: str
    clone: str
    complete: bool
    completed: str
    """When, as text that sorts by time."""
    stale: bool


def candidates(session: Session, project: str, version: str) -> tuple[Candidate, ...]:
    """The versions of a name in a dataset's project that are not archived, oldest first.

    A key names one project, dataset and version: so this one query finds a version by its key, a
    half-made one, and one that is in the way.
    """
    query = {
        "project": [project],
        "system_tags": [DATASET],
        "search_hidden": True,
        "only_fields": list(FIELDS),
        "runtime.version": version,
    }
    return _read(session.call("tasks.get_all_ex", query).get("tasks") or ())


def by_key(session: Session, key: str) -> tuple[Candidate, ...]:
    """The versions with a key, in any project."""
    query = {
        "system_tags": [DATASET],
        "search_hidden": True,
        "only_fields": list(FIELDS),
        "runtime.dsv_key": key,
    }
    return _read(session.call("tasks.get_all_ex", query).get("tasks") or ())


def oldest(found: Sequence[Candidate]) -> Candidate | None:
    """The one that was complete first: of clones that raced, all choose the same one, for whoever
    completes later sees the earlier ones."""
    return min((c for c in found if c.complete), key=lambda c: (c.completed, c.id), default=None)


def _read(tasks: Sequence[dict[str, Any]]) -> tuple[Candidate, ...]:
    found = [
        Candidate(
            id=str(task["id"]),
            key=str((task.get("runtime") or {}).get("dsv_key") or ""),
            clone=str((task.get("runtime") or {}).get("dsv_clone") or ""),
            complete=task.get("status") in COMPLETE,
            completed=str(task.get("completed") or ""),
            stale=is_stale(str(task.get("last_update") or "")),
        )
        for task in tasks
        if ARCHIVED not in (task.get("system_tags") or ())
    ]
    return tuple(sorted(found, key=lambda c: (c.completed, c.id)))


def is_stale(time: str) -> bool:
    """Whether a version that was changed last at that time is nobody's work any more."""
    try:
        then = datetime.fromisoformat(time.replace("Z", "+00:00"))
    except ValueError:
        return False
    if then.tzinfo is None:
        then = then.replace(tzinfo=timezone.utc)
    return datetime.now(timezone.utc) - then > STALE
