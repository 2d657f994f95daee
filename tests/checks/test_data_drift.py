"""Rule `data-drift`: the data of this machine is what the manifest says, where a team wants it."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.checks.conftest import every_finding
from tests.conftest import ANY_CONTENT, Repo

ASKED = ANY_CONTENT.replace("{", "{data-drift: error, ")
DATA = "data/pets"


@pytest.fixture
def pets(repo: Repo) -> Repo:
    """Three files, staged as they are, and a team that asks for the rule."""
    repo.dsv("init", "--registry", "local")
    repo.write(".dsv.yaml", f"registry: local\n{ASKED}")
    for name in ("cat/1.jpg", "cat/2.jpg", "dog/3.jpg"):
        repo.write(f"{DATA}/{name}", name)
    repo.dsv("add", DATA, "--name", "pets", "--version", "1.0")
    repo.git("add", "-A")
    return repo


def drift(repo: Repo, *args: str) -> list[dict[str, Any]]:
    return [one for one in every_finding(repo, *args) if one["rule"] == "data-drift"]


def test_what_came_went_and_has_another_size_is_told(pets: Repo) -> None:
    assert drift(pets) == drift(pets, "--staged") == []
    pets.write(f"{DATA}/cat/new.jpg", "new")
    pets.write(f"{DATA}/cat/2.jpg", "longer than it was")
    (pets.path / DATA / "dog/3.jpg").unlink()
    for args in ((), ("--staged",)):
        (found,) = drift(pets, *args)
        assert found["severity"] == "error"
        assert found["message"] == "the data is not what this says: 1 new, 1 changed, 1 gone"
        assert found["concerned"] == ["cat/new.jpg", "dog/3.jpg", "cat/2.jpg"]
        assert found["hint"].startswith("dsv update pets, then: git add")
    pets.dsv("update", "pets")
    assert drift(pets) == []
    assert len(drift(pets, "--staged")) == 1, "the index has the list of before"


def test_a_file_that_was_touched_is_not_told_and_nothing_is_hashed(pets: Repo) -> None:
    os.utime(pets.path / DATA / "cat/1.jpg", (1_600_000_000, 1_600_000_000))
    scans = pets.path / ".git/dsv/scan"
    before = {path: path.read_bytes() for path in scans.rglob("*") if path.is_file()}
    assert drift(pets) == []
    assert {path: path.read_bytes() for path in scans.rglob("*") if path.is_file()} == before


def test_what_was_dropped_on_purpose_is_no_drift(pets: Repo) -> None:
    pets.write(f"{DATA}/cat/again.jpg", "cat/1.jpg")
    pets.dsv("update", "pets")
    pets.commit("Twice")
    pets.dsv("dedupe", "pets")
    assert (pets.path / "manifests/pets/dropped.jsonl").is_file()
    assert drift(pets) == []


def test_a_line_of_the_message_lets_the_commit_pass(pets: Repo) -> None:
    pets.write(f"{DATA}/cat/new.jpg", "new")
    done = pets.run("git", "commit", "-m", "Pets", code=1)
    assert "[data-drift]" in done.stdout + done.stderr
    pets.git("commit", "-q", "-m", "Pets\n\nData-Override: data-drift")


def test_without_the_data_there_is_a_note_and_never_an_error(pets: Repo) -> None:
    (pets.path / "data").rename(pets.path / "elsewhere")
    (found,) = drift(pets, "--staged")
    assert found["severity"] == "warn"
    assert found["message"].startswith("its data was not looked at: ")
    pets.git("commit", "-q", "-m", "Pets")


def test_commits_and_manifests_that_a_commit_leaves_alone_are_not_looked_at(pets: Repo) -> None:
    pets.commit("Pets")
    pets.write(f"{DATA}/cat/new.jpg", "new")
    assert drift(pets, "HEAD") == []
    pets.write("README.md", "# Pets\n")
    pets.git("add", "README.md")
    assert drift(pets, "--staged") == []


def test_it_is_off_until_a_team_asks(pets: Repo) -> None:
    pets.write(f"{DATA}/cat/new.jpg", "new")
    pets.write(".dsv.yaml", f"registry: local\n{ANY_CONTENT}")
    assert drift(pets) == []
