"""Every verb that makes a version says in manifest.yaml how, and no later one leaves that false."""

from __future__ import annotations

import pytest

from tests.cli.hand_made import make, read, row
from tests.conftest import ANY_CONTENT, Repo


@pytest.fixture
def pets(repo: Repo) -> Repo:
    """A repository whose manifest `pets` is registered and committed."""
    repo.dsv("init", "--registry", "local")
    repo.write(".dsv.yaml", f"registry: local\n{ANY_CONTENT}")
    make(repo, "pets", "1.0", [row("a.txt", "1"), row("b.txt", "1")])
    repo.commit("Pets")
    return repo


def made_by(repo: Repo, name: str = "pets") -> str:
    return read(repo, name).declaration.made_by


def test_a_new_version_has_its_own_command_and_a_draft_all_of_them(pets: Repo) -> None:
    pets.dsv("bump", "pets", "2.0")
    assert made_by(pets) == "dsv bump pets 2.0"
    pets.dsv("bump", "pets", "2.0", "--description", "Clean")
    assert made_by(pets) == "dsv bump pets 2.0"
    pets.dsv("bump", "pets", "2.1")
    assert made_by(pets) == "dsv bump pets 2.1"
    pets.dsv("dedupe", "pets")
    assert made_by(pets) == "dsv bump pets 2.1 && dsv dedupe pets"
    pets.dsv("bump", "pets")
    assert made_by(pets) == "dsv bump pets 2.2 && dsv dedupe pets"
    pets.commit("Clean")
    pets.write("data/pets/c.txt", "3")
    pets.write("labels.csv", "path,label,splt\nc.txt,cat,train\n")
    done = pets.dsv_result("update", "pets", "--labels", "labels.csv")
    assert made_by(pets) == "dsv update pets --labels labels.csv"
    assert "note: 1 name is neither label nor split and becomes a property: splt" in done.stderr


def test_a_merge_by_git_that_makes_a_version_was_made_by_resolve(pets: Repo) -> None:
    pets.git("switch", "-q", "-c", "other")
    for branch, file in (("other", "c.txt"), ("main", "d.txt")):
        pets.git("switch", "-q", branch)
        make(pets, "pets", "1.1", [row("a.txt", "1"), row(file, "2")], parents=["pets@1.0"])
        pets.commit(f"On {branch}")
    pets.run("git", "merge", "-q", "--no-edit", "other", code=None)
    pets.dsv("resolve")
    declared = read(pets, "pets").declaration
    assert (declared.version, declared.made_by) == ("1.2", "dsv resolve")
