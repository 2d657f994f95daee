"""Versions as ClearML has them, whoever made them: their ancestry, and their files by name.

What is read is what the package itself reads for `Dataset.get`: the artifact `state`. Data is never
downloaded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import msgspec

from dsv_git.errors import InputError
from dsv_git.manifest.entry import is_hash
from dsv_git.manifest.lists import ListedFile
from dsv_git.manifest.names import printable
from dsv_git.registry.clearml.paging import every_task
from dsv_git.registry.clearml.place import Place
from dsv_git.registry.clearml.projects import find
from dsv_git.registry.clearml.readback import BATCH, held
from dsv_git.registry.clearml.session import Session
from dsv_git.registry.clearml.state import STATE
from dsv_git.registry.clearml.task import ARCHIVED, COMPLETE, DATASET, FROM_GIT, NAMED
from dsv_git.registry.foreign import Content, Foreign
from dsv_git.registry.port import Held

FIELDS: Final = (
    "id",
    "name",
    "project.name",
    "user.name",
    "created",
    "execution.artifacts",
)
_FILE: Final = "file://"


class _File(msgspec.Struct, gc=False):
    relative_path: str
    size: int | None = None
    hash: str | None = None
    link: str | None = None


class _State(msgspec.Struct):
    dataset_file_entries: list[_File] = []
    dataset_link_entries: list[_File] = []
    dependency_graph: dict[str, list[str]] = {}


@dataclass
class ClearMLSource:
    """The versions of a ClearML server. What is read of each is kept in `folder`: it is asked for
    several times, and may be large."""

    session: Session
    folder: Path
    _states: dict[str, str] = field(default_factory=dict)
    """Where the state of each version is."""
    _last: dict[str, _State] = field(default_factory=dict)

    def family(self, ids: Iterable[str]) -> tuple[Foreign, ...]:
        """Versions with their whole ancestry, as far as it is there, parents first."""
        found: dict[str, Foreign] = {}
        asked: set[str] = set()
        todo = list(dict.fromkeys(ids))
        while todo:
            asked.update(todo)
            new = self._read(todo)
            found.update((one.id, one) for one in new)
            named = dict.fromkeys(parent for one in new for parent in one.parents)
            todo = [one for one in named if one not in asked]
        return _parents_first(found)

    def versions(self, project: str, dataset: str) -> tuple[str, ...]:
        """The IDs of all complete versions of a dataset that are in sight, the oldest first."""
        where = Place(project.strip("/"), dataset.strip("/"))
        known = find(self.session, where)
        if where.leaf not in known:
            return ()
        query = {
            "project": [known[where.leaf][0]],
            "system_tags": [DATASET],
            "only_fields": ["id", "status", "system_tags"],
            "order_by": ["created", "id"],
        }
        tasks = every_task(self.session, query)
        return tuple(
            str(task["id"])
            for task in tasks
            if task.get("status") in COMPLETE and ARCHIVED not in (task.get("system_tags") or ())
        )

    def content(self, version: Foreign) -> Content:
        """The files of a version: those that ClearML stores, and those that it knows links to.
        One without a state has none."""
        state = self._state(version.id)
        rows = [*state.dataset_file_entries, *state.dataset_link_entries]
        files = sorted(
            (ListedFile(0, row.relative_path, row.size, _hash(row.hash)) for row in rows),
            key=lambda file: file.path,
        )
        bases = {_base(row) for row in state.dataset_link_entries}
        base = bases.pop() if len(bases) == 1 and not state.dataset_file_entries else ""
        return Content(tuple(files), base, len(state.dataset_file_entries))

    def _read(self, ids: list[str]) -> list[Foreign]:
        there = {one.id: one for one in held(self.session, tuple(ids))}
        found = []
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            query = {"id": batch, "search_hidden": True, "only_fields": list(FIELDS)}
            tasks = self.session.call("tasks.get_all_ex", query).get("tasks") or ()
            by_id = {str(task["id"]): task for task in tasks}
            both = (one for one in batch if one in there and one in by_id)
            found += [self._foreign(there[one], by_id[one]) for one in both]
        return found

    def _foreign(self, known: Held, task: Mapping[str, Any]) -> Foreign:
        artifacts = (task.get("execution") or {}).get("artifacts") or ()
        uri = next((a.get("uri") for a in artifacts if a.get("key") == STATE), None)
        if uri:
            self._states[known.id] = str(uri)
        graph = self._state(known.id).dependency_graph
        name = str((task.get("project") or {}).get("name") or "")
        project, hidden, dataset = name.partition("/.datasets/")
        user = task.get("user") or {}
        return Foreign(
            held=known,
            project=project,
            dataset=dataset if hidden else str(task.get("name") or ""),
            author=str(user.get("name") or ""),
            created=str(task.get("created") or ""),
            parents=tuple(dict.fromkeys(graph.get(known.id) or known.parents)),
            properties={
                name: value
                for name, value in known.properties.items()
                if name and name not in {*NAMED, *FROM_GIT}
            },
        )

    def _state(self, version_id: str) -> _State:
        """The state of a version; the last one is remembered, for it is asked for in a row."""
        if version_id not in self._last:
            self._last.clear()
            self._last[version_id] = self._downloaded(version_id)
        return self._last[version_id]

    def _downloaded(self, version_id: str) -> _State:
        uri = self._states.get(version_id)
        if uri is None:
            return _State()
        place = self.folder / hashlib.sha256(version_id.encode()).hexdigest()
        if not place.exists():
            with place.open("wb") as file:
                self.session.download(uri, file)
        try:
            return msgspec.json.decode(place.read_bytes(), type=_State)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise InputError(
                f"the artifact {STATE} of {printable(version_id)} is not what ClearML writes",
                hint="it may be broken: clearml.Dataset.get reads the same file",
            ) from None


def _hash(text: str | None) -> str | None:
    """A hash as file lists have it. The package writes the hexadecimal SHA-256 alone."""
    if not text:
        return None
    named = text if ":" in text else f"sha256:{text.lower()}"
    return named if is_hash(named) else None


def _base(row: _File) -> str:
    """The folder or URL that a link lies below; empty where its path there is another one."""
    link = row.link or ""
    for inner in (row.relative_path, quote(row.relative_path)):
        if link.endswith(f"/{inner}"):
            return link[: -len(inner) - 1].removeprefix(_FILE) or "/"
    return ""


def _parents_first(found: Mapping[str, Foreign]) -> tuple[Foreign, ...]:
    """In the order of their making, as far as that leaves parents before their children."""
    ordered: dict[str, Foreign] = {}
    for one in sorted(found.values(), key=lambda v: (v.created, v.id)):
        stack = [(one, False)]
        open_ids: set[str] = set()
        while stack:
            version, expanded = stack.pop()
            if expanded:
                ordered[version.id] = version
            elif version.id not in ordered and version.id not in open_ids:
                open_ids.add(version.id)
                stack.append((version, True))
                stack += [(found[p], False) for p in reversed(version.parents) if p in found]
    return tuple(ordered.values())
