"""How often ClearML is asked: about a dozen times for a version, however long its history is."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Mapping

import pytest
from PIL import Image

from tests.clearml_server import ClearMLServer
from tests.conftest import Repo
from tests.manifests import write_manifest

MOST = 15
"""API calls of a registration, its samples apart."""
FILES = 2
"""Uploads to the file server with every version: its state and its manifest."""
CONTENTS = {"train/cat/a.jpg": "1", "train/dog/b.jpg": "2"}
WITHOUT_HOOKS = {
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "core.hooksPath",
    "GIT_CONFIG_VALUE_0": "/dev/null",
}


def asked(server: ClearMLServer) -> tuple[Counter[str], int]:
    """The API calls since the last time by endpoint, and how many uploads there were."""
    calls = server.calls
    server.forget_calls()
    return (
        Counter(call.endpoint for call in calls if call.server == "api"),
        sum(call.server == "files" for call in calls),
    )


def commit(repo: Repo, number: int, env: Mapping[str, str] | None = None) -> None:
    """Commits a generation: one file more, a child of the one before."""
    contents = {**CONTENTS, **{f"train/cat/{n}.jpg": f"more {n}" for n in range(number)}}
    parents = [f"pets@1.{number - 1}"] if number else []
    write_manifest(repo, "pets", f"1.{number}", contents, parents, project="Data/Animals")
    repo.commit(f"Generation {number}", env=env)


def ids(repo: Repo) -> dict[str, str]:
    """The IDs that HEAD has, by version."""
    names = repo.git("ls-tree", "-r", "--name-only", "HEAD", "--", "manifests").split("\n")
    records = [json.loads(repo.git("show", f"HEAD:{n}")) for n in names if "/versions/" in n]
    return {record["version"]: record["id"] for record in records}


def test_the_twentieth_generation_takes_as_many_calls_as_the_second(
    clearml_repo: Repo, server: ClearMLServer
) -> None:
    commit(clearml_repo, 0)
    first, uploads = asked(server)
    assert first["projects.create"] == 2  # the dataset's project is new
    assert (first.total() <= MOST, uploads) == (True, FILES), first

    commit(clearml_repo, 1)
    second = asked(server)
    balance = 1  # the picture of the class balance against the parents
    assert (second[0].total() <= MOST, second[1]) == (True, FILES + balance), second

    for number in range(2, 19):
        commit(clearml_repo, number, WITHOUT_HOOKS)
    assert asked(server)[0].total() == 0
    clearml_repo.dsv("sync")
    batch = asked(server)[0]
    assert batch["tasks.create"] == batch["tasks.completed"] == 17
    assert batch["auth.login"] == 1

    commit(clearml_repo, 19)
    assert asked(server) == second
    known = ids(clearml_repo)
    assert set(known) == {f"1.{number}" for number in range(20)}
    told = json.loads(server.tasks[known["1.19"]]["configuration"]["Dataset Struct"]["value"])
    assert {one["job_id"] for one in told.values()} == set(known.values())


def test_ten_pending_versions_log_in_once_and_none_takes_more_calls_than_alone(
    clearml_repo: Repo, server: ClearMLServer
) -> None:
    for number in range(10):
        commit(clearml_repo, number, WITHOUT_HOOKS)
    clearml_repo.dsv("sync")
    calls, uploads = asked(server)
    assert calls["tasks.create"] == 10
    assert calls["auth.login"] == 1
    assert calls["projects.create"] == 2
    assert calls.total() <= 10 * (MOST - 2)
    assert uploads == 10 * FILES + 9
    assert len(ids(clearml_repo)) == 10


def test_a_merge_takes_no_more_calls_than_any_version(
    clearml_repo: Repo, server: ClearMLServer
) -> None:
    write_manifest(clearml_repo, "kaggle", "1.0-kaggle", {"a.jpg": "1"}, project="Data/Animals")
    write_manifest(clearml_repo, "youtube", "1.0-youtube", {"b.jpg": "2"}, project="Data/Animals")
    clearml_repo.commit("Both sources")
    asked(server)
    clearml_repo.dsv("merge", "kaggle", "youtube", "--into", "pets", "--version", "1.0")
    clearml_repo.commit("Merge them")
    calls, uploads = asked(server)
    assert calls["tasks.create"] == 1
    assert (calls.total() <= MOST, uploads) == (True, FILES), calls
    known = ids(clearml_repo)
    told = json.loads(server.tasks[known["1.0"]]["configuration"]["Dataset Struct"]["value"])
    (own,) = (one for one in told.values() if one["job_id"] == known["1.0"])
    assert {told[parent]["job_id"] for parent in own["parents"]} == {
        known["1.0-kaggle"],
        known["1.0-youtube"],
    }


def test_each_sample_is_one_upload_and_no_call_more(
    clearml_repo: Repo, server: ClearMLServer
) -> None:
    for number in range(6):
        picture = io.BytesIO()
        Image.new("RGB", (8, 8), (40 * number, 0, 0)).save(picture, "PNG")
        clearml_repo.write(f"data/{('cat', 'dog')[number % 2]}/{number}.png", picture.getvalue())
    add = ("add", "data", "--name", "pets", "--labels", "{label}/*", "--project", "Data/Animals")
    clearml_repo.dsv(*add)
    manifest = clearml_repo.path / "manifests/pets/manifest.yaml"
    manifest.write_text(manifest.read_text() + "samples: 5\n")
    clearml_repo.commit("Add pets")
    calls, uploads = asked(server)
    assert (calls.total() <= MOST, uploads) == (True, FILES + 5), calls


@pytest.fixture
def registered(clearml_repo: Repo, server: ClearMLServer) -> Repo:
    """A repository with one version, which is registered; the server has forgotten the calls."""
    commit(clearml_repo, 0)
    assert len(ids(clearml_repo)) == 1
    server.forget_calls()
    return clearml_repo


def test_a_commit_of_code_alone_asks_nothing(registered: Repo, server: ClearMLServer) -> None:
    registered.write("train.py", "print()\n")
    registered.commit("Train")
    assert server.calls == ()


def test_a_sync_with_nothing_pending_asks_nothing(registered: Repo, server: ClearMLServer) -> None:
    for _ in range(2):
        assert "everything is registered" in registered.dsv("sync")
    registered.git("commit", "-q", "--allow-empty", "-m", "Empty")
    registered.dsv("sync")
    assert server.calls == ()
