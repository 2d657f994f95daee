"""Drafts with everything a version may have, and what a server holds of them, ids and times
named."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.record import RecordStats
from dsv_git.registry.clearml.registry import ClearMLRegistry
from dsv_git.registry.clearml.session import open_session
from dsv_git.registry.page import Page, Picture, Plot, Sample
from dsv_git.registry.port import Ancestor, Facts, Origin
from tests.clearml_server import ClearMLServer
from tests.registry.test_contract import Listed, Memory

TEXT = """format: 1
dataset: pets
project: Data/Animals
version: {version}
data: {{root: /data}}
"""
ROW = '{{"path":"{name}.jpg","size":5,"hash":"xxh3:{number:032x}"}}\n'
PAGE = Page(
    plots=(
        Plot("Classes", "all", {"data": [{"type": "bar", "x": ["cat"], "y": [2]}], "layout": {}}),
        Plot("Sizes", "all", {"data": [], "layout": {"title": "Sizes"}}),
    ),
    pictures=(Picture("Balance", "cat", "balance.png", b"\x89PNG balance"),),
    samples=(
        Sample("Samples", "cat a", "a.jpg", b"picture a"),
        Sample("Samples", "cat b", "b.jpg", b"picture b"),
    ),
)
STATS = RecordStats(2, 10, 2, 0, 0, 0, {"cat": 2})


@dataclass(frozen=True)
class Version:
    """A draft."""

    key: str
    manifest: Manifest
    parents: tuple[str, ...] = ()
    lineage: tuple[Ancestor, ...] = ()
    replaces: tuple[str, ...] = ()
    stats: RecordStats = STATS
    grown: int = 10
    page: Page = PAGE

    @property
    def digest(self) -> str:
        return f"sha256:{self.key}"

    @property
    def content(self) -> Listed:
        return Listed(self.manifest)

    @property
    def facts(self) -> Facts:
        origin = Origin("c" * 40, "main", "https://git.test/pets.git", "Ada")
        return Facts("pets", "two cats", ("cleaned",), {"source": "camera"}, "/data", origin)


def draft(
    key: str, version: str, *parents: str, replaces: tuple[str, ...] = (), content: int = 1
) -> Version:
    """A draft. `key` is one character; other `content` is another file list."""
    rows = "".join(ROW.format(name=name, number=content) for name in "ab")
    files = {"manifest.yaml": TEXT.format(version=version).encode(), "files/_.jsonl": rows.encode()}
    lineage = tuple(Ancestor(parent, "pets", "1.0", 10, ()) for parent in parents)
    return Version(key * 64, Manifest("pets", Memory(files)), parents, lineage, replaces)


def connect(clone: str = "here", *, silence: float = 30) -> ClearMLRegistry:
    """A registry, logged in by the environment. `silence` is in seconds."""
    return ClearMLRegistry(open_session(silence=silence), clone)


def completed(server: ClearMLServer) -> list[str]:
    """The IDs of completed versions that are not archived, in order of their making."""
    return [
        one
        for one, task in server.tasks.items()
        if task["status"] == "completed" and "archived" not in task.get("system_tags", ())
    ]


class Kept:
    """What a server holds now, for later."""

    def __init__(self, server: ClearMLServer) -> None:
        store = server.store
        self._server, self._files = server, set(server.files)
        self._documents = copy.deepcopy((store.projects, store.tasks, store.events))

    def restore(self) -> None:
        """Takes everything out of the server that came since."""
        store = self._server.store
        store.projects, store.tasks, store.events = copy.deepcopy(self._documents)
        for path in set(self._server.files) - self._files:
            self._server.files.remove(path)


def whole(server: ClearMLServer, names: Mapping[str, str]) -> dict[str, Any]:
    """All that a server holds of the tasks in `names`, which names their IDs; times are left out.

    Files that belong to no task are not in it: `orphans` has them.
    """
    projects = {one: project["name"] for one, project in server.projects.items()}

    def named(value: Any) -> Any:
        text = json.dumps(value, default=lambda _: "TIME", sort_keys=True)
        for one, name in {**names, **projects, server.files_url: "FILES"}.items():
            text = text.replace(one, name)
        text = re.sub(r'(\\"last_update\\": )\d+', r"\1TIME", text)
        times = r'"(_id|@?timestamp|active_duration|last_update)": ("[^"]*"|\d+)'
        text = re.sub(times, r'"\1": "TIME"', text)
        return json.loads(text)

    kept = [path for path in server.files if any(one in path for one in names)]
    files = {path: server.files.read(path) for path in kept}
    return {
        "projects": sorted(
            (named(project) for project in server.projects.values()), key=lambda p: str(p["name"])
        ),
        "tasks": {name: named(server.tasks[one]) for one, name in names.items()},
        "events": [named(event) for event in server.events],
        "files": named({p: data.decode("latin-1") for p, data in files.items()}),
    }


def orphans(server: ClearMLServer) -> list[str]:
    """Files on the file server that belong to no task."""
    return [path for path in server.files if not any(one in path for one in server.tasks)]
