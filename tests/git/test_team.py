"""A team: one bare remote, five clones, CI, a squash merge made on the remote's side."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Repo, new_repo
from tests.git.conftest import MORE, draft, records, settled, versions
from tests.manifests import INITIAL, write_manifest


@pytest.fixture
def remote(tmp_path: Path) -> Repo:
    """A bare repository whose main branch has a first version."""
    seed = new_repo(tmp_path / "seed", tmp_path / "home")
    seed.dsv("init")
    draft(seed, "1.0", INITIAL)
    seed.write("train.py", "print(1)\n")
    seed.commit("First")
    bare = tmp_path / "remote.git"
    seed.git("clone", "-q", "--bare", str(seed.path), str(bare))
    seed.git("remote", "add", "origin", str(bare))
    seed.git("push", "-q", "origin", "refs/dsv/*:refs/dsv/*")
    return replace(seed, path=bare)


def clone(remote: Repo, name: str, *, hooks: bool = True) -> Repo:
    place = remote.path.parent / name
    remote.git("clone", "-q", str(remote.path), str(place))
    repo = replace(remote, path=place)
    repo.git("config", "user.name", name)
    repo.git("config", "user.email", f"{name}@example.org")
    repo.git("config", "pull.rebase", "true")
    if hooks:
        repo.dsv("init")
        repo.git("fetch", "-q")
    return repo


def squash_on_the_host(remote: Repo, branch: str, message: str) -> None:
    """What a merge button does: a commit on main with the branch's merged tree, and no hook."""
    tree = remote.git("merge-tree", "--write-tree", "main", branch)
    env = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in
           (("NAME", "host"), ("EMAIL", "host@example.org"))}  # fmt: skip
    commit = remote.git("commit-tree", tree, "-p", "main", "-m", message, env=env)
    remote.git("update-ref", "refs/heads/main", commit)


