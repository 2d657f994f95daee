"""Merges, pulls and squashes."""

from __future__ import annotations

from tests.conftest import Repo
from tests.git.conftest import MORE, count, draft, records, settled, unplug, versions
from tests.manifests import INITIAL, write_manifest

CARS = {"a.jpg": "7", "b.jpg": "8"}


def first(repo: Repo) -> None:
    draft(repo, "1.0", INITIAL)
    repo.commit("First")


def feature(repo: Repo) -> None:
    """A branch with another manifest, main with a second version."""
    first(repo)
    repo.git("switch", "-q", "-c", "feature")
    write_manifest(repo, "cars", "1.0", CARS)
    repo.commit("Cars")


def test_a_fast_forward_brings_registered_versions(tracked: Repo) -> None:
    feature(tracked)
    tip = tracked.git("rev-parse", "HEAD")
    tracked.git("switch", "-q", "main")
    tracked.git("merge", "-q", "feature")
    assert (tracked.git("rev-parse", "HEAD"), tracked.status) == (tip, "")
    settled(tracked, "1.0", name="cars")


def test_a_merge_of_different_manifests_has_both_sides_records(tracked: Repo) -> None:
    feature(tracked)
    tracked.git("switch", "-q", "main")
    draft(tracked, "1.1", MORE, parent="1.0")
    tracked.commit("Second")
    tracked.git("merge", "-q", "--no-ff", "--no-edit", "feature")
    assert tracked.status == ""
    settled(tracked, "1.0", "1.1")
    settled(tracked, "1.0", name="cars")


def test_a_merge_commit_registers_what_came_in_pending(tracked: Repo) -> None:
    first(tracked)
    tracked.git("switch", "-q", "-c", "feature")
    unplug(tracked)
    write_manifest(tracked, "cars", "1.0", CARS)
    tracked.commit("Cars")
    tracked.dsv("init")
    tracked.git("switch", "-q", "main")
    tracked.write("notes.txt", "main\n")
    tracked.commit("Main goes on")
    tracked.git("merge", "-q", "--no-ff", "--no-edit", "feature")
    assert versions(tracked, "cars") == ["1.0"]
    assert tracked.status == ""
    settled(tracked, "1.0", name="cars")


def test_a_conflicting_merge_resolved_as_a_new_version_has_both_parents(tracked: Repo) -> None:
    first(tracked)
    tracked.git("switch", "-q", "-c", "feature")
    draft(tracked, "1.1-f", {**INITIAL, "train/cat/f.jpg": "6"}, parent="1.0")
    tracked.commit("Feature")
    tracked.git("switch", "-q", "main")
    draft(tracked, "1.1", MORE, parent="1.0")
    tracked.commit("Second")
    done = tracked.run("git", "merge", "feature", code=None)
    assert done.returncode == 1
    both = {**MORE, "train/cat/f.jpg": "6"}
    write_manifest(tracked, "pets", "1.2", both, ["pets@1.1", "pets@1.1-f"])
    commits = count(tracked)
    tracked.commit("Merge")
    assert tracked.status == ""
    assert len(tracked.git("log", "-1", "--format=%P").split()) == 2
    assert count(tracked) == commits + 2
    assert {p["version"] for p in records(tracked)["1.2"]["parents"]} == {"1.1", "1.1-f"}
    assert records(tracked)["1.2"]["stats"]["added"] == 0
    settled(tracked, "1.0", "1.1", "1.1-f", "1.2")


def test_a_squash_merge_keeps_every_version_of_the_branch(tracked: Repo) -> None:
    first(tracked)
    tracked.git("switch", "-q", "-c", "feature")
    draft(tracked, "1.1", MORE, parent="1.0")
    tracked.commit("One more")
    draft(tracked, "1.2", {**MORE, "train/cat/e.jpg": "5"}, parent="1.1")
    tracked.commit("Two more")
    before = records(tracked)
    tracked.git("switch", "-q", "main")
    tracked.git("merge", "-q", "--squash", "feature")
    assert versions(tracked) == ["1.0"]
    tracked.git("commit", "-q", "-m", "Squashed")
    assert (records(tracked), tracked.status) == (before, "")
    key = before["1.1"]["key"]
    assert tracked.git("cat-file", "-t", f"refs/dsv/{key}") == "tree"
    settled(tracked, "1.0", "1.1", "1.2")


def test_stash_and_pop_around_a_commit_of_data(tracked: Repo) -> None:
    first(tracked)
    draft(tracked, "1.1", MORE, parent="1.0")
    tracked.git("stash", "-q")
    tracked.write("train.py", "print(5)\n")
    tracked.commit("Code")
    tracked.git("stash", "pop", "-q")
    tracked.commit("Second")
    assert tracked.status == ""
    settled(tracked, "1.0", "1.1")


def test_a_conflict_of_one_name_on_two_branches_ends_with_a_bump(tracked: Repo) -> None:
    first(tracked)
    tracked.git("switch", "-q", "-c", "feature")
    draft(tracked, "1.1", {**INITIAL, "train/cat/f.jpg": "6"}, parent="1.0")
    tracked.commit("Feature")
    tracked.git("switch", "-q", "main")
    draft(tracked, "1.1", MORE, parent="1.0")
    tracked.commit("Second")
    tracked.git("clone", "-q", "--bare", str(tracked.path), str(tracked.path.parent / "r.git"))
    tracked.git("remote", "add", "origin", str(tracked.path.parent / "r.git"))
    tracked.git("fetch", "-q")
    tracked.run("git", "merge", "feature", code=None)
    draft(tracked, "1.1", {**MORE, "train/cat/f.jpg": "6"}, parent="1.0")
    tracked.git("checkout", "-q", "--ours", "manifests/pets/versions")
    tracked.git("add", "-A")
    tracked.git("commit", "-q", "--no-verify", "-m", "Merged, with a version that is taken")
    assert "dsv bump pets" in tracked.dsv("sync", code=1)
    tracked.dsv("bump", "pets")
    tracked.commit("A version of its own")
    assert tracked.status == ""
    assert records(tracked)["1.2"]["stats"]["files"] == 5
    settled(tracked, "1.0", "1.1", "1.2")


def test_status_and_update_know_of_a_merge_that_git_stopped(tracked: Repo) -> None:
    draft(tracked, "1.0", INITIAL)
    tracked.commit("First")
    tracked.git("switch", "-q", "-c", "side")
    draft(tracked, "1.1", MORE, parent="1.0")
    tracked.commit("Theirs")
    tracked.git("switch", "-q", "main")
    draft(tracked, "1.1", {**INITIAL, "train/cat/e.jpg": "5"}, parent="1.0")
    tracked.commit("Ours")
    assert "dsv resolve" not in tracked.dsv("status")
    tracked.run("git", "merge", "side", code=1)
    line = "git stopped before the manifests were merged: dsv resolve"
    assert tracked.dsv("status").splitlines()[0] == line
    refused = tracked.dsv_result("update", "pets")
    assert refused.returncode == 2
    assert "an update would leave one side out\n  dsv resolve" in refused.stderr
    tracked.dsv("resolve")
    assert "dsv resolve" not in tracked.dsv("status")
    tracked.git("commit", "-q", "--no-edit")
    assert "pets@1.2  = local:" in tracked.dsv("status")
