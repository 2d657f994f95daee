"""A merge that git stopped: which commits it brings together, and what the index holds of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError
from dsv_git.gitrepo.objects import Objects
from dsv_git.gitrepo.operation import is_replaying
from dsv_git.gitrepo.repository import Repository

STASH: Final = "git stash drop"
"""What follows a stash that was popped; git says nowhere that it was."""


@dataclass(frozen=True)
class Sides:
    """The commits of a three-way merge; `base` is None where the histories share none. `following`
    is what a person types once all is resolved. `stamp` tells this attempt from one that was given
    up; it is empty where git keeps nothing that would."""

    base: str | None
    ours: str
    theirs: str
    following: str
    stamp: str = ""


def sides(repository: Repository) -> Sides | None:
    """What git is merging in this working tree, or None where it is not.

    In a revert the base is the commit that is undone. After `git stash pop` git keeps nothing but
    the stash itself.
    """
    git_dir = repository.git_dir
    rebasing = (git_dir / "rebase-merge").exists() or (git_dir / "rebase-apply").exists()
    for ref, alone in (
        ("MERGE_HEAD", "git commit"),
        ("CHERRY_PICK_HEAD", "git cherry-pick --continue"),
        ("REVERT_HEAD", "git revert --continue"),
        ("REBASE_HEAD", "git rebase --continue"),
    ):
        commit = _commit(repository, ref)
        if commit is None:
            continue
        following = "git rebase --continue" if rebasing else alone
        stamp = _stamp(git_dir / ref)
        if ref == "MERGE_HEAD":
            base = repository.git.attempt("merge-base", "HEAD", commit).stdout.decode().strip()
            return _of(repository, base or None, commit, following, stamp)
        if ref == "REVERT_HEAD":
            before = _commit(repository, f"{commit}^")
            if before is None:
                return None
            return _of(repository, commit, before, following, stamp)
        return _of(repository, _commit(repository, f"{commit}^"), commit, following, stamp)
    stash = _commit(repository, "refs/stash")
    if stash is not None:
        return _of(repository, _commit(repository, f"{stash}^"), stash, STASH)
    return None


def _of(
    repository: Repository, base: str | None, theirs: str, following: str, stamp: str = ""
) -> Sides | None:
    ours = _commit(repository, "HEAD")
    return Sides(base, ours, theirs, following, stamp) if ours else None


def _stamp(place: Path) -> str:
    """Git writes the file anew at each attempt."""
    try:
        found = place.stat()
    except OSError:
        return ""
    return f"{found.st_mtime_ns} {found.st_ino} {place.read_text()}"


def dirty_files(repository: Repository, folder: str) -> tuple[str, ...]:
    """The files below a folder that the working tree has in another way than the index."""
    asked = ("--literal-pathspecs", "diff-files", "--name-only", "-z", "--", folder)
    return tuple(dict.fromkeys(repository.git.fields(*asked)))


def has_conflicts(repository: Repository, folder: str) -> bool:
    """Whether git stopped in a merge, a pick or a rebase, and the index still has several sides of
    a file in `folder`."""
    if not is_replaying(repository):
        return False
    return bool(repository.git.text("--literal-pathspecs", "ls-files", "--unmerged", "--", folder))


def _commit(repository: Repository, name: str) -> str | None:
    asked = repository.git.attempt("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    return asked.stdout.decode().strip() if asked.returncode == 0 else None


@dataclass(frozen=True)
class Index:
    """The files of the index below a folder: path → blob, and the paths that git left unmerged."""

    clear: Mapping[str, str]
    unmerged: frozenset[str]
    theirs: frozenset[str]
    """The blobs that the other side has of unmerged files."""


def read_index(repository: Repository, folder: str) -> Index:
    """What the index holds below a folder of the repository."""
    clear: dict[str, str] = {}
    unmerged: set[str] = set()
    theirs: set[str] = set()
    for line in repository.git.fields("--literal-pathspecs", "ls-files", "-s", "-z", "--", folder):
        mode_blob_stage, _, path = line.partition("\t")
        _, blob, stage = mode_blob_stage.split(" ")
        if stage == "0":
            clear[path] = blob
        else:
            unmerged.add(path)
        if stage == "3":
            theirs.add(blob)
    return Index(clear, frozenset(unmerged), frozenset(theirs))


Staged = Mapping[int, bytes]
"""A file in the index, by stage: 0 alone, or of 1, 2, 3 (base, ours, theirs); none: it goes."""


def stage(repository: Repository, objects: Objects, files: Mapping[str, Staged]) -> None:
    """Puts files into the index at once, each with exactly these stages."""
    empty = "0" * len(repository.git.text("hash-object", "-t", "blob", "--stdin"))
    lines: list[str] = []
    for path, stages in files.items():
        lines.append(f"0 {empty}\t{path}")
        for number, data in stages.items():
            lines.append(f"100644 {objects.write_blob(data)} {number}\t{path}")
    if any("\0" in line for line in lines):
        raise InputError("a file name with a NUL")
    text = b"".join(os.fsencode(line) + b"\0" for line in lines)
    repository.git.run("update-index", "-z", "--index-info", stdin=text)
