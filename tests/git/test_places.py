"""Odd places and states: worktrees, detached heads, bisects, shallow clones, other indexes."""

from __future__ import annotations

import shutil
from dataclasses import replace

from tests.conftest import Repo
from tests.git.conftest import MORE, count, draft, records, settled, unplug, versions
from tests.manifests import INITIAL


def first(repo: Repo) -> None:
    draft(repo, "1.0", INITIAL)
    repo.commit("First")


def second_in_linked_worktree(repo: Repo) -> Repo:
    """Commits version 1.1 in a working tree beside the main one, and gives that."""
    linked = replace(repo, path=repo.path.parent / "linked tree")
    repo.git("worktree", "add", "-q", "-b", "side", str(linked.path))
    draft(linked, "1.1", MORE, parent="1.0")
    linked.commit("Second")
    return linked


def test_a_linked_worktree_commits_like_the_main_one(tracked: Repo) -> None:
    first(tracked)
    linked = second_in_linked_worktree(tracked)
    assert (linked.status, tracked.status) == ("", "")
    settled(linked, "1.0", "1.1")
    assert versions(tracked) == ["1.0"]


def test_a_commit_from_a_subfolder_is_recorded(tracked: Repo) -> None:
    draft(tracked, "1.0", INITIAL)
    below = replace(tracked, path=tracked.path / "manifests/pets")
    below.commit("From below")
    assert tracked.status == ""
    settled(tracked, "1.0")


def test_a_detached_head_writes_nothing_until_a_branch_has_the_commit(tracked: Repo) -> None:
    first(tracked)
    tracked.git("switch", "-q", "--detach")
    draft(tracked, "1.1", MORE, parent="1.0")
    tracked.git("add", "-A")
    done = tracked.run("git", "commit", "-m", "Detached")
    assert "detached HEAD" in done.stderr
    assert (versions(tracked), tracked.status) == (["1.0"], "")
    tracked.dsv("sync", code=2)
    tracked.git("switch", "-q", "-c", "kept")
    tracked.dsv("sync")
    settled(tracked, "1.0", "1.1")


def test_commits_during_a_bisect_are_left_alone(tracked: Repo) -> None:
    first(tracked)
    for number in range(3):
        tracked.write("train.py", f"print({number})\n")
        tracked.commit(f"Code {number}")
    tracked.git("bisect", "start", "HEAD", "HEAD~3")
    draft(tracked, "1.1", MORE, parent="1.0")
    tracked.commit("During a bisect")
    assert versions(tracked) == ["1.0"]
    tracked.git("bisect", "reset")
    assert tracked.status == ""
    settled(tracked, "1.0")


def test_sync_before_the_first_commit_says_so(repo: Repo) -> None:
    repo.dsv("init")
    assert "no commit yet" in repo.dsv("sync")


def test_a_shallow_clone_registers_nothing_it_cannot_judge(tracked: Repo) -> None:
    unplug(tracked)
    first(tracked)
    draft(tracked, "1.1", MORE, parent="1.0")
    tracked.commit("Second")
    place = tracked.path.parent / "shallow"
    tracked.git("clone", "-q", "--depth=1", f"file://{tracked.path}", str(place))
    shallow = replace(tracked, path=place)
    shallow.git("config", "user.name", "Bob")
    shallow.git("config", "user.email", "bob@example.org")
    shallow.dsv("init")
    said = shallow.dsv_result("sync")
    assert said.returncode == 4
    assert "git fetch --unshallow" in said.stderr
    assert versions(shallow) == []
    shallow.git("fetch", "-q", "--unshallow")
    shallow.dsv("sync")
    settled(shallow, "1.0", "1.1")


def test_a_shallow_clone_whose_tip_is_recorded_goes_on(tracked: Repo) -> None:
    first(tracked)
    place = tracked.path.parent / "shallow"
    tracked.git("clone", "-q", "--depth=1", f"file://{tracked.path}", str(place))
    shallow = replace(tracked, path=place)
    shallow.git("config", "user.name", "Bob")
    shallow.git("config", "user.email", "bob@example.org")
    shallow.dsv("init")
    draft(shallow, "1.1", MORE, parent="1.0")
    shallow.commit("Second")
    assert shallow.status == ""
    settled(shallow, "1.0", "1.1")


def test_an_index_of_a_gui_and_the_repositorys_own_both_get_the_record(tracked: Repo) -> None:
    first(tracked)
    other = tracked.path.parent / "gui-index"
    shutil.copy(tracked.path / ".git/index", other)
    env = {"GIT_INDEX_FILE": str(other)}
    draft(tracked, "1.1", MORE, parent="1.0")
    before = count(tracked)
    tracked.git("add", "-A", env=env)
    tracked.git("commit", "-q", "-m", "From a GUI", env=env)
    assert count(tracked) == before + 1
    path = "manifests/pets/versions/1.1.json"
    assert tracked.git("diff", "--cached", "--name-only", env=env) == ""
    assert tracked.git("ls-files", "--", path) == path
    assert records(tracked)["1.1"]["version"] == "1.1"
    tracked.git("add", "-A")
    assert tracked.status == ""


def test_a_sparse_checkout_without_the_manifests_stays_sparse(tracked: Repo) -> None:
    first(tracked)
    draft(tracked, "1.1", MORE, parent="1.0")
    tracked.write("src/a.py", "1\n")
    tracked.commit("Second")
    tracked.git("sparse-checkout", "set", "src")
    assert not (tracked.path / "manifests").exists()
    tracked.write("src/a.py", "2\n")
    tracked.git("commit", "-q", "-a", "-m", "Code")
    assert tracked.status == ""
    assert not (tracked.path / "manifests").exists()


def test_state_and_locks_are_in_the_common_directory(tracked: Repo) -> None:
    first(tracked)
    second_in_linked_worktree(tracked)
    state = tracked.path / ".git/dsv"
    assert (state / "lock").exists()
    [own] = (tracked.path / ".git/worktrees").iterdir()
    assert not list(own.glob("dsv*"))
    assert not list(state.glob("writeback*"))
