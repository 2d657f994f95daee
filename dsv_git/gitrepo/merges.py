"""The merge commits of a range, and where the sides of a merge parted."""

from __future__ import annotations

import os

from dsv_git.gitrepo.repository import Repository


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
