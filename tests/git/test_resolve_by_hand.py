"""What a person edits between two `dsv resolve`, and before the first, stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Repo
from tests.git.test_merge_drivers import BASE, LAYOUTS, fork, with_drivers

FIRST, SECOND, THIRD = "train/cat/1.jpg", "train/dog/2.jpg", "val/cat/1.jpg"
MINE = {**BASE, FIRST: "mine", SECOND: "mine"}
THEIRS = {**BASE, FIRST: "theirs", SECOND: "theirs"}


@pytest.fixture
def stopped(repo: Repo) -> Repo:
    """A merge that stopped at two rows."""
    repo = with_drivers(repo)
    fork(repo, BASE, MINE, THEIRS, LAYOUTS[0])
    repo.run("git", "merge", "feature", code=1)
    return repo


def rows(repo: Repo) -> Path:
    return repo.path / "manifests/pets/files/_.jsonl"


def take_theirs(repo: Repo, path: str) -> None:
    """Leaves their row of a conflict, without the marks."""
    lines = rows(repo).read_text().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if line.startswith("<<<") and path in lines[n + 1])
    rows(repo).write_text("".join([*lines[:at], lines[at + 3], *lines[at + 5 :]]))


def drop(repo: Repo, path: str) -> None:
    lines = rows(repo).read_text().splitlines(keepends=True)
    rows(repo).write_text("".join(line for line in lines if path not in line))


def test_a_list_half_edited_and_then_whole_is_never_rewritten(stopped: Repo) -> None:
    assert stopped.dsv("resolve", code=1).count("conflict: ") == 2
    take_theirs(stopped, FIRST)
    drop(stopped, THIRD)
    before = rows(stopped).read_bytes()
    said = stopped.dsv("resolve", code=1)
    assert rows(stopped).read_bytes() == before
    assert f"conflict: pets: {SECOND}\n" in said
    assert FIRST not in said
    take_theirs(stopped, SECOND)
    before = rows(stopped).read_bytes()
    assert "all clear and staged" in stopped.dsv("resolve")
    assert rows(stopped).read_bytes() == before
    stopped.git("commit", "-q", "--no-edit")
    assert stopped.status == ""
    shown = stopped.git("show", "HEAD:manifests/pets/files/_.jsonl")
    assert shown.encode() + b"\n" == before
    stopped.dsv("check")


def test_what_is_edited_before_the_first_counts_too(stopped: Repo) -> None:
    take_theirs(stopped, FIRST)
    take_theirs(stopped, SECOND)
    before = rows(stopped).read_bytes()
    assert "all clear and staged" in stopped.dsv("resolve")
    assert rows(stopped).read_bytes() == before
    stopped.git("commit", "-q", "--no-edit")
    assert stopped.status == ""


def test_other_files_that_a_person_edits_meanwhile_stay_as_they_are(stopped: Repo) -> None:
    declaration = stopped.path / "manifests/pets/manifest.yaml"
    stopped.dsv("resolve", code=1)
    declaration.write_text(declaration.read_text() + "description: both\n")
    before = declaration.read_bytes()
    stopped.dsv("resolve", code=1)
    assert declaration.read_bytes() == before
    stopped.git("add", "manifests/pets/manifest.yaml")
    stopped.dsv("resolve", code=1)
    assert declaration.read_bytes() == before
    take_theirs(stopped, FIRST)
    take_theirs(stopped, SECOND)
    stopped.dsv("resolve")
    stopped.git("commit", "-q", "--no-edit")
    assert stopped.status == ""
    assert declaration.read_bytes() == before


def test_another_merge_is_begun_anew(stopped: Repo) -> None:
    stopped.dsv("resolve", code=1)
    take_theirs(stopped, FIRST)
    stopped.git("merge", "--abort")
    stopped.run("git", "merge", "feature", code=1)
    assert stopped.dsv("resolve", code=1).count("conflict: ") == 2
