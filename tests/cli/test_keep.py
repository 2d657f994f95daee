"""`keep` in .dsv.yaml: a copy of each content before it can be lost, and the clean-up."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ANY_CONTENT, Repo, new_repo

LONG_AGO = 1_600_000_000


def held(repo: Repo) -> set[str]:
    """The contents in the place that keeps them."""
    place = repo.path.parent / "kept"
    return {path.read_text() for path in place.rglob("*") if path.is_file()}


@pytest.fixture
def pets(repo: Repo) -> Repo:
    repo.dsv("init")
    repo.write(".dsv.yaml", f"registry: local\nkeep: ../kept\n{ANY_CONTENT}")
    for number in range(3):
        repo.write(f"data/{number}.jpg", f"content {number}")
    repo.write("data/twin.jpg", "content 1")
    repo.dsv("add", "data", "--name", "pets", "--version", "1.0")
    repo.commit("First")
    return repo


def answer(repo: Repo, *args: str, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(repo.dsv(*args, "--json", code=code))
    return found


def age(repo: Repo) -> None:
    """Makes every copy an old one."""
    for path in (repo.path.parent / "kept").rglob("*"):
        if path.is_file():
            os.utime(path, (LONG_AGO, LONG_AGO))


def test_each_content_is_kept_once_before_the_manifest_names_it_and_comes_back(
    pets: Repo,
) -> None:
    assert held(pets) == {"content 0", "content 1", "content 2"}
    files = [p for p in (pets.path.parent / "kept").rglob("*") if p.is_file()]
    assert len(files) == 3
    assert {len(path.relative_to(pets.path.parent / "kept").parts) for path in files} == {3}
    pets.write("data/0.jpg", "another")
    told = pets.dsv("update", "pets")
    assert "nowhere else" not in told
    assert held(pets) == {"content 0", "content 1", "content 2", "another"}
    pets.commit("Second")
    shutil.rmtree(pets.path / "data")
    assert answer(pets, "restore", "pets@1.0", "--to", "data")["whole"]
    assert (pets.path / "data/0.jpg").read_text() == "content 0"
    assert (pets.path / "data/twin.jpg").read_text() == "content 1"


def test_nothing_is_copied_unless_a_place_is_configured(repo: Repo) -> None:
    repo.dsv("init")
    repo.write("data/1.jpg", "one")
    repo.dsv("add", "data", "--name", "pets")
    assert "no place to keep copies" in repo.dsv_result("keep").stderr
    assert sorted(p.name for p in repo.path.parent.iterdir()) == ["a team", "home"]
    repo.write(".dsv.yaml", "registry: local\nkeep: kept\n")
    told = repo.dsv("keep")
    assert "kept 1 content (3 bytes)" in told
    assert "1 were kept already" in repo.dsv("keep")
    assert "kept" not in repo.git("status", "--porcelain", "-uall")
    for bad in (".", ".git/kept", "manifests/kept", "data/kept", "https://example.org/kept"):
        repo.write(".dsv.yaml", f"registry: local\nkeep: {bad}\n")
        assert repo.dsv_result("keep").returncode == 2


def test_a_content_that_changed_after_it_was_hashed_is_not_kept_under_its_hash(
    pets: Repo,
) -> None:
    shutil.rmtree(pets.path.parent / "kept")
    pets.write("data/2.jpg", "c0ntent 2")
    found = answer(pets, "keep", code=1)
    assert found["lost"] == ["2.jpg"]
    assert held(pets) == {"content 0", "content 1"}


def test_a_clean_up_deletes_only_what_nothing_in_git_names(pets: Repo) -> None:
    named = {"content 0", "content 1", "content 2"}

    def made(content: str) -> None:
        pets.write("data/0.jpg", content)
        pets.dsv("update", "pets", "--same-version")
        named.add(content)

    made("of a tag")
    pets.commit("Tagged")
    pets.git("tag", "-m", "tag", "kept-by-a-tag")
    pets.git("reset", "-q", "--hard", "HEAD~1")
    made("of a reflog")
    pets.commit("Reflog", "--no-verify")
    pets.git("reset", "-q", "--hard", "HEAD~1")
    pets.git("for-each-ref", "--format=delete %(refname)", "refs/dsv")
    made("of a stash")
    pets.git("stash", "-q")
    made("of an index")
    pets.git("add", "-A")
    pets.git("worktree", "add", "-q", "--detach", "../other", "HEAD")
    other = Repo(pets.path.parent / "other", pets.env)
    other.git("config", "dsv.pets.root", str(pets.path / "data"))
    pets.write("data/0.jpg", "of another working tree")
    other.dsv("update", "pets", "--same-version")
    named.add("of another working tree")
    made("of the working tree")
    loose = pets.path.parent / "kept/xxh3/00"
    loose.mkdir(parents=True, exist_ok=True)
    (loose / ("0" * 30)).write_text("of nothing")
    (pets.path.parent / "kept/notes.txt").write_text("a person's own")
    assert answer(pets, "keep", "--clean")["fresh"] == 1
    told = pets.dsv("keep", "--clean", "--dry-run")
    assert f"; of those that stay, {len(named)} are named by versions and 1 is too new" in told
    age(pets)
    tried = answer(pets, "keep", "--clean", "--dry-run")
    assert (tried["contents"], tried["named"]) == (1, len(named))
    assert "of nothing" in held(pets)
    assert answer(pets, "keep", "--clean")["contents"] == 1
    assert held(pets) == {*named, "a person's own"}
    shutil.rmtree(other.path)
    done = pets.dsv_result("keep", "--clean")
    assert (done.returncode, "git worktree prune" in done.stderr) == (2, True)


def test_a_clone_that_does_not_know_everything_cleans_nothing_up(
    pets: Repo, tmp_path: Path
) -> None:
    pets.write("data/0.jpg", "another")
    pets.dsv("update", "pets")
    pets.commit("Second")
    age(pets)
    pets.git("clone", "-q", "--depth", "1", f"file://{pets.path}", str(tmp_path / "shallow"))
    shallow = Repo(tmp_path / "shallow", pets.env)
    shallow.dsv("init")
    done = shallow.dsv_result("keep", "--clean")
    assert (done.returncode, "git fetch --unshallow" in done.stderr) == (4, True)
    pets.git("clone", "-q", str(pets.path), str(tmp_path / "clone"))
    clone = Repo(tmp_path / "clone", pets.env)
    done = clone.dsv_result("keep", "--clean")
    assert (done.returncode, "dsv init" in done.stderr) == (4, True)
    assert len(held(pets)) == 4


def test_a_content_that_is_needed_again_is_new_again(pets: Repo, tmp_path: Path) -> None:
    pets.git("clone", "-q", str(pets.path), str(tmp_path / "clone"))
    pets.git("checkout", "-q", "--orphan", "empty")
    age(pets)
    clone = new_repo(tmp_path / "third", tmp_path / "home")
    clone.dsv("init")
    clone.write(".dsv.yaml", f"registry: local\nkeep: {pets.path.parent / 'kept'}\n")
    clone.write("data/0.jpg", "content 0")
    clone.dsv("add", "data", "--name", "more")
    (clone.path / "data/0.jpg").unlink()
    clone.git("rm", "-rq", "--cached", "--ignore-unmatch", "manifests")
    shutil.rmtree(clone.path / "manifests")
    found = answer(clone, "keep", "--clean")
    assert (found["fresh"], found["contents"]) == (1, 2)


def test_a_folder_of_copies_in_the_working_tree_is_said_to_be_ignored_now(repo: Repo) -> None:
    repo.dsv("init")
    repo.write(".dsv.yaml", f"registry: local\nkeep: kept\n{ANY_CONTENT}")
    repo.write("data/1.jpg", "one")
    said = "\n.gitignore has /kept now: the copies stay out of git\n"
    assert said in repo.dsv("add", "data", "--name", "pets")
    repo.write("data/2.jpg", "two")
    assert ".gitignore" not in repo.dsv("update", "pets")
    repo.write(".gitignore", "/data\n")
    shutil.rmtree(repo.path / "kept")
    assert said in repo.dsv("keep")
