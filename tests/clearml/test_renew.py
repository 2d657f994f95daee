"""A version that was deleted in ClearML is registered anew, from git alone."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.clearml_server import ClearMLServer
from tests.conftest import Repo


def record(repo: Repo, version: str) -> dict[str, Any]:
    """The record of a version, as HEAD has it."""
    text = repo.git("show", f"HEAD:manifests/pets/versions/{version}.json")
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.fixture
def family(clearml_repo: Repo) -> Repo:
    """Three generations: 1.0, 1.1, 1.2."""
    clearml_repo.write("data/cat/a.jpg", "a")
    clearml_repo.dsv("add", "data", "--name", "pets", "--labels", "{label}/*")
    clearml_repo.commit("Add pets")
    for name in ("b", "c"):
        clearml_repo.write(f"data/cat/{name}.jpg", name)
        clearml_repo.dsv("update", "pets")
        clearml_repo.commit(f"Add {name}")
    return clearml_repo


def test_the_version_and_its_descendants_get_new_ids_and_keep_the_former_ones(
    family: Repo, server: ClearMLServer
) -> None:
    before = {version: record(family, version) for version in ("1.0", "1.1", "1.2")}
    del server.tasks[before["1.1"]["id"]]
    said = family.dsv("restore", "pets@1.1", "--registry")
    after = {version: record(family, version) for version in before}
    assert after["1.0"] == before["1.0"]
    for version in ("1.1", "1.2"):
        assert after[version]["id"] not in {before[version]["id"], ""}
        assert after[version]["former_ids"] == [before[version]["id"]]
        assert after[version]["key"] == before[version]["key"]
        assert after[version]["id"] in said
    assert after["1.2"]["parents"][0]["id"] == after["1.1"]["id"]
    assert family.status == ""
    family.dsv("check", "HEAD")
    family.dsv("check", "HEAD~1..HEAD")


def test_the_former_selves_of_descendants_are_archived(family: Repo, server: ClearMLServer) -> None:
    former = record(family, "1.2")["id"]
    del server.tasks[record(family, "1.1")["id"]]
    family.dsv("restore", "pets@1.1", "--registry")
    assert "archived" in server.tasks[former]["system_tags"]
    living = [t for t in server.tasks.values() if "archived" not in t["system_tags"]]
    assert sorted(t["runtime"]["version"] for t in living) == ["1.0", "1.1", "1.2"]


def test_a_version_that_is_there_stays_as_it_is(family: Repo, server: ClearMLServer) -> None:
    head, tasks = family.git("rev-parse", "HEAD"), len(server.tasks)
    assert "there already" in family.dsv("restore", "pets", "--registry")
    assert family.git("rev-parse", "HEAD") == head
    assert len(server.tasks) == tasks


def test_an_archived_version_counts_as_lost(family: Repo, server: ClearMLServer) -> None:
    former = record(family, "1.2")["id"]
    server.tasks[former]["system_tags"].append("archived")
    family.dsv("restore", "pets@1.2", "--registry")
    assert record(family, "1.2")["former_ids"] == [former]


def test_the_sdk_gets_a_local_copy_of_a_grandchild_after_the_renewal(
    family: Repo, server: ClearMLServer, tmp_path: Path
) -> None:
    del server.tasks[record(family, "1.0")["id"]]
    family.dsv("restore", "pets@1.0", "--registry")
    program = (
        "import sys; from clearml import Dataset; "
        "print(Dataset.get(dataset_id=sys.argv[1]).get_local_copy())"
    )
    env = {**family.env, "CLEARML_CACHE_DIR": str(tmp_path / "cache")}
    env.pop("PYTHONWARNINGS")
    done = subprocess.run(
        [sys.executable, "-c", program, record(family, "1.2")["id"]],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    copy = Path(done.stdout.splitlines()[-1])
    found = {p.relative_to(copy).as_posix(): p.read_text() for p in copy.rglob("*.jpg")}
    assert found == {f"cat/{name}.jpg": name for name in "abc"}


def test_a_former_id_names_the_version_to_restore(family: Repo, server: ClearMLServer) -> None:
    former = record(family, "1.1")["id"]
    del server.tasks[former]
    family.dsv("restore", "pets@1.1", "--registry")
    again = record(family, "1.1")["id"]
    del server.tasks[again]
    family.dsv("restore", former, "--registry")
    assert record(family, "1.1")["former_ids"] == [former, again]


def test_what_to_restore_must_be_said(family: Repo) -> None:
    assert (
        "dsv restore pets --registry"
        in family.run(sys.executable, "-m", "dsv_git", "restore", "pets", code=2).stderr
    )


def test_an_unknown_version_is_refused(family: Repo) -> None:
    said = family.run(sys.executable, "-m", "dsv_git", "restore", "pets@9", "--registry", code=2)
    assert "no registered version 'pets@9'" in said.stderr
