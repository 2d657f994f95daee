"""`dsv bump`: the next version's name and parents, without a scan."""

from __future__ import annotations

import json

import pytest

from dsv_git.manifest.record import RecordedParent
from tests.cli.hand_made import make, read, record, row, snapshot
from tests.conftest import Repo

ROWS = [row("cat/a.jpg", "1", "cat"), row("dog/b.jpg", "2", "dog")]


@pytest.fixture
def pets(repo: Repo) -> Repo:
    """A repository with the manifest `pets`, version 1.0-kaggle, not registered."""
    repo.write(".dsv.yaml", "registry: local\n")
    make(repo, "pets", "1.0-kaggle", ROWS)
    return repo


def versions(repo: Repo) -> tuple[str, list[str]]:
    declaration = read(repo, "pets").declaration
    return declaration.version, [str(parent) for parent in declaration.parents]


def test_a_registered_version_becomes_the_parent_of_the_next_number(pets: Repo) -> None:
    record(pets, "pets")
    said = pets.dsv("bump", "pets")
    assert versions(pets) == ("1.1-kaggle", ["pets@1.0-kaggle"])
    assert "pets@1.1-kaggle" in said
    assert "pets@1.0-kaggle" in said


def test_another_name_may_be_given(pets: Repo) -> None:
    record(pets, "pets")
    pets.dsv("bump", "pets", "2.0")
    assert versions(pets) == ("2.0", ["pets@1.0-kaggle"])


def test_a_draft_is_renamed_and_keeps_its_parents(pets: Repo) -> None:
    make(pets, "pets", "1.1", ROWS, parents=["other@1.0", "clearml:abc"])
    pets.dsv("bump", "pets")
    assert versions(pets) == ("1.2", ["other@1.0", "clearml:abc"])


def test_only_manifest_yaml_is_written_and_comments_stay(pets: Repo) -> None:
    place = pets.path / "manifests/pets/manifest.yaml"
    text = place.read_text().replace("version: 1.0-kaggle", "version: 1.0-kaggle   # as fetched")
    place.write_text("# ours\n" + text)
    record(pets, "pets")
    before = snapshot(pets, "manifests")
    pets.dsv("bump", "pets")
    after = snapshot(pets, "manifests")
    assert {path for path in after if before.get(path) != after[path]} == {
        "manifests/pets/manifest.yaml"
    }
    edited = place.read_text()
    assert edited.startswith("# ours\n")
    assert "version: 1.1-kaggle   # as fetched" in edited


def test_a_version_that_has_a_record_is_refused(pets: Repo) -> None:
    record(pets, "pets")
    make(pets, "pets", "1.1", [*ROWS, row("cat/c.jpg", "3", "cat")], parents=["pets@1.0-kaggle"])
    record(pets, "pets")
    before = snapshot(pets, "manifests")
    for taken in ("1.0-kaggle", "1.1", "1.0-KAGGLE"):
        done = pets.dsv_result("bump", "pets", taken)
        assert done.returncode == 2
        assert taken in done.stderr
    assert snapshot(pets, "manifests") == before


@pytest.mark.parametrize("wrong", ["a@b", "a#b", " 1.0", "x" * 300, ""])
def test_what_is_no_version_is_refused(pets: Repo, wrong: str) -> None:
    assert pets.dsv_result("bump", "pets", wrong).returncode == 2
    assert versions(pets) == ("1.0-kaggle", [])


def test_a_name_without_a_number_asks_for_the_next_one(pets: Repo) -> None:
    make(pets, "pets", "final", ROWS)
    done = pets.dsv_result("bump", "pets")
    assert done.returncode == 2
    assert "dsv bump pets VERSION" in done.stderr
    pets.dsv("bump", "pets", "final-2")
    assert versions(pets) == ("final-2", [])


def test_the_name_that_a_draft_has_already_changes_nothing(pets: Repo) -> None:
    before = snapshot(pets, "manifests")
    assert "nothing changed" in pets.dsv("bump", "pets", "1.0-kaggle")
    assert snapshot(pets, "manifests") == before


def test_a_recorded_version_with_other_lists_is_the_parent_too(pets: Repo) -> None:
    record(pets, "pets")
    make(pets, "pets", "1.0-kaggle", ROWS[:1])
    pets.dsv("bump", "pets")
    assert versions(pets) == ("1.1-kaggle", ["pets@1.0-kaggle"])


def test_a_parent_whose_name_is_not_unique_is_told_by_its_key(pets: Repo) -> None:
    make(pets, "pets", "1.0-kaggle", ROWS[:1])
    record(pets, "pets")
    make(pets, "pets", "1.0-kaggle", ROWS)
    theirs = record(pets, "pets", marked=True)
    pets.dsv("bump", "pets")
    assert versions(pets) == ("1.1-kaggle", [f"pets@1.0-kaggle#{theirs.key[:8]}"])


def test_a_version_of_the_same_dataset_in_another_manifest_is_refused(pets: Repo) -> None:
    same = {"dataset": "animals", "project": "Vision"}
    make(pets, "pets", "1.0", ROWS, declared=same)
    record(pets, "pets")
    make(pets, "zoo", "1.1", ROWS, declared=same)
    done = pets.dsv_result("bump", "pets")
    assert done.returncode == 2
    assert "zoo" in done.stderr
    pets.dsv("bump", "pets", "1.2")


def test_json_has_the_names_and_the_parents(pets: Repo) -> None:
    record(pets, "pets", [RecordedParent(id="clearml:abc")])
    assert json.loads(pets.dsv("bump", "pets", "--json")) == {
        "manifest": "pets",
        "former": "1.0-kaggle",
        "version": "1.1-kaggle",
        "parents": ["pets@1.0-kaggle"],
        "is_new": True,
        "changed": True,
    }


def test_an_unknown_manifest_names_the_nearest_one(pets: Repo) -> None:
    done = pets.dsv_result("bump", "pest")
    assert done.returncode == 2
    assert "did you mean pets?" in done.stderr


def test_a_link_out_of_the_repository_is_not_written_through(pets: Repo) -> None:
    outside = pets.path.parent / "outside"
    (pets.path / "manifests").rename(outside)
    (pets.path / "manifests").symlink_to(outside)
    before = (outside / "pets/manifest.yaml").read_bytes()
    done = pets.dsv_result("bump", "pets")
    assert done.returncode == 2
    assert "symbolic link" in done.stderr
    assert (outside / "pets/manifest.yaml").read_bytes() == before


def test_the_next_version_starts_without_the_formers_description(pets: Repo) -> None:
    place = pets.path / "manifests/pets/manifest.yaml"
    place.write_text(place.read_text() + "description: drop duplicates\n")
    pets.commit("Data")
    pets.dsv("sync")
    pets.dsv("bump", "pets")
    assert read(pets, "pets").declaration.description == ""
    assert "another description" in pets.dsv(
        "bump", "pets", "1.1-kaggle", "--description", "by eye"
    )
    assert read(pets, "pets").declaration.description == "by eye"
    pets.dsv("bump", "pets", "2.0")
    assert read(pets, "pets").declaration.description == "by eye", "a draft keeps its own"


def test_a_description_for_the_next_version(pets: Repo) -> None:
    record(pets, "pets")
    pets.dsv("bump", "pets", "--description", "with horses")
    assert read(pets, "pets").declaration.description == "with horses"
