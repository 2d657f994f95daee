"""What a person is told when a manifest's words were told to ClearML, or could not be."""

from __future__ import annotations

import pytest

from tests.clearml_server import ClearMLServer, Way
from tests.conftest import Repo


@pytest.fixture
def pets(clearml_repo: Repo) -> Repo:
    """A registered version."""
    clearml_repo.write(".dsv.yaml", "registry: clearml\nregister: {timeout: 5}\n")
    clearml_repo.write("data/cat/a.jpg", "a")
    clearml_repo.dsv("add", "data", "--name", "pets")
    clearml_repo.commit("Add pets")
    return clearml_repo


def describe(repo: Repo, text: str) -> str:
    """Commits another description; gives what the hook says."""
    manifest = repo.path / "manifests/pets/manifest.yaml"
    manifest.write_text(f"{text}\n{manifest.read_text()}")
    return repo.run("git", "commit", "-qam", "Describe pets").stderr


def test_new_words_are_said_to_have_arrived(pets: Repo, server: ClearMLServer) -> None:
    said = describe(pets, "description: three cats")
    (task,) = server.tasks.values()
    assert task["comment"] == "three cats"
    assert said == f"dsv: pets@1.0 = {task['id']} (its description is up to date)\n"


def test_a_report_that_is_not_there_is_said(pets: Repo) -> None:
    said = describe(pets, "reports: {figures: [reports/none.png]}")
    assert "reports/none.png" in said
    assert len(said.splitlines()) == 2


def test_words_that_did_not_arrive_are_pending_and_told_by_sync(
    pets: Repo, server: ClearMLServer
) -> None:
    server.fail(1, Way.ERROR, then=Way.ERROR)
    said = describe(pets, "description: three cats")
    assert said.count("\n") == 1
    assert said.startswith("dsv: pets@1.0 stays pending: ")
    assert said.endswith("(dsv sync)\n")
    assert (pets.path / ".git/dsv/pending").exists()
    server.heal()
    assert "its description is up to date" in pets.dsv("sync")
    (task,) = server.tasks.values()
    assert task["comment"] == "three cats"
    assert pets.dsv("sync") == "everything is registered\n"


def test_a_content_that_takes_the_place_of_another_says_so(
    pets: Repo, server: ClearMLServer
) -> None:
    (former,) = server.tasks
    pets.write("data/cat/b.jpg", "b")
    pets.dsv("update", "pets", "--same-version")
    pets.git("add", "-A")
    said = pets.run("git", "commit", "-q", "--amend", "--no-edit").stderr
    assert f"in place of {former}" in said


def test_a_name_that_clearml_refuses_is_told_before_the_commit(clearml_repo: Repo) -> None:
    clearml_repo.write("data/cat/a.jpg", "a")
    done = clearml_repo.dsv_result("add", "data", "--name", "ro")
    assert done.returncode == 2
    assert "3 characters" in done.stderr
    assert not (clearml_repo.path / "manifests/ro").exists()
    clearml_repo.dsv("add", "data", "--name", "ro", "--dataset", "rome")
