"""Rule `version-bump`."""

from __future__ import annotations

import json

import pytest

from tests.checks.conftest import (
    MORE,
    edit,
    finding,
    findings,
    line_of,
    publish,
    register,
    severities,
)
from tests.conftest import Repo, new_repo
from tests.manifests import INITIAL, write_manifest

YAML = "manifests/pets/manifest.yaml"


@pytest.fixture
def pets(team: Repo) -> Repo:
    """A registered version that nobody else knows of."""
    register(team, "pets", "1.0", description="Pets")
    return team


def test_other_files_under_a_version_that_a_remote_holds(pets: Repo) -> None:
    write_manifest(pets, "pets", "1.0", MORE, description="Pets")
    assert findings(pets) == []
    publish(pets)
    found = finding(pets, "version-bump")
    assert (found["file"], found["line"]) == (YAML, line_of(pets, YAML, "version"))
    assert "1.0 is published (origin/main), and this has other files" in found["message"]
    assert found["concerned"] == ["train/cat/d.jpg"]
    assert "dsv bump pets" in found["hint"]
    assert severities(pets, "version-bump") == [["warn"], []]


def test_the_next_version_may_have_other_files(pets: Repo) -> None:
    publish(pets)
    write_manifest(pets, "pets", "1.1", MORE, ["pets@1.0"])
    assert findings(pets) == []


def test_words_about_a_version_may_change(pets: Repo) -> None:
    publish(pets)
    edit(pets, YAML, "Pets", "Cats and dogs")
    edit(pets, YAML, "data:", "tags: [new]\ndata:")
    assert findings(pets) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("data:", "parents: [clearml:abc123]\ndata:", "other parents"),
        ('dataset: ""', "dataset: cats", "another project or dataset"),
        ("project: Datasets", "project: Others", "another project or dataset"),
    ],
)
def test_parents_project_and_dataset_are_content(pets: Repo, old: str, new: str, said: str) -> None:
    publish(pets)
    edit(pets, YAML, old, new)
    assert said in finding(pets, "version-bump")["message"]


def test_a_version_with_a_child_is_published(pets: Repo) -> None:
    register(pets, "pets", "1.1", MORE, ["pets@1.0"])
    write_manifest(pets, "pets", "1.1", INITIAL, ["pets@1.0"])
    assert findings(pets) == []
    write_manifest(pets, "pets", "1.0", MORE)
    assert "1.0 is published (pets@1.1)" in finding(pets, "version-bump")["message"]


def test_a_version_with_a_child_in_another_manifest_is_published(pets: Repo) -> None:
    register(pets, "cats", "1.0", {"a.jpg": "1"}, ["pets@1.0"])
    write_manifest(pets, "pets", "1.0", MORE)
    assert "1.0 is published (cats@1.0)" in finding(pets, "version-bump")["message"]


def test_going_back_to_a_published_version_is_fine(pets: Repo) -> None:
    register(pets, "pets", "1.1", MORE, ["pets@1.0"])
    publish(pets)
    write_manifest(pets, "pets", "1.0", INITIAL)
    assert findings(pets) == []


def test_a_child_keeps_its_parents_and_so_its_key(pets: Repo) -> None:
    register(pets, "pets", "1.1", MORE, ["pets@1.0"])
    publish(pets)
    assert findings(pets) == []
    edit(pets, YAML, "  - pets@1.0\n", "")
    assert "other parents" in finding(pets, "version-bump")["message"]


def test_a_colleagues_version_counts_that_is_only_fetched(pets: Repo) -> None:
    publish(pets)
    other = new_repo(pets.path.parent / "colleague", pets.path.parent / "home")
    other.git("pull", "-q", "../origin.git", "main")
    register(other, "pets", "1.1", MORE, ["pets@1.0"])
    other.git("push", "-q", "../origin.git", "main:cleaner")
    register(pets, "pets", "1.1", {**MORE, "train/cat/e.jpg": "5"}, ["pets@1.0"])
    assert findings(pets) == []
    pets.git("fetch", "-q")
    found = finding(pets, "version-bump", "origin/main..HEAD")
    assert "1.1 is published (origin/cleaner)" in found["message"]
    write_manifest(pets, "pets", "1.1", MORE, ["pets@1.0"])
    assert findings(pets) == []
    pets.git("checkout", "-q", "--", ".")
    publish(pets)
    assert findings(pets) == [], "both contents are published, and this is one of them"


def test_a_child_of_another_content_of_that_name_does_not_count(pets: Repo) -> None:
    register(pets, "cats", "1.0", {"a.jpg": "1"}, ["pets@1.0"])
    edit(pets, "manifests/cats/versions/1.0.json", '"id": "local:', '"id": "local:0')
    pets.commit("A record of another content")
    write_manifest(pets, "pets", "1.0", MORE)
    assert "version-bump" not in {one["rule"] for one in findings(pets)}


def test_the_digits_of_a_parents_key_are_content(pets: Repo) -> None:
    key = json.loads((pets.path / "manifests/pets/versions/1.0.json").read_text())["key"]
    register(pets, "cats", "1.0", {"a.jpg": "1"}, ["pets@1.0"])
    publish(pets)
    edit(pets, "manifests/cats/manifest.yaml", "pets@1.0", f"pets@1.0#{key[:8]}")
    assert findings(pets) == []
    edit(pets, "manifests/cats/manifest.yaml", key[:8], "00000000")
    assert "version-bump" in [one["rule"] for one in findings(pets)]


def test_a_deleted_record_hides_nothing(pets: Repo) -> None:
    publish(pets)
    write_manifest(pets, "pets", "1.0", MORE)
    (pets.path / "manifests/pets/versions/1.0.json").unlink()
    assert "origin/main" in finding(pets, "version-bump")["message"]


def test_a_deleted_record_of_a_parent_hides_nothing(pets: Repo) -> None:
    register(pets, "cats", "1.0", {"a.jpg": "1"}, ["pets@1.0"])
    write_manifest(pets, "pets", "1.0", MORE)
    (pets.path / "manifests/pets/versions/1.0.json").unlink()
    assert "cats@1.0" in finding(pets, "version-bump")["message"]


def test_a_removed_list_is_other_content(pets: Repo) -> None:
    publish(pets)
    pets.git("rm", "-q", "manifests/pets/files/_.jsonl")
    (found,) = [one for one in findings(pets, "--staged") if one["rule"] == "version-bump"]
    assert found["concerned"] == sorted(INITIAL)[:3]


def test_what_a_change_does_not_touch_is_not_judged_again(pets: Repo) -> None:
    publish(pets)
    write_manifest(pets, "pets", "1.0", MORE)
    pets.commit("Wrong")
    pets.write("README.md", "# Pets\n")
    pets.commit("Docs")
    assert findings(pets, "HEAD") == []
    finding(pets, "version-bump", "HEAD~1")
    finding(pets, "version-bump", "origin/main..HEAD")
