"""Rule `parent-exists`."""

from __future__ import annotations

import json
import sys

import pytest

from tests.checks.conftest import MORE, edit, finding, findings, line_of, register, severities
from tests.conftest import SOURCE, Repo, new_repo
from tests.manifests import INITIAL, write_manifest


@pytest.fixture
def pets(team: Repo) -> Repo:
    """Two versions, both registered."""
    register(team, "pets", "1.0")
    register(team, "pets", "1.1", MORE, ["pets@1.0"])
    return team


def child(repo: Repo, *parents: str) -> None:
    """A manifest `clean` with some parents."""
    write_manifest(repo, "clean", "1.0", {"a.jpg": "1"}, parents)


def test_a_parent_that_is_nowhere(pets: Repo) -> None:
    child(pets, "pets@1.1", "pets@1.2", "clearml:48b8d22437624e519f6a177eddcfcd36")
    found = finding(pets, "parent-exists")
    assert found["file"] == "manifests/clean/manifest.yaml"
    assert found["line"] == line_of(pets, found["file"], "pets@1.2")
    assert "pets@1.2 is nowhere" in found["message"]
    assert found["hint"] in {"did you mean pets@1.1?", "did you mean pets@1.0?"}
    assert severities(pets, "parent-exists") == [["warn"], []]


@pytest.mark.parametrize("parent", ["pets@1.0", "pets@1.1", "clearml:nobody-asks"])
def test_a_parent_with_a_record_or_elsewhere(pets: Repo, parent: str) -> None:
    child(pets, parent)
    assert findings(pets) == []


def test_the_digits_of_a_key_must_be_those_of_a_record(pets: Repo) -> None:
    record = json.loads((pets.path / "manifests/pets/versions/1.0.json").read_text())
    child(pets, f"pets@1.0#{record['key'][:8]}")
    assert findings(pets) == []
    child(pets, "pets@1.0#00000000")
    assert "pets@1.0#00000000 is nowhere" in finding(pets, "parent-exists")["message"]


def test_a_version_that_was_registered_and_is_only_kept_now(pets: Repo) -> None:
    key = json.loads((pets.path / "manifests/pets/versions/1.1.json").read_text())["key"]
    pets.git("reset", "-q", "--hard", "HEAD~1")
    register(pets, "pets", "1.1", {"z.jpg": "9"}, ["pets@1.0"])
    child(pets, f"pets@1.1#{key[:8]}")
    assert findings(pets) == []


def test_a_version_of_the_same_change_that_is_not_registered_yet(pets: Repo) -> None:
    write_manifest(pets, "pets", "1.2", MORE, ["pets@1.1"])
    child(pets, "pets@1.2")
    assert findings(pets) == []
    pets.git("add", "manifests/clean")
    finding(pets, "parent-exists", "--staged")


def test_a_version_that_only_a_commit_names(team: Repo) -> None:
    write_manifest(team, "pets", "0.9")
    team.commit("Never registered")
    write_manifest(team, "pets", "1.0", MORE, ["pets@0.9"])
    assert findings(team) == []
    team.commit("Neither")
    write_manifest(team, "pets", "1.1", MORE, ["pets@0.9"])
    team.commit("Its parent is two commits back")
    assert findings(team, "HEAD") == []
    edit(team, "manifests/pets/manifest.yaml", "pets@0.9", "pets@0.8")
    finding(team, "parent-exists")


def test_a_version_on_a_branch_that_is_being_merged(team: Repo) -> None:
    write_manifest(team, "pets", "1.0")
    team.commit("Start")
    team.git("switch", "-q", "-c", "side")
    write_manifest(team, "pets", "1.0-side", MORE, ["pets@1.0"])
    team.commit("Side")
    team.git("switch", "-q", "main")
    write_manifest(team, "pets", "1.1", MORE, ["pets@1.0-side"])
    finding(team, "parent-exists")
    team.git("checkout", "-q", "--", ".")
    team.git("merge", "-q", "--no-ff", "--no-commit", "side")
    write_manifest(team, "pets", "1.1", MORE, ["pets@1.0-side"])
    assert findings(team) == []


def test_a_version_of_a_branch_of_which_a_merge_took_nothing(team: Repo) -> None:
    write_manifest(team, "pets", "1.0")
    team.commit("Start")
    team.git("switch", "-q", "-c", "side")
    write_manifest(team, "pets", "1.0-side", MORE)
    team.commit("Side")
    team.git("switch", "-q", "main")
    team.write("README.md", "# Pets\n")
    team.commit("Docs")
    team.git("merge", "-q", "-s", "ours", "-m", "Merge", "side")
    write_manifest(team, "pets", "1.1", MORE, ["pets@1.0-side"])
    assert findings(team) == []


def test_a_version_inside_a_branch_that_git_merges_by_itself(team: Repo) -> None:
    write_manifest(team, "pets", "1.0")
    team.commit("Start")
    team.git("switch", "-q", "-c", "side")
    write_manifest(team, "pets", "1.1", MORE, ["pets@1.0"])
    team.commit("Never registered")
    write_manifest(team, "pets", "1.2", INITIAL, ["pets@1.1"])
    team.commit("Its child")
    team.git("switch", "-q", "main")
    team.write("README.md", "# Pets\n")
    team.commit("Docs")
    check = f"PYTHONPATH='{SOURCE}' '{sys.executable}' -m dsv_git check --staged"
    team.write(".git/hooks/pre-merge-commit", f"#!/bin/sh\n{check}\n").chmod(0o755)
    team.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    write_manifest(team, "pets", "1.3", INITIAL, ["pets@0.9"])
    team.git("switch", "-q", "-c", "bad")
    team.commit("Bad")
    team.git("switch", "-q", "main")
    team.run("git", "merge", "--no-ff", "-m", "Merge", "bad", code=1)


def test_a_manifest_that_was_removed_is_in_the_history(pets: Repo) -> None:
    child(pets, "pets@1.0")
    pets.git("rm", "-q", "-r", "manifests/pets")
    assert findings(pets) == []
    pets.commit("Only the clean ones stay")
    assert findings(pets) == []


@pytest.mark.parametrize("parent", ["pets@1.1", "pets@1.1#00000000"])
def test_no_version_is_its_own_parent(pets: Repo, parent: str) -> None:
    edit(pets, "manifests/pets/manifest.yaml", "pets@1.0", parent)
    found = [one for one in findings(pets) if one["rule"] == "parent-exists"]
    assert [one["message"] for one in found] == [f"{parent} is this version itself"]


def test_a_shallow_clone_says_that_it_cannot_know(team: Repo) -> None:
    write_manifest(team, "pets", "1.0")
    team.commit("Never registered")
    write_manifest(team, "pets", "1.1", MORE)
    team.commit("Next")
    write_manifest(team, "pets", "1.2", MORE, ["pets@1.0"])
    team.commit("Its parent is far back")
    clone = new_repo(team.path.parent / "ci", team.path.parent / "home")
    clone.git("fetch", "-q", "--depth=1", team.path.as_uri(), "main")
    clone.git("checkout", "-q", "FETCH_HEAD")
    assert finding(clone, "parent-exists", "HEAD")["hint"] == "git fetch --unshallow"
    clone.git("fetch", "-q", "--unshallow", team.path.as_uri(), "main")
    assert findings(clone, "HEAD") == []