def ci(remote: Repo, name: str) -> subprocess.Popen[str]:
    """A runner: a detached checkout of main, and `dsv sync --branch main --push`."""
    runner = clone(remote, name, hooks=False)
    runner.git("checkout", "-q", "--detach", "origin/main")
    return subprocess.Popen(
        [sys.executable, "-m", "dsv_git", "sync", "--branch", "main", "--push"],
        cwd=runner.path, env=runner.env, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def finished(runner: subprocess.Popen[str]) -> None:
    out, err = runner.communicate(timeout=120)
    assert runner.returncode == 0, out + err


def test_a_pull_makes_no_commit_of_its_own(remote: Repo) -> None:
    without = clone(remote, "without", hooks=False)
    other = clone(remote, "other")
    draft(without, "1.1", MORE, parent="1.0")
    without.commit("Pushed without hooks")
    without.git("push", "-q")
    other.git("pull", "-q")
    assert other.git("rev-parse", "HEAD") == remote.git("rev-parse", "main")
    assert versions(other) == ["1.0"]
    other.dsv("sync", "--push")
    assert versions(remote, rev="main") == ["1.0", "1.1"]


def test_two_clones_that_record_one_version_write_the_same_bytes(remote: Repo) -> None:
    without = clone(remote, "without", hooks=False)
    draft(without, "1.1", MORE, parent="1.0")
    without.commit("Pushed without hooks")
    without.git("push", "-q")
    made = []
    for name in ("one", "two"):
        repo = clone(remote, name)
        repo.dsv("sync")
        made.append(repo)
    path = "HEAD:manifests/pets/versions/1.1.json"
    assert made[0].git("show", path) == made[1].git("show", path)
    made[0].git("push", "-q")
    made[1].git("pull", "-q")
    assert made[1].git("rev-parse", "HEAD^{tree}") == made[0].git("rev-parse", "HEAD^{tree}")
    settled(made[1], "1.0", "1.1")


def test_ci_on_a_detached_checkout_records_and_pushes(remote: Repo) -> None:
    without = clone(remote, "without", hooks=False)
    draft(without, "1.1", MORE, parent="1.0")
    without.commit("Pushed without hooks")
    without.git("push", "-q")
    finished(ci(remote, "runner"))
    assert versions(remote, rev="main") == ["1.0", "1.1"]
    key = records(remote, rev="main")["1.1"]["key"]
    assert remote.git("cat-file", "-t", f"refs/dsv/{key}") == "tree"
    finished(ci(remote, "runner2"))
    assert remote.git("log", "-1", "--format=%s", "main") == "Record data versions pets@1.1"


def test_two_runners_at_once_record_once(remote: Repo) -> None:
    without = clone(remote, "without", hooks=False)
    for number in range(1, 4):
        contents = {**INITIAL, **{f"train/cat/{n}.jpg": str(n + 5) for n in range(number)}}
        draft(without, f"1.{number}", contents, parent=f"1.{number - 1}")
        without.commit(f"Data {number}")
    without.git("push", "-q")
    for runner in [ci(remote, "runner1"), ci(remote, "runner2"), ci(remote, "runner3")]:
        finished(runner)
    assert versions(remote, rev="main") == ["1.0", "1.1", "1.2", "1.3"]
    assert remote.git("log", "--format=%s", "main").count("Record data versions") == 1


def test_a_team_ends_equal_with_one_record_a_key_and_no_list_lost(remote: Repo) -> None:
    ada, bob, cyd, dan, eve = (
        clone(remote, name, hooks=name != "dan") for name in ("ada", "bob", "cyd", "dan", "eve")
    )
    # Two extend the same dataset on branches.
    ada.git("switch", "-q", "-c", "cats")
    draft(ada, "1.1-cats", {**INITIAL, "train/cat/x.jpg": "10"}, parent="1.0")
    ada.commit("More cats")
    draft(ada, "1.2-cats", {**INITIAL, "train/cat/x.jpg": "10", "train/cat/y.jpg": "11"},
          parent="1.1-cats")  # fmt: skip
    ada.commit("Still more cats")
    ada.dsv("sync", "--push")
    bob.git("switch", "-q", "-c", "dogs")
    draft(bob, "1.1-dogs", {**INITIAL, "train/dog/z.jpg": "12"}, parent="1.0")
    bob.commit("More dogs")
    bob.dsv("sync", "--push")
    # One without hooks pushes another manifest to main, one works on code.
    write_manifest(dan, "cars", "1.0", {"a.jpg": "20"})
    dan.commit("Cars, no hooks")
    dan.git("push", "-q")
    cyd.write("train.py", "print(2)\n")
    cyd.commit("Code")
    # The host squashes the branch `cats` while CI runs and others push.
    squash_on_the_host(remote, "cats", "Cats (squashed)")
    runners = [ci(remote, "ci1"), ci(remote, "ci2")]
    for _ in range(8):
        cyd.git("pull", "-q")
        if cyd.run("git", "push", "-q", code=None).returncode == 0:
            break
    for runner in runners:
        finished(runner)
    # Bob merges main into his branch, as a new version with both parents.
    bob.git("fetch", "-q")
    bob.run("git", "merge", "-q", "origin/main", code=None)
    union = {**INITIAL, "train/cat/x.jpg": "10", "train/cat/y.jpg": "11", "train/dog/z.jpg": "12"}
    write_manifest(bob, "pets", "1.3", union, ["pets@1.2-cats", "pets@1.1-dogs"])
    bob.commit("Merge main into dogs")
    bob.dsv("sync", "--push")
    squash_on_the_host(remote, "dogs", "Dogs (squashed)")
    finished(ci(remote, "ci3"))
    everyone = [ada, bob, cyd, dan, eve]
    for repo in everyone:
        repo.git("switch", "-q", "main")
        repo.git("pull", "-q")
        repo.dsv("sync", "--push")
    for repo in everyone:
        repo.git("pull", "-q")
        assert repo.git("rev-parse", "HEAD") == remote.git("rev-parse", "main")
        assert repo.status == ""
    expected = ["1.0", "1.1-cats", "1.1-dogs", "1.2-cats", "1.3"]
    settled(eve, *expected)
    settled(eve, "1.0", name="cars")
    found = records(eve)
    assert len({record["key"] for record in found.values()}) == len(expected)
    assert {p["version"] for p in found["1.3"]["parents"]} == {"1.2-cats", "1.1-dogs"}
    for record in found.values():
        lists = remote.git("ls-tree", "-r", "--name-only", f"refs/dsv/{record['key']}", "files/")
        assert lists == "files/_.jsonl"
