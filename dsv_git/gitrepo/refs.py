"""Refs: where HEAD stands, what the remotes hold, and the trees kept for every version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dsv_git.gitrepo.repository import Repository

KEPT: Final = "refs/dsv/"
FETCH: Final = "+refs/dsv/*:refs/dsv/*"


@dataclass(frozen=True)
class Head:
    """HEAD: `commit` is None on an unborn branch, `branch` (a full ref) is None when detached."""

    commit: str | None
    branch: str | None


def head(repository: Repository) -> Head:
    """Where HEAD stands."""
    symbolic = repository.git.attempt("symbolic-ref", "--quiet", "HEAD")
    commit = repository.git.attempt("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return Head(commit.stdout.decode().strip() or None, symbolic.stdout.decode().strip() or None)


def remote_tips(repository: Repository) -> tuple[str, ...]:
    """The commits of all remote-tracking refs, each once."""
    out = repository.git.text("for-each-ref", "--format=%(objectname)", "refs/remotes")
    return tuple(dict.fromkeys(out.split()))


def held_by_remote(repository: Repository, commit: str) -> bool:
    """Whether a remote-tracking ref holds a commit."""
    asked = repository.git.text(
        "for-each-ref", "--count=1", f"--contains={commit}", "--format=x", "refs/remotes"
    )
    return bool(asked)


def unheld(repository: Repository, commit: str) -> frozenset[str] | None:
    """The commits up to `commit` that no remote-tracking ref holds; None means all of them."""
    if not remote_tips(repository):
        return None
    return frozenset(repository.git.text("rev-list", commit, "--not", "--remotes").split())


def is_ancestor(repository: Repository, old: str, new: str) -> bool:
    """Whether `old` is `new` or one of its ancestors."""
    return repository.git.attempt("merge-base", "--is-ancestor", old, new).returncode == 0


def keep_tree(repository: Repository, key: str, tree: str) -> None:
    """Keeps a version's manifest under `refs/dsv/<key>`, so that no squash or gc loses it."""
    repository.git.run("update-ref", f"{KEPT}{key}", tree)


def kept_keys(repository: Repository) -> frozenset[str]:
    """The keys of the versions whose manifests are kept here."""
    out = repository.git.text("for-each-ref", "--format=%(refname)", KEPT)
    return frozenset(line.removeprefix(KEPT) for line in out.splitlines())


def kept_like(repository: Repository, start: str) -> str | None:
    """The ref of the kept version whose key begins with `start`, or None."""
    pattern = f"{KEPT}{start}*"
    return repository.git.text("for-each-ref", "--count=1", "--format=%(refname)", pattern) or None


def push_kept(repository: Repository, remote: str, keys: Iterable[str]) -> None:
    """Sends kept trees that the remote lacks; one that it has under a key stays as it is there."""
    there = repository.git.text("ls-remote", "--refs", remote, f"{KEPT}*")
    known = {line.partition("\t")[2].removeprefix(KEPT) for line in there.splitlines()}
    specs = [f"{KEPT}{key}:{KEPT}{key}" for key in sorted(set(keys) - known)]
    for start in range(0, len(specs), 500):
        repository.git.run("push", "--quiet", "--no-verify", remote, *specs[start : start + 500])
