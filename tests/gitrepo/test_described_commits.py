"""Who made a commit, when and why, and which commits touched some paths."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from dsv_git.errors import InputError
from dsv_git.gitrepo.commits import (
    CommitFacts,
    describe,
    describe_all,
    merge_base,
    newest_touching,
    touching,
)
from dsv_git.gitrepo.repository import Repository
from tests.conftest import Repo

WHEN = {"GIT_AUTHOR_DATE": "2026-03-04T05:06:07+0230"}


def test_a_commit_is_described_as_its_author_wrote_it(repo: Repo) -> None:
    repo.write("a", "1")
    first = repo.commit("Größe\n\nbody", "--author", "Ünal <u@example.org>", env=WHEN)
    repository = Repository.discover(repo.path)
    facts = CommitFacts(
        first,
        "Ünal",
        "u@example.org",
        datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone(timedelta(hours=2, minutes=30))),
        "Größe",
    )
    assert describe(repository, first) == facts
    assert describe(repository, "HEAD") == facts
    assert describe_all(repository, []) == {}
    with pytest.raises(InputError, match="no commit 'nope'"):
        describe(repository, "nope")


def test_another_repository_in_the_environment_changes_nothing(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.write("a", "1")
    first = repo.commit("First")
    repo.git("init", "-q", "other")
    repository = Repository.discover(repo.path)
    monkeypatch.setenv("GIT_DIR", str(repo.path / "other/.git"))
    assert describe(repository, first).subject == "First"


def test_commits_that_touched_paths_come_parents_first(repo: Repo) -> None:
    repo.write("data/a", "1")
    first = repo.commit("First")
    repo.write("code", "1")
    repo.commit("Code")
    repo.git("switch", "-qc", "side", first)
    repo.write("data/b", "1")
    side = repo.commit("Side")
    repo.git("switch", "-q", "main")
    repository = Repository.discover(repo.path)
    assert merge_base(repository, "main", "side") == first
    repo.git("merge", "-q", "--no-ff", "side")
    assert touching(repository, "HEAD", "data") == (first, side)
    assert newest_touching(repository, "HEAD", "data") == side
    assert newest_touching(repository, "HEAD", ":(glob)**/a") == first
    assert newest_touching(repository, "HEAD", "nowhere") is None
    repo.git("switch", "-q", "--orphan", "other")
    repo.commit("Other", "--allow-empty")
    assert merge_base(repository, "main", "other") is None
