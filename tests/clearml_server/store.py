"""What the server remembers: projects, tasks and events as plain dicts, dates as datetimes."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

from tests.clearml_server.errors import unknown_project, unknown_task

Json = dict[str, Any]

COMPANY = "d1bd92a3b039400cbafc60a7a5b1e52b"
USER = "__loopback__"


def new_id() -> str:
    """An ID as the server mints it."""
    return uuid.uuid4().hex


def now() -> datetime:
    """The time, to the microsecond, as an answer to a change tells it."""
    return datetime.now(timezone.utc)


def kept(moment: datetime) -> datetime:
    """A date as the database keeps it, to the millisecond."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class Store:
    """All documents, in the order in which they were made.

    `scrolls` remembers for each reader of samples how far back it has read each task.
    Tests may read and change the dicts as they like; `lock` is held while a call is answered.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.projects: dict[str, Json] = {}
        self.tasks: dict[str, Json] = {}
        self.events: list[Json] = []
        self.scrolls: dict[str, dict[str, int]] = {}

    def task(self, task: object, **facts: object) -> Json:
        """The task with this ID; `facts` word the refusal."""
        found = self.tasks.get(str(task))
        if found is None:
            raise unknown_task(**(facts or {"id": task, "company": COMPANY}))
        return found

    def project(self, project: object) -> Json:
        """The project with this ID."""
        found = self.projects.get(str(project))
        if found is None:
            raise unknown_project(project)
        return found

    def project_named(self, name: str) -> Json | None:
        """The project with this full path."""
        return next((p for p in self.projects.values() if p["name"] == name), None)

    def touch_project(self, project: str | None) -> None:
        """Notes that something in the project changed."""
        if project in self.projects:
            self.projects[project]["last_update"] = kept(now())

    def task_events(self, task: str, kind: str | None = None) -> list[Json]:
        """The events of a task in order of arrival; `kind` as in an event's `type`."""
        return [
            event
            for event in self.events
            if event["task"] == task and kind in (None, event["type"])
        ]

    def forget_events(self, tasks: Iterable[str]) -> None:
        """Drops all events of these tasks."""
        gone = set(tasks)
        self.events = [event for event in self.events if event["task"] not in gone]
