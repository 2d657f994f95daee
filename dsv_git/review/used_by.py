"""The tasks that used a version, as lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from dsv_git.manifest.names import printable
from dsv_git.review.lines import Line, columns

STYLES = {"completed": "green", "published": "green", "failed": "red", "in_progress": "cyan"}


class Task(Protocol):
    """A task as a registry tells of it."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def project(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def user(self) -> str: ...
    @property
    def created(self) -> str: ...
    @property
    def archived(self) -> bool: ...
    @property
    def url(self) -> str: ...


def used_by_lines(registry: str, tasks: Iterable[Task]) -> list[Line]:
    """A table of the tasks, the address of each one's page below it."""
    found = list(tasks)
    if not found:
        return [(("used by", "bold"), (f"  no task that {registry} knows of", ""))]
    count = f"  {len(found):,} task{'s' if len(found) > 1 else ''}"
    return [(("used by", "bold"), (count, "")), *_rows(found)]


def _rows(found: list[Task]) -> Iterator[Line]:
    table = columns(
        (
            (printable(one.id), "yellow"),
            (printable("/".join(part for part in (one.project, one.name) if part)), ""),
            (_status(one), STYLES.get(one.status, "")),
            (printable(one.user), ""),
            (_minute(one.created), "dim"),
        )
        for one in found
    )
    for one, line in zip(found, table, strict=True):
        yield line
        if one.url:
            yield (("    ", ""), (printable(one.url), "dim"))


def _status(task: Task) -> str:
    return f"{printable(task.status)}{', archived' if task.archived else ''}"


def _minute(time: str) -> str:
    """A time to the minute; text that is none as it is."""
    try:
        return f"{datetime.fromisoformat(time.replace('Z', '+00:00')):%Y-%m-%d %H:%M %z}".rstrip()
    except ValueError:
        return printable(time)
