"""Versions arrive in ClearML by nothing but commits."""

from __future__ import annotations

import json

from tests.clearml_server import ClearMLServer
from tests.conftest import Repo


def record(repo: Repo, manifest: str, version: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(
        repo.git("show", f"HEAD:manifests/{manifest}/versions/{version}.json")
    )
    return found


def test_a_commit_registers_the_version_and_holds_its_id(
    clearml_repo: Repo, server: ClearMLServer
) -> None:
    clearml_repo.write("data/cat/a.jpg", "a")
    clearml_repo.dsv("add", "data", "--name", "pets", "--labels", "{label}/*")
    before = clearml_repo.git("rev-list", "--count", "--all")
    clearml_repo.commit("Add pets")
    assert clearml_repo.git("status", "--porcelain") == ""
    assert clearml_repo.git("rev-list", "--count", "HEAD") == str(int(before) + 1)
    found = record(clearml_repo, "pets", "1.0")
    (task,) = server.tasks.values()
    assert (found["registry"], found["id"]) == ("clearml", task["id"])
    assert task["status"] == "completed"
    assert task["script"]["version_num"] == clearml_repo.git("rev-parse", "HEAD")
