"""A name that was published keeps its content, also where the record is reverted or removed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import dsv_git
from tests.conftest import Repo
from tests.git.conftest import draft, versions
from tests.manifests import INITIAL

MORE = {**INITIAL, "train/owl/o.jpg": "9"}
OTHER = {**INITIAL, "train/owl/p.jpg": "8"}


@pytest.fixture
def reverted(tracked: Repo, tmp_path: Path) -> Repo:
    """pets@1.1 was pushed, then reverted, and that was pushed, too."""
    tracked.git("init", "-q", "--bare", "-b", "main", str(tmp_path / "remote.git"))
    tracked.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    draft(tracked, "1.0", INITIAL)
    tracked.commit("First")
    draft(tracked, "1.1", MORE, parent="1.0")
    tracked.commit("Second")
    tracked.git("push", "-q", "-u", "origin", "main")
    tracked.git("revert", "--no-edit", "HEAD")
    tracked.git("push", "-q")
    assert versions(tracked) == ["1.0"]
    return tracked


def test_another_content_under_it_is_refused(reverted: Repo) -> None:
    draft(reverted, "1.1", OTHER, parent="1.0")
    reverted.git("add", "-A")
    refused = reverted.run("git", "commit", "-m", "Again", code=1)
    said = refused.stdout + refused.stderr
    assert "1.1 is published (it was, on a remote branch), and this has other files" in said
    assert "dsv bump pets" in said
    reverted.dsv("bump", "pets")
    reverted.git("add", "-A")
    reverted.git("commit", "-q", "-m", "Again")
    assert versions(reverted) == ["1.0", "1.2"]


def test_the_same_content_may_come_back(reverted: Repo) -> None:
    reverted.git("revert", "--no-edit", "HEAD")
    assert versions(reverted) == ["1.0", "1.1"]


def test_the_next_version_passes_it_over(reverted: Repo) -> None:
    assert "1.2" in reverted.dsv("bump", "pets")
    reverted.git("checkout", "-q", ".")
    refused = reverted.dsv_result("bump", "pets", "1.1")
    assert refused.returncode == 2
    assert "the version 1.1 of pets was published already" in refused.stderr


def test_a_version_that_a_pick_brought_is_logged_with_the_commit_that_brought_it(
    tracked: Repo,
) -> None:
    draft(tracked, "1.0", INITIAL)
    tracked.commit("First")
    tracked.git("switch", "-q", "-c", "side")
    draft(tracked, "1.1", MORE, parent="1.0")
    tracked.commit("Theirs")
    theirs = json.loads(tracked.dsv("show", "pets", "--json"))["id"]
    tracked.git("switch", "-q", "main")
    draft(tracked, "1.1", OTHER, parent="1.0")
    tracked.commit("Ours")
    tracked.run("git", "cherry-pick", "side", code=None)
    tracked.dsv("resolve")
    tracked.git("cherry-pick", "--continue", env={"GIT_EDITOR": "true"})
    found = json.loads(tracked.dsv("show", theirs, "--json"))
    assert found["commit"]["subject"] == "Theirs"
    assert found["commit"]["id"] == tracked.git("rev-parse", "HEAD")


@pytest.mark.parametrize("way", ["revert", "remove"])
def test_its_id_still_names_its_content_in_a_clone_that_never_had_it_checked_out(
    reverted: Repo, tmp_path: Path, way: str
) -> None:
    record = json.loads(reverted.git("show", "HEAD^:manifests/pets/versions/1.1.json"))
    if way == "remove":
        reverted.git("rm", "-q", "-r", "manifests/pets")
        reverted.git("commit", "-q", "-m", "Gone\n\nData-Override: mass-removal, class-vanished")
        reverted.git("push", "-q")
    reverted.git("clone", "-q", str(tmp_path / "remote.git"), str(tmp_path / "clone"))
    clone = Repo(tmp_path / "clone", reverted.env)
    assert clone.git("for-each-ref", "refs/dsv") == ""
    for reference in (record["id"], "pets@1.1"):
        shown = json.loads(clone.dsv("show", reference, "--json"))
        assert (shown["name"], shown["digest"]) == ("pets@1.1", record["digest"])
        exported = clone.dsv("export", reference)
        assert exported.count("\n") == len(MORE)
    found = dsv_git.load("pets", clone.path, id=record["id"], strict=False)
    assert {entry.path for entry in found.entries} == set(MORE)


def test_what_nobody_ever_had_is_still_nowhere(reverted: Repo) -> None:
    for reference in ("local:" + 32 * "0", "pets@9.9", "other@1.1"):
        assert reverted.dsv_result("show", reference).returncode == 2
        assert reverted.dsv_result("export", reference).returncode == 2
