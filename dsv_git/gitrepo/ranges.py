"""What a person names to look at a change: a commit, `A..B` or `A...B`."""

from __future__ import annotations

from dataclasses import dataclass

from dsv_git.errors import InputError
from dsv_git.gitrepo.commits import merge_base
from dsv_git.gitrepo.objects import Objects
from dsv_git.gitrepo.repository import Repository
from dsv_git.manifest.names import printable


@dataclass(frozen=True)
class Range:
    """The commit looked at, and the one that it is a change of; None: everything is new."""

    base: str | None
    tip: str


def range_ends(text: str) -> tuple[str, str] | None:
    """The revisions of `A..B` or `A...B`, HEAD for one that is left out; None for another text."""
    left, dots, right = text.partition("..")
    return (left or "HEAD", right.removeprefix(".") or "HEAD") if dots else None


def resolve_range(repository: Repository, objects: Objects, text: str) -> Range:
    """`REV` is a change of its first parent, `A..B` of A, `A...B` of where the two parted.

    Raises InputError for what git does not know, and for two that never parted.
    """
    ends = range_ends(text)
    if ends is None:
        tip = commit_id(objects, text)
        return Range(objects.resolve(f"{tip}^1"), tip)
    base, tip = (commit_id(objects, end) for end in ends)
    if "..." not in text:
        return Range(base, tip)
    parted = merge_base(repository, base, tip)
    if parted is None:
        left, right = map(printable, ends)
        raise InputError(
            f"{left} and {right} have no commit in common here",
            hint=f"git fetch --unshallow, or {left}..{right}",
        )
    return Range(parted, tip)


def commit_of(objects: Objects, revision: str) -> str | None:
    """The commit that a revision leads to; None where it leads to none."""
    found = objects.read(revision) if revision else None
    if found is not None and found[1] == "tag":
        found = objects.read(f"{found[0]}^{{commit}}")
    return found[0] if found is not None and found[1] == "commit" else None


def commit_id(objects: Objects, revision: str) -> str:
    """The commit that a revision names. Raises InputError."""
    found = commit_of(objects, revision)
    if found is None:
        hint = "is it fetched? git fetch"
        if "@{u" in revision or "@{push" in revision:
            hint = "the branch follows none: git branch --set-upstream-to=origin/BRANCH"
        elif commit_of(objects, f"refs/remotes/origin/{revision}") is not None:
            hint = f"did you mean origin/{printable(revision)}?"
        elif "@" in revision:
            name = printable(revision.partition("@")[0])
            hint = f"for the commit of a version: dsv log {name}"
        raise InputError(f"git knows no commit {printable(revision)!r}", hint=hint)
    return found


def upstream_commit(repository: Repository) -> str | None:
    """The commit of the branch that this one follows; None where it follows none."""
    asked = repository.git.attempt("rev-parse", "--verify", "--quiet", "@{upstream}^{commit}")
    return asked.stdout.decode().strip() or None


def remote_branches(repository: Repository) -> tuple[tuple[str, str], ...]:
    """The remote-tracking branches (`origin/main`), each with the commit at its tip."""
    out = repository.git.text(
        "for-each-ref", "--format=%(objectname) %(symref) %(refname:lstrip=2)", "refs/remotes"
    )
    lines = (line.split(" ", 2) for line in out.splitlines())
    return tuple((name, commit) for commit, symref, name in lines if not symref)
