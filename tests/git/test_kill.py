"""Killed anywhere, run again: the same end as one clean run."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Repo, environment, new_repo
from tests.git.conftest import MORE, draft, versions
from tests.git.killing import Zygote, copy, end, zygote
from tests.manifests import INITIAL, write_manifest

FIXED = {
    "GIT_AUTHOR_DATE": "@1000000000 +0000",
    "GIT_COMMITTER_DATE": "@1000000000 +0000",
}


@pytest.fixture
def forked(tmp_path: Path) -> Iterator[Zygote]:
    """Runs of dsv in the repositories' environment."""
    home = tmp_path / "template/home"
    home.mkdir(parents=True)
    with zygote({**environment(home), **FIXED}) as runs:
        yield runs


def prepare(base: Path, way: str) -> Repo:
    """A repository with something to register: folded into HEAD, or in a commit that follows."""
    repo = new_repo(base / "repo", base / "home")
    repo.write(".dsv.yaml", "registry: local\n")
    repo.write("notes.txt", "one\n")
    repo.commit("Start")
    draft(repo, "1.0", INITIAL)
    repo.commit("First")
    if way == "follow-up":
        draft(repo, "1.1", MORE, parent="1.0")
        write_manifest(repo, "cars", "1.0", {"a.jpg": "1"})
        repo.commit("Second")
    repo.write("notes.txt", "mine\n")
    repo.write("staged.txt", "staged\n")
    repo.git("add", "staged.txt")
    return repo


@pytest.mark.parametrize("way", ["fold", "follow-up"])
def test_sync_killed_before_any_write_ends_as_a_clean_run_does(
    tmp_path: Path, forked: Zygote, way: str
) -> None:
    template = prepare(tmp_path / "template", way)
    clean = copy(template, tmp_path / "clean")
    code, writes = forked.run(clean, "sync")
    assert code == 0
    expected = end(clean)
    assert versions(clean) == ["1.0"] if way == "fold" else ["1.0", "1.1"]
    assert writes > 20
    for limit in range(1, writes + 1):
        repo = copy(template, tmp_path / f"killed{limit}")
        assert forked.run(repo, "sync", limit=limit)[0] == -signal.SIGKILL
        assert forked.run(repo, "sync")[0] == 0
        assert end(repo) == expected, f"killed before write {limit} of {writes}"
        shutil.rmtree(repo.path)
