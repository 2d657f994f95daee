"""Rule `format`."""

from __future__ import annotations

import pytest

from tests.checks.conftest import edit, finding, findings, line_of, register, severities
from tests.conftest import Repo
from tests.manifests import INITIAL, write_manifest

YAML = "manifests/pets/manifest.yaml"
LIST = "manifests/pets/files/_.jsonl"
DROPPED = "manifests/pets/dropped.jsonl"
RECORD = "manifests/pets/versions/1.0.json"
CONFLICT = "<<<<<<< HEAD\n{ours}\n=======\n{theirs}\n>>>>>>> side\n"


@pytest.fixture
def pets(team: Repo) -> Repo:
    """A registered version with something left out."""
    team.write(DROPPED, '{"path":"x","hash":"xxh3:' + "0" * 32 + '","why":"dark"}\n')
    register(team, "pets", "1.0")
    return team


def test_whole_manifests_pass(pets: Repo) -> None:
    write_manifest(pets, "a/b", "1.0")
    write_manifest(pets, "a/c", "1.0", dataset="other")
    assert findings(pets) == []


def test_an_unknown_key_is_named_with_its_line_and_the_nearest_one(pets: Repo) -> None:
    edit(pets, YAML, "version:", "paernts: []\nversion:")
    found = finding(pets, "format")
    assert (found["file"], found["line"]) == (YAML, line_of(pets, YAML, "paernts"))
    assert "paernts" in found["message"]
    assert found["hint"] == "did you mean parents?"
    assert severities(pets, "format") == [["warn"], []]


@pytest.mark.parametrize("path", [YAML, LIST, DROPPED, RECORD])
def test_conflict_markers_are_found_in_every_file(pets: Repo, path: str) -> None:
    text = (pets.path / path).read_text()
    pets.write(path, text + CONFLICT)
    found = finding(pets, "format")
    assert (found["file"], found["line"]) == (path, text.count("\n") + 1)
    assert found["message"] == "an unresolved merge conflict"


@pytest.mark.parametrize(
    ("path", "old", "new", "line"),
    [
        (LIST, '"size":1,"hash"', '"hash"', 1),
        (LIST, '"label":"dog"', '"lable":"dog"', 2),
        (DROPPED, '"why"', '"who"', 1),
        (RECORD, '"version"', '"vorsien"', None),
        (RECORD, '"local:', '7, "local:', None),
        (YAML, "data:", "data: [", None),
    ],
)
def test_what_cannot_be_read_is_named(
    pets: Repo, path: str, old: str, new: str, line: int | None
) -> None:
    edit(pets, path, old, new)
    found = next(one for one in findings(pets) if one["rule"] == "format")
    assert (found["severity"], found["file"]) == ("error", path)
    assert line is None or found["line"] in {line, line + 1}


def test_text_that_is_not_utf_8_is_an_error_and_no_crash(pets: Repo) -> None:
    pets.write(YAML, b"format: 1\nversion: \xff\n")
    pets.write(LIST, b'{"path":"\xff"}\n')
    assert [one["file"] for one in findings(pets)] == [LIST, YAML]


def test_a_manifest_inside_a_manifest(pets: Repo) -> None:
    write_manifest(pets, "pets/dogs", "1.0")
    found = finding(pets, "format")
    assert found["manifest"] == "pets/dogs"
    assert "inside the manifest pets" in found["message"]
    edit(pets, "manifests/pets/dogs/files/_.jsonl", ",", ", ")
    assert [(one["manifest"], one["rule"]) for one in findings(pets)] == [
        ("pets/dogs", "canonical"),
        ("pets/dogs", "format"),
    ]


def test_a_manifest_beside_one_whose_name_begins_alike_is_fine(pets: Repo) -> None:
    write_manifest(pets, "pets-2/dogs", "1.0")
    assert findings(pets) == []


@pytest.mark.parametrize("name", ["a b", "x/files", "x/versions/y", "q.lock"])
def test_a_folder_that_cannot_be_a_manifests_name(pets: Repo, name: str) -> None:
    write_manifest(pets, name, "1.0")
    assert finding(pets, "format")["manifest"] == name


def test_a_manifest_in_no_folder_of_its_own(team: Repo) -> None:
    team.write("manifests/manifest.yaml", "format: 1\nversion: 1.0\ndata: {root: x}\n")
    assert "folder of its own" in finding(team, "format")["message"]


def test_lists_whose_manifest_was_not_staged(pets: Repo) -> None:
    write_manifest(pets, "cars", "1.0")
    pets.git("add", "manifests/cars/files")
    found = finding(pets, "format", "--staged")
    assert found["hint"].startswith("git add manifests/cars/manifest.yaml")
    pets.git("add", "manifests/cars")
    assert findings(pets, "--staged") == []


def test_other_files_below_the_manifests_folder_are_nobodys_business(pets: Repo) -> None:
    pets.write("manifests/README.md", "# Ours\n")
    pets.write("manifests/pets/notes.txt", "<<<<<<< \n")
    pets.write("manifests/pets/files/_.jsonl.orig", "x")
    pets.commit("Notes")
    assert findings(pets) == []
    assert findings(pets, "HEAD") == []


def test_a_merge_in_conflict(pets: Repo) -> None:
    pets.git("switch", "-q", "-c", "side")
    register(pets, "pets", "1.1", {**INITIAL, "train/dog/b.jpg": "side"}, ["pets@1.0"])
    pets.git("switch", "-q", "main")
    register(pets, "pets", "1.2", {**INITIAL, "train/dog/b.jpg": "main"}, ["pets@1.0"])
    pets.run("git", "merge", "side", code=1)
    assert {(one["rule"], one["file"]) for one in findings(pets, "--staged")} == {
        ("format", YAML),
        ("format", LIST),
    }
    assert {(one["rule"], one["file"], one["line"]) for one in findings(pets)} == {
        ("format", YAML, line_of(pets, YAML, "<<<<<<<")),
        ("format", LIST, line_of(pets, LIST, "<<<<<<<")),
    }


@pytest.mark.parametrize("mode", [(), ("--staged",), ("HEAD",)])
def test_links_are_no_files_of_a_manifest(pets: Repo, mode: tuple[str, ...]) -> None:
    (pets.path / "manifests/pets/files/more.jsonl").symlink_to("/etc/passwd")
    pets.commit("A link")
    found = finding(pets, "format", *mode)
    assert found["file"] == "manifests/pets/files/more.jsonl"
    assert "symbolic link" in found["message"]


def test_the_links_of_an_editor_are_left_alone(pets: Repo) -> None:
    (pets.path / "manifests/pets/.#manifest.yaml").symlink_to("ada@host.1:2")
    assert findings(pets) == []
