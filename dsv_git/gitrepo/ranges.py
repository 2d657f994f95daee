"""What a person names to look at a change: a commit, `A..B` or `A...B`."""

from __future__ import annotations

from dataclasses import dataclass

from dsv_git.errors import InputError
from dsv_git.gitrepo.commits import merge_base
from dsv_git.gitrepo.objects import Objects
from dsv_git.gitrepo.repository import Repository


@dataclass(frozen=True)
class Range:
    """The commit looked at, and the one that it is a change of; None: everything is new."""

    base: str | None
    tip: str


def resolve_range(repository: Repository, objects: Objects, text: str) -> Range:
    """`REV` is a change of its first parent, `A..B` of A, `A...B` of where the two parted.

    A side that is left out is HEAD, as for git. Raises InputError for what git does not know.
    """
    left, dots, right = text.partition("...")
    if not dots:
        left, dots, right = text.partition("..")
    if not dots:
        tip = commit_id(objects, text)
        return Range(objects.resolve(f"{tip}^1"), tip)
    base, tip = commit_id(objects, left or "HEAD"), commit_id(objects, right or "HEAD")
    if dots == "..":
        return Range(base, tip)
    parted = merge_base(repository, base, tip)
    if parted is None:
        raise InputError(f"{left or 'HEAD'} and {right or 'HEAD'} have no commit in common")
    return Range(parted, tip)


def commit_id(objects: Objects, revision: str) -> str:
    """The commit that a revision names. Raises InputError."""
    found = objects.resolve(f"{revision}^{{commit}}") if "\n" not in revision else None
    if found is None:
        raise InputError(f"git knows no commit {revision!r}", hint="is it fetched? git fetch")
    return found


def remote_branches(repository: Repository) -> tuple[tuple[str, str], ...]:
    """The remote-tracking branches (`origin/main`), each with the commit at its tip."""
    out = repository.git.text(
        "for-each-ref", "--format=%(objectname) %(symref) %(refname:lstrip=2)", "refs/remotes"
    )
    lines = (line.split(" ", 2) for line in out.splitlines())
    return tuple((name, commit) for commit, symref, name in lines if not symref)
