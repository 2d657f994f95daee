"""What git and the test server hold of a version, read without the code under test."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tests.clearml_server import ClearMLServer

Json = dict[str, Any]


def git(top: Path, *args: str) -> bytes:
    """What git prints."""
    return subprocess.run(["git", *args], cwd=top, check=True, capture_output=True).stdout


def files_at(top: Path, commit: str, manifest: str) -> dict[str, bytes]:
    """The files of a manifest in a commit, by their path below its folder."""
    names = git(top, "ls-tree", "-r", "-z", "--name-only", f"{commit}:manifests/{manifest}")
    return {
        name: git(top, "cat-file", "blob", f"{commit}:manifests/{manifest}/{name}")
        for name in names.decode().split("\0")
        if name
    }


def rows_of(files: dict[str, bytes]) -> list[Json]:
    """The rows of a manifest with one list."""
    assert [name for name in files if name.startswith("files/")] == ["files/_.jsonl"]
    return [json.loads(line) for line in files["files/_.jsonl"].splitlines()]


def digest_of(files: dict[str, bytes]) -> str:
    """The digest of the lists, as the manifest format tells."""
    lines = [
        f"{hashlib.sha256(data).hexdigest()}  {name}\n"
        for name, data in sorted(files.items())
        if name.startswith("files/") and name.endswith(".jsonl")
    ]
    return "sha256:" + hashlib.sha256("".join(lines).encode()).hexdigest()


def record_at(top: Path, commit: str, manifest: str, version: str) -> Json:
    """A version's record in a commit."""
    path = f"{commit}:manifests/{manifest}/versions/{version}.json"
    found: Json = json.loads(git(top, "cat-file", "blob", path))
    return found


@dataclass(frozen=True)
class Version:
    """A registered version: the commit that made it in git, its task on the server."""

    server: ClearMLServer
    top: Path
    commit: str
    manifest: str
    version: str

    @property
    def files(self) -> dict[str, bytes]:
        """Its manifest's files in git."""
        return files_at(self.top, self.commit, self.manifest)

    @property
    def rows(self) -> list[Json]:
        """Its entries in git."""
        return rows_of(self.files)

    @property
    def record(self) -> Json:
        """Its record in git."""
        return record_at(self.top, self.commit, self.manifest, self.version)

    @property
    def id(self) -> str:
        """The ID that git has."""
        return str(self.record["id"])

    @property
    def task(self) -> Json:
        """What the server has."""
        return self.server.tasks[self.id]

    @property
    def runtime(self) -> Json:
        """The runtime keys."""
        return dict(self.task["runtime"])

    @property
    def properties(self) -> dict[str, str]:
        """The user properties."""
        said = self.task["hyperparams"]["properties"]
        return {name: item["value"] for name, item in said.items()}

    @property
    def project(self) -> str:
        """The name of its project."""
        return str(self.server.projects[self.task["project"]]["name"])

    def artifact(self, key: str) -> Json:
        """An artifact's description."""
        (found,) = [one for one in self.task["execution"]["artifacts"] if one["key"] == key]
        return dict(found)

    def stored(self, url: str) -> bytes:
        """A file of the file server, by its URL."""
        assert url.startswith(f"{self.server.files_url}/")
        return self.server.files.read(unquote(url.removeprefix(f"{self.server.files_url}/")))

    @property
    def state(self) -> Json:
        """The artifact that ClearML's package reads."""
        found: Json = json.loads(self.stored(self.artifact("state")["uri"]))
        return found

    @property
    def struct(self) -> dict[str, tuple[str, ...]]:
        """The lineage of the web page: each version's ID with its parents' IDs."""
        nodes = json.loads(self.task["configuration"]["Dataset Struct"]["value"])
        return {
            node["job_id"]: tuple(sorted(nodes[parent]["job_id"] for parent in node["parents"]))
            for node in nodes.values()
        }

    def events(self, kind: str) -> list[Json]:
        """Its events of a type."""
        return [dict(one) for one in self.server.store.task_events(self.id, kind)]

    @property
    def plots(self) -> dict[str, Json]:
        """Its plots by their titles."""
        found = self.events("plot")
        metrics = Counter(one["metric"] for one in found)
        assert set(metrics.values()) <= {1}, metrics
        return {one["metric"]: json.loads(one["plot_str"], parse_constant=_refuse) for one in found}

    @property
    def samples(self) -> dict[str, bytes]:
        """Its debug samples by title and series."""
        return {
            f"{one['metric']}/{one['variant']}": self.stored(one["url"])
            for one in self.events("training_debug_image")
        }


def _refuse(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")
