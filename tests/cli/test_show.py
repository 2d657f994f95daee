"""`dsv show`: one version, whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Repo, new_team
from tests.manifests import ANY_CONTENT, INITIAL, write_manifest

MORE = {**INITIAL, "train/cat/twin.jpg": "1"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Two registered versions of one manifest."""
    place = tmp_path_factory.mktemp("built")
    repo = new_team(place, ANY_CONTENT)
    write_manifest(repo, "pets", "1.0", MORE, description="with twins", project="Animals/All")
    repo.commit("First")
    write_manifest(repo, "pets", "1.1", INITIAL, ["pets@1.0"])
    repo.commit("Second")
    return repo


@pytest.fixture
def pets(built: Repo, tmp_path: Path) -> Repo:
    """A copy of that repository, to work in."""
    return built.copy(tmp_path / "a team")


def shown(repo: Repo, version: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(repo.dsv("show", version, "--json"))
    return found


def test_the_version_at_head_is_shown_with_all_that_is_known(pets: Repo) -> None:
    found, first = shown(pets, "pets"), shown(pets, "pets@1.0")
    assert (found["name"], found["state"]) == ("pets@1.1", "registered")
    assert found["id"] == f"local:{found['key'][:32]}"
    assert found["digest"].startswith("sha256:")
    assert found["parents"] == [{"name": "pets@1.0", "id": first["id"]}]
    assert found["numbers"]["removed"] == 1
    assert found["stats"]["files"] == 3
    assert found["commit"]["subject"] == "Second"
    assert found["declaration"]["parents"] == ["pets@1.0"]
    assert found["roots"] == [
        {
            "mount": "",
            "declared": "data/pets",
            "override": None,
            "folder": str(pets.path / "data/pets"),
        }
    ]


def test_a_former_version_is_read_from_where_it_is_kept(pets: Repo) -> None:
    found = shown(pets, "pets@1.0")
    assert found["children"] == [{"name": "pets@1.1", "id": shown(pets, "pets")["id"]}]
    assert found["stats"]["duplicates"] == {"groups": 1, "extra_files": 1, "extra_bytes": 1}
    assert found["declaration"]["description"] == "with twins"
    assert found["commit"]["id"] == pets.git("rev-parse", "HEAD~1")
    for ref in pets.git("for-each-ref", "--format=%(refname)", "refs/dsv").split():
        pets.git("update-ref", "-d", ref)
    assert shown(pets, "pets@1.0") == found  # now from the history


def test_ids_former_ids_and_keys_lead_to_the_version(pets: Repo) -> None:
    found = shown(pets, "pets@1.0")
    assert shown(pets, found["id"]) == found
    assert shown(pets, f"pets@1.0#{found['key'][:8]}") == found
    path = pets.path / "manifests/pets/versions/1.0.json"
    record = json.loads(path.read_text())
    record["former_ids"], record["id"] = [record["id"]], "48b8d22437624e519f6a177eddcfcd36"
    path.write_text(json.dumps(record))
    pets.git("-c", "core.hooksPath=/dev/null", "commit", "-qam", "Promoted")
    for name in (found["id"], "48b8d22437624e519f6a177eddcfcd36", "clearml:" + record["id"]):
        assert shown(pets, name)["name"] == "pets@1.0"


def test_the_text_names_everything(pets: Repo) -> None:
    pets.git("config", "dsv.pets.root", "/mnt/nas/pets")
    told = pets.dsv("show", "pets@1.0")
    found = shown(pets, "pets@1.0")
    assert told.splitlines()[0] == f"pets@1.0  {found['id']}"
    for row in (
        f"key          {found['key']}",
        f"digest       {found['digest']}",
        f"child        pets@1.1  {shown(pets, 'pets')['id']}",
        "description  with twins",
        "project      Animals/All",
        "dataset      pets",
        "root         data/pets, here /mnt/nas/pets",
        "changed      4 added",
    ):
        assert row in told
    assert found["roots"][0]["folder"] == "/mnt/nas/pets"


def test_what_is_not_committed_is_a_draft(pets: Repo) -> None:
    write_manifest(pets, "pets", "1.2", INITIAL, ["pets@1.1"])
    write_manifest(pets, "birds", "1.0", {"owl.jpg": "o"}, ["pets@1.1", "clearml:48b8"])
    assert shown(pets, "pets")["name"] == "pets@1.1"
    assert shown(pets, "pets@1.2")["state"] == "draft"
    birds = shown(pets, "birds")
    assert (birds["state"], birds["id"]) == ("draft", None)
    assert birds["parents"] == [
        {"name": "pets@1.1", "id": shown(pets, "pets")["id"]},
        {"name": "clearml:48b8", "id": "clearml:48b8"},
    ]
    assert birds["stats"]["files"] == 1


def test_a_version_whose_lists_are_not_here_says_how_to_get_them(pets: Repo) -> None:
    pets.git("clone", "-q", "--depth", "1", f"file://{pets.path}", "shallow")
    clone = Repo(pets.path / "shallow", pets.env)
    found = shown(clone, "pets@1.0")
    assert (found["stats"], found["declaration"]) == (None, None)
    assert found["numbers"]["files"] == 4
    assert "git fetch" in found["missing"]
    assert "missing" in clone.dsv("show", "pets@1.0")


def test_a_url_root_is_shown_as_it_is(pets: Repo) -> None:
    path = pets.path / "manifests/pets/manifest.yaml"
    path.write_text(path.read_text().replace("data/pets", "s3://lake/pets"))
    pets.git("-c", "core.hooksPath=/dev/null", "commit", "-qam", "Lake")
    (root,) = shown(pets, "pets")["roots"]
    assert (root["declared"], root["folder"]) == ("s3://lake/pets", None)


def test_a_draft_in_the_working_tree_is_told_of(pets: Repo) -> None:
    assert shown(pets, "pets")["draft"] is None
    assert "not committed" not in pets.dsv("show", "pets")
    write_manifest(pets, "pets", "1.2", MORE, ["pets@1.1"])
    found = shown(pets, "pets")
    assert (found["name"], found["state"], found["draft"]) == ("pets@1.1", "registered", "1.2")
    assert "1.2 in the working tree (not committed)" in pets.dsv("show", "pets")
    assert shown(pets, "pets@1.1")["draft"] is None


def test_what_there_is_not_is_named(pets: Repo) -> None:
    for words, said in (
        ("pest", "no manifest pest\n  did you mean pets?"),
        ("pets@9", "no version pets@9\n  dsv log pets"),
        ("pets@1.0#00000000", "no version pets@1.0#00000000"),
        ("local:0000", "no version has the ID local:0000"),
        ("../x@1", "not a version"),
    ):
        failed = pets.dsv_result("show", words)
        assert failed.returncode == 2, words
        assert said in failed.stderr
