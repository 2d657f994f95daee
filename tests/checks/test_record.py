"""Rule `record`."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from dsv_git.manifest.record import Record, encode_record
from tests.checks.conftest import (
    MORE,
    finding,
    findings,
    line_of,
    publish,
    register,
    severities,
)
from tests.conftest import Repo
from tests.manifests import INITIAL, write_manifest

RECORD = "manifests/pets/versions/1.0.json"
CHILD = "manifests/pets/versions/1.1.json"


@pytest.fixture
def pets(team: Repo) -> Repo:
    """A registered version, and a registered child of it."""
    register(team, "pets", "1.0")
    register(team, "pets", "1.1", MORE, ["pets@1.0"])
    return team


def record(repo: Repo, path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((repo.path / path).read_text())
    return found


def forge(repo: Repo, path: str, **fields: Any) -> None:
    """Writes other fields into a record, in canonical form."""
    changed = msgspec.convert({**record(repo, path), **fields}, Record)
    repo.write(path, encode_record(changed))


def test_what_a_registration_writes_is_right(pets: Repo) -> None:
    assert findings(pets) == []
    assert findings(pets, "HEAD~1..HEAD") == []
    publish(pets)
    assert findings(pets) == []


def test_an_id_that_is_not_that_of_the_key(pets: Repo) -> None:
    forge(pets, RECORD, id="local:" + "0" * 32)
    found = [one for one in findings(pets) if one["file"] == RECORD]
    assert [(one["rule"], one["line"]) for one in found] == [
        ("record", line_of(pets, RECORD, '"id"'))
    ]
    assert f"local:{record(pets, RECORD)['key'][:32]}" in found[0]["message"]
    assert f"git rm -f {RECORD}" in found[0]["hint"]
    pets.git("add", "-A")
    assert any(one["file"] == RECORD for one in findings(pets, "--staged"))
    told = severities(pets, "record")
    assert set(told[0]) == {"warn"}
    assert told[1] == []


def test_what_the_hint_says_brings_the_right_record_back(pets: Repo) -> None:
    right = (pets.path / CHILD).read_bytes()
    forge(pets, CHILD, id="local:" + "0" * 32)
    pets.commit("Forged")
    assert finding(pets, "record", "HEAD")["file"] == CHILD
    pets.git("rm", "-q", "-f", CHILD)
    pets.commit("Away with it")
    pets.dsv("sync")
    assert (pets.path / CHILD).read_bytes() == right
    assert findings(pets) == []


def test_an_id_of_the_embedded_registry_under_another_registrys_name(pets: Repo) -> None:
    forge(pets, CHILD, registry="clearml")
    assert "clearml" in finding(pets, "record")["message"]


@pytest.mark.parametrize("path", [RECORD, CHILD])
def test_another_digest_under_the_same_key(pets: Repo, path: str) -> None:
    right = record(pets, path)["digest"]
    forge(pets, path, digest="sha256:" + "0" * 64)
    found = [one for one in findings(pets) if one["rule"] == "record"]
    assert [one["file"] for one in found] == [path]
    assert right in found[0]["message"]


def test_another_digest_in_a_clone_that_never_saw_the_right_one(team: Repo) -> None:
    register(team, "pets", "1.0")
    forge(team, RECORD, digest="sha256:" + "0" * 64)
    team.git("add", "-A")
    team.git("commit", "-q", "--amend", "--no-edit")
    assert "digest of 1.0" in finding(team, "record", "HEAD")["message"]


def test_another_key_and_id_for_a_content_that_had_its_record(pets: Repo) -> None:
    forge(pets, CHILD, key="0" * 64, id="local:" + "0" * 32)
    assert "key of 1.1" in finding(pets, "record")["message"]


def test_another_version_under_the_same_key(pets: Repo) -> None:
    forge(pets, CHILD, version="7")
    pets.git("mv", CHILD, "manifests/pets/versions/7.json")
    assert "1.1" in finding(pets, "record")["message"]


@pytest.mark.parametrize(
    "parents", [[], [{"id": "local:" + "0" * 32, "manifest": "pets", "version": "1.0"}]]
)
def test_other_parents_under_the_same_key(pets: Repo, parents: list[dict[str, str]]) -> None:
    forge(pets, CHILD, parents=parents)
    assert finding(pets, "record")["line"] == line_of(pets, CHILD, '"parents"')


def test_a_draft_that_was_changed_after_its_registration_is_legal(team: Repo) -> None:
    register(team, "pets", "1.0")
    write_manifest(team, "pets", "1.0", MORE)
    team.git("add", "-A")
    assert findings(team) == findings(team, "--staged") == []
    write_manifest(team, "pets", "1.0", INITIAL, project="Others")
    assert findings(team) == []
    team.commit("Another project, and no hook")
    assert findings(team, "HEAD") == []


def test_going_back_to_a_former_content_is_legal(team: Repo) -> None:
    register(team, "pets", "1.0")
    register(team, "pets", "1.0", MORE)
    write_manifest(team, "pets", "1.0", INITIAL)
    assert findings(team) == []


def test_a_record_without_its_parents_record_is_not_judged(pets: Repo) -> None:
    (pets.path / RECORD).unlink()
    assert findings(pets) == []
