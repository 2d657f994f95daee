"""Amend, reset, revert, cherry-pick, rebase, am: the same version is never registered twice."""

from __future__ import annotations

import pytest

from tests.conftest import Repo
from tests.git.conftest import MORE, count, draft, records, settled, unplug, versions
from tests.manifests import INITIAL


@pytest.fixture
def two(tracked: Repo) -> Repo:
    """Versions 1.0 and 1.1, a commit each."""
    draft(tracked, "1.0", INITIAL)
    tracked.commit("First")
    draft(tracked, "1.1", MORE, parent="1.0")
    tracked.commit("Second")
    return tracked


def test_amending_the_message_changes_no_record(two: Repo) -> None:
    before, commits = records(two), count(two)
    two.git("commit", "-q", "--amend", "-m", "Second, better said")
    assert (records(two), count(two), two.status) == (before, commits, "")
    settled(two, "1.0", "1.1")


def test_amending_the_data_of_an_unpublished_version_renews_its_record(two: Repo) -> None:
    before, commits = records(two), count(two)
    draft(two, "1.1", {**MORE, "train/cat/e.jpg": "5"}, parent="1.0")
    two.git("commit", "-q", "-a", "--amend", "--no-edit")
    after = records(two)
    assert after["1.1"]["key"] != before["1.1"]["key"]
    assert after["1.1"]["stats"]["added"] == 2
    assert (count(two), two.status) == (commits, "")
    settled(two, "1.0", "1.1")


@pytest.mark.parametrize("mode", ["--mixed", "--soft"])
def test_reset_and_commit_again_is_the_same_version(two: Repo, mode: str) -> None:
    before, commits = records(two), count(two)
    two.git("reset", "-q", mode, "HEAD~1")
    assert versions(two) == ["1.0"]
    two.commit("Second again")
    assert (records(two), count(two), two.status) == (before, commits, "")


def test_reset_hard_takes_data_and_record_away_together(two: Repo) -> None:
    two.git("reset", "-q", "--hard", "HEAD~1")
    assert (versions(two), two.status) == (["1.0"], "")


def test_revert_takes_the_version_and_its_record_back(two: Repo) -> None:
    two.git("revert", "--no-edit", "HEAD")
    assert (versions(two), two.status) == (["1.0"], "")
    settled(two, "1.0")
    two.git("revert", "--no-edit", "HEAD")
    settled(two, "1.0", "1.1")


def test_cherry_picking_a_version_brings_its_record(two: Repo) -> None:
    before = records(two)
    two.git("switch", "-q", "-c", "other", "HEAD~1")
    two.write("notes.txt", "other\n")
    two.commit("Other")
    two.git("cherry-pick", "main")
    assert (records(two), two.status) == (before, "")
    settled(two, "1.0", "1.1")


def ten(repo: Repo, start: int = 2) -> None:
    """Ten commits of data, with code between them."""
    for number in range(start, start + 10):
        contents = {**MORE, **{f"train/cat/n{n}.jpg": str(n) for n in range(number + 1)}}
        draft(repo, f"1.{number}", contents, parent=f"1.{number - 1}")
        repo.write("train.py", f"print({number})\n")
        repo.commit(f"Data {number}")


ALL = ["1.0", "1.1", *(f"1.{number}" for number in range(2, 12))]


def other_branch(repo: Repo) -> None:
    repo.git("switch", "-q", "-c", "other", "HEAD~10")
    repo.write("notes.txt", "other\n")
    repo.commit("Other")


def test_a_range_of_cherry_picks_ends_with_every_record_once(two: Repo) -> None:
    ten(two)
    before = records(two)
    other_branch(two)
    two.git("cherry-pick", "main~10..main")
    assert (records(two), two.status, count(two)) == (before, "", count(two, "main") + 1)
    settled(two, *ALL)


def test_cherry_picks_without_records_are_registered_after_the_last(two: Repo) -> None:
    unplug(two)
    ten(two)
    assert versions(two) == ["1.0", "1.1"]
    two.dsv("init")
    other_branch(two)
    two.git("cherry-pick", "main~10..main")
    assert two.status == ""
    settled(two, *ALL)


@pytest.mark.parametrize("backend", ["--merge", "--apply"])
def test_rebasing_ten_commits_keeps_data_and_record_together(two: Repo, backend: str) -> None:
    ten(two)
    before = records(two)
    other_branch(two)
    two.git("switch", "-q", "main")
    two.git("rebase", "-q", backend, "other")
    assert (records(two), two.status) == (before, "")
    assert count(two) == count(two, "other") + 10
    settled(two, *ALL)


@pytest.mark.parametrize("backend", ["--merge", "--apply"])
def test_rebasing_pending_commits_registers_them_at_the_end(two: Repo, backend: str) -> None:
    unplug(two)
    ten(two)
    two.dsv("init")
    other_branch(two)
    two.git("switch", "-q", "main")
    two.git("rebase", "-q", backend, "other")
    assert two.status == ""
    assert count(two) == count(two, "other") + 11
    settled(two, *ALL)


def test_an_autostash_rebase_gives_the_users_edits_back(two: Repo) -> None:
    ten(two)
    other_branch(two)
    two.git("switch", "-q", "main")
    two.write("train.py", "print('mine')\n")
    two.git("rebase", "-q", "--autostash", "other")
    assert two.status == " M train.py"
    assert (two.path / "train.py").read_text() == "print('mine')\n"
    settled(two, *ALL)


def test_an_interactive_rebase_that_squashes_keeps_the_last_version(two: Repo) -> None:
    ten(two)
    two.git(
        "rebase",
        "-q",
        "-i",
        "HEAD~3",
        env={"GIT_SEQUENCE_EDITOR": "sed -i.bak '2,3s/^pick/fixup/'"},
    )
    assert two.status == ""
    assert count(two) == 3 + 10 - 2
    settled(two, *ALL)


def test_an_interactive_rebase_that_rewords_and_edits_ends_settled(two: Repo) -> None:
    ten(two)
    editor = "sed -i.bak '1s/^pick/reword/;2s/^pick/edit/'"
    two.git(
        "rebase", "-q", "-i", "HEAD~3", env={"GIT_SEQUENCE_EDITOR": editor, "GIT_EDITOR": "true"}
    )
    two.write("notes.txt", "in the middle\n")
    two.git("commit", "-q", "-a", "--amend", "--no-edit")
    two.git("rebase", "--continue", env={"GIT_EDITOR": "true"})
    assert two.status == ""
    settled(two, *ALL)


def test_mailed_patches_bring_their_records(two: Repo) -> None:
    ten(two)
    before = records(two)
    patches = two.path.parent / "patches"
    two.git("format-patch", "-q", "-o", str(patches), "HEAD~10")
    other_branch(two)
    two.git("am", "-q", *sorted(str(path) for path in patches.iterdir()))
    assert (records(two), two.status) == (before, "")
    settled(two, *ALL)


def test_mailed_patches_without_records_are_registered_after_the_last(two: Repo) -> None:
    unplug(two)
    ten(two)
    two.dsv("init")
    patches = two.path.parent / "patches"
    two.git("format-patch", "-q", "-o", str(patches), "HEAD~10")
    other_branch(two)
    two.git("am", "-q", *sorted(str(path) for path in patches.iterdir()))
    assert two.status == ""
    settled(two, *ALL)
