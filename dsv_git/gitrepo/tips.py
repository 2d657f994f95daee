"""What the tips of all branches hold, local ones and fetched ones."""

from __future__ import annotations

from collections.abc import Iterator

from dsv_git.gitrepo.objects import Objects
from dsv_git.gitrepo.repository import Repository


def tip_commits(repository: Repository) -> tuple[str, ...]:
    """What the branches, remote-tracking refs and tags lead to (commits, or tags), each once."""
    names = repository.git.text(
        "for-each-ref", "--format=%(objectname)", "refs/heads", "refs/remotes", "refs/tags"
    )
    return tuple(dict.fromkeys(names.split()))


def tip_trees(repository: Repository, objects: Objects, folder: str) -> Iterator[str]:
    """The trees that a folder is at the tips of branches and remote-tracking refs, each once."""
    seen: set[str] = set()
    for tip in tip_commits(repository):
        tree = objects.resolve(f"{tip}:{folder}")
        if tree is not None and tree not in seen:
            seen.add(tree)
            yield tree
