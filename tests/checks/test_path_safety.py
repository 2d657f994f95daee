"""Rule `path-safety`."""

from __future__ import annotations

import json

import pytest

from tests.checks.conftest import edit, finding, findings, severities
from tests.conftest import Repo
from tests.manifests import write_manifest

LIST = "manifests/pets/files/_.jsonl"
YAML = "manifests/pets/manifest.yaml"
HASH = "xxh3:" + "0" * 32


def rows(repo: Repo, *paths: str) -> None:
    """Writes a canonical list of depth 0, whatever the paths are."""
    lines = (
        json.dumps(
            {"path": path, "size": 1, "hash": HASH}, separators=(",", ":"), ensure_ascii=False
        )
        for path in sorted(paths)
    )
    repo.write(LIST, "".join(f"{line}\n" for line in lines))


@pytest.fixture
def pets(team: Repo) -> Repo:
    """A manifest of one list."""
    write_manifest(team, "pets", "1.0")
    return team


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../x", "a/../../x", "a/..", "..", "./a", "a//b", "a/", ".git/config",
     "a/.GIT/hooks/post-commit", "a\0b"],
)  # fmt: skip
def test_a_path_that_leaves_its_root(pets: Repo, path: str) -> None:
    rows(pets, "0.jpg", path, "zz.jpg")
    found = finding(pets, "path-safety")
    assert found["file"] == LIST
    assert found["concerned"] == [path]
    assert found["line"] == 1 + sorted(["0.jpg", path, "zz.jpg"]).index(path)


def test_paths_that_only_look_like_it_pass(pets: Repo) -> None:
    rows(pets, "..a", "a..", ".../x", ".gitignore", ".github/x", "a.git", "a b", "é", ".a", "a\\b")
    assert findings(pets) == []


def test_every_reason_is_told_once_with_a_few_examples(pets: Repo) -> None:
    rows(pets, *(f"../{number}" for number in range(6)), "/x", "/y")
    found = findings(pets)
    assert [(one["line"], len(one["concerned"]), one["more"]) for one in found] == [
        (1, 3, 3),
        (7, 2, 0),
    ]
    assert severities(pets, "path-safety") == [["warn", "warn"], []]


@pytest.mark.parametrize("path", ["a\nb", "a\x1b[31mb", "a\x7f", "a\u202egpj.exe"])
def test_control_characters_are_a_warning_and_never_more(pets: Repo, path: str) -> None:
    rows(pets, path)
    (found,) = findings(pets)
    assert (found["rule"], found["severity"]) == ("path-safety", "warn")
    assert severities(pets, "path-safety") == [["warn"], []]


def test_nothing_of_a_path_reaches_the_terminal_as_it_is(pets: Repo) -> None:
    rows(pets, "../a\x1b]0;owned\x07\n\u202e")
    said = pets.dsv("check", code=1)
    assert "owned" in said
    assert said.replace("\n", "").isprintable()


def test_the_folder_of_a_list_counts_too(pets: Repo) -> None:
    write_manifest(pets, "pets", "1.0", {"a/x.jpg": "1"})
    edit(pets, YAML, "depth: 0", "depth: 1")
    (pets.path / LIST).unlink()
    row = f'{{"path":"x.jpg","size":1,"hash":"{HASH}"}}\n'
    pets.write("manifests/pets/files/%2Egit.jsonl", row)
    found = finding(pets, "path-safety")
    assert ".git" in found["message"]


def test_what_is_left_out_counts_too(pets: Repo) -> None:
    pets.write("manifests/pets/dropped.jsonl", f'{{"path":"../x","hash":"{HASH}","why":"dark"}}\n')
    assert finding(pets, "path-safety")["file"] == "manifests/pets/dropped.jsonl"


def test_a_report_is_a_file_of_the_repository(pets: Repo) -> None:
    text = (pets.path / YAML).read_text()
    pets.write(YAML, text + "reports:\n  tables: [reports/a.csv, ./reports/b.csv]\n")
    assert findings(pets) == []
    pets.write(YAML, text + "reports:\n  media: [/home/ci/.aws/credentials, ../x]\n")
    found = findings(pets)
    assert {one["rule"] for one in found} == {"path-safety"}
    assert [one["concerned"] for one in found] == [["/home/ci/.aws/credentials"], ["../x"]]
