"""The merge commits of a range, squashed branches, and where the sides of a merge parted."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Final

from dsv_git.gitrepo.messages import messages_with
from dsv_git.gitrepo.objects import Objects
from dsv_git.gitrepo.ranges import commit_of
from dsv_git.gitrepo.repository import Repository

_SQUASHED: Final = "Squashed commit of the following:"
_TIP: Final = re.compile(rf"^{_SQUASHED}\n\ncommit ([0-9a-f]{{40,64}})$", re.MULTILINE)
"""What `git merge --squash` writes into the message: the other side's last commit comes first."""


def merges_below(
    repository: Repository, tip: str, base: str | None, folder: str
) -> tuple[tuple[str, ...], ...]:
    """The merges up to `tip` and not up to `base` (without one: `tip` alone), each with its parents
    behind it, of which one has something else below `folder` than the merge."""
    reach = ("--no-walk", tip) if base is None else (tip, f"^{base}")
    asked = ("--literal-pathspecs", "rev-list", "--merges", "--parents", "--full-history")
    out = repository.git.text(*asked, *reach, "--", f"{folder}/")
    return tuple(tuple(line.split()) for line in out.splitlines())


def bases_of(repository: Repository, sides: tuple[str, ...]) -> tuple[str, ...]:
    """The best common ancestors of the first side and each of the others."""
    found: dict[str, None] = {}
    for other in sides[1:]:
        asked = repository.git.attempt("merge-base", "--all", sides[0], other)
        found.update(dict.fromkeys(os.fsdecode(asked.stdout).split()))
    return tuple(found)


def squash_under_way(repository: Repository, objects: Objects) -> str | None:
    """The commit that `git merge --squash` has brought into the index, where it is not committed
    yet. Git keeps the message for it until then, or until a reset."""
    try:
        text = (repository.git_dir / "SQUASH_MSG").read_text(errors="replace")
    except FileNotFoundError:
        return None
    return _tip(objects, text)


def squashes_below(
    repository: Repository, objects: Objects, tip: str, base: str | None
) -> Iterator[tuple[str, str, str]]:
    """The commits up to `tip` and not up to `base` (without one: `tip` alone) that `git merge
    --squash` made, by its message: each with its parent and the commit that was squashed.

    Nothing tells of a squash with another message, as a host makes it, or of commits that this
    clone has not got.
    """
    for message in messages_with(repository, _SQUASHED, (tip,), base):
        squashed = _tip(objects, message.text)
        parent = objects.resolve(f"{message.commit}^1")
        if squashed and parent and objects.resolve(f"{message.commit}^2") is None:
            yield message.commit, parent, squashed


def _tip(objects: Objects, message: str) -> str | None:
    found = _TIP.search(message)
    return commit_of(objects, found[1]) if found else None
