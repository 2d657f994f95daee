"""Commits as people see them: who, when, why, and which of them touched some paths."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dsv_git.errors import InputError
from dsv_git.gitrepo.repository import Repository
from dsv_git.manifest.names import printable

if TYPE_CHECKING:
    import git


@dataclass(frozen=True)
class CommitFacts:
    """A commit: its whole id, its author, when it was authored (with the author's offset from
    UTC), and the first line of its message."""

    id: str
    author: str
    email: str
    date: datetime
    subject: str


def describe(repository: Repository, rev: str) -> CommitFacts:
    """One commit. Raises InputError where `rev` names none."""
    return describe_all(repository, [rev])[rev]


def describe_all(repository: Repository, revs: Iterable[str]) -> dict[str, CommitFacts]:
    """Several commits, each by the name it was asked for. Raises InputError where one is none."""
    wanted = list(dict.fromkeys(revs))
    if not wanted:
        return {}
    import git

    with git.Repo(repository.top, expand_vars=False) as repo:
        # A hook's GIT_DIR must not lead its children to another repository.
        repo.git.update_environment(
            GIT_DIR=str(repository.git_dir),
            GIT_WORK_TREE=str(repository.top),
            GIT_OPTIONAL_LOCKS="0",
        )
        return {rev: _facts(_commit(repo, rev)) for rev in wanted}


def _commit(repo: git.Repo, rev: str) -> git.Commit:
    from git.exc import GitCommandError, ODBError

    try:
        return repo.commit(rev)
    except (ODBError, GitCommandError, ValueError, IndexError):
        raise InputError(f"git knows no commit {printable(rev)!r}") from None


def _facts(commit: git.Commit) -> CommitFacts:
    message = commit.message
    text = message.decode(errors="replace") if isinstance(message, bytes) else message
    return CommitFacts(
        id=commit.hexsha,
        author=commit.author.name or "",
        email=commit.author.email or "",
        date=commit.authored_datetime,
        subject=text.strip().partition("\n")[0],
    )


def touching(repository: Repository, tip: str, *paths: str) -> tuple[str, ...]:
    """The commits up to `tip` that changed something at or below `paths` (git's path patterns, from
    the top), parents before children. Side branches that left no trace there are not among them."""
    return tuple(
        repository.git.text("rev-list", "--topo-order", "--reverse", tip, "--", *paths).split()
    )


def newest_touching(repository: Repository, tip: str, *paths: str) -> str | None:
    """The last of `touching`, found without a walk through the whole history."""
    found = repository.git.text("rev-list", "--max-count=1", tip, "--", *paths)
    return found or None


def published_commits(repository: Repository, path: str, most: int) -> tuple[str, ...]:
    """Up to `most` commits that remote-tracking refs lead to and that changed the file `path`."""
    asked = ("rev-list", f"--max-count={most}", "--full-history", "--remotes", "--", path)
    return tuple(repository.git.text("--literal-pathspecs", *asked).split())


def merge_base(repository: Repository, one: str, other: str) -> str | None:
    """The best common ancestor of two commits, or None where there is none."""
    asked = repository.git.attempt("merge-base", one, other)
    return os.fsdecode(asked.stdout).strip() or None


@dataclass(frozen=True)
class Step:
    """A commit that touched something, and those of its kind that it came after."""

    commit: str
    parents: tuple[str, ...]


def steps_touching(repository: Repository, tip: str, folder: str) -> tuple[Step, ...]:
    """The commits of `touching` with their parents among them, children before parents. What stands
    below the folder is the same in a commit's parent here as in the parent that it really has."""
    asked = ("rev-list", "--topo-order", "--parents", tip, "--", f":(top,literal){folder}")
    lines = repository.git.text(*asked).splitlines()
    return tuple(Step(commit, tuple(parents)) for commit, *parents in map(str.split, lines))
