"""Index files under git's own lock, with a journal that lets a killed write be finished.

Git locks an index by creating `<index>.lock`, and puts a new index in place by renaming that file.
We do the same: the lock is made by `link`, so it has our mark from its first moment, then the new
index replaces the mark, then the rename. What the mark and the inode say is ours can be cleaned
up after a kill; anything else is somebody else's and is left alone.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dsv_git.errors import Unreachable
from dsv_git.gitrepo.repository import Repository

MARK: Final = b"dsv-git holds this lock\n"
PATIENCE: Final = 1.0
"""Seconds to wait for a lock that another process holds."""


class IndexBusy(Unreachable):
    """Another process holds the index."""


@dataclass(frozen=True)
class IndexLock:
    """An index that is locked by us, and the copy that the next one is prepared in."""

    index: Path

    @property
    def lock(self) -> Path:
        """git's lock file."""
        return self.index.with_name(self.index.name + ".lock")

    @property
    def draft(self) -> Path:
        """Where the next index is prepared; git locks this one for itself."""
        return self.index.with_name(self.index.name + ".dsv")

    def take(self) -> None:
        """Creates the lock, and a draft that equals the index. Raises IndexBusy."""
        self.draft.write_bytes(MARK)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._create()
                break
            except FileExistsError:
                if time.monotonic() > deadline:
                    self.draft.unlink()
                    raise IndexBusy(f"{self.lock} is held by another git process") from None
                time.sleep(0.05)
        copy = self.draft.with_name(self.draft.name + "-copy")
        shutil.copy2(self.index, copy)
        copy.replace(self.draft)

    def _create(self) -> None:
        """Makes the lock file with our mark in it. Raises FileExistsError."""
        try:
            self.lock.hardlink_to(self.draft)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            with self.lock.open("xb") as file:
                file.write(MARK)

    def put(self, repository: Repository, blobs: Mapping[str, str]) -> None:
        """Sets paths in the draft, with the stat data of the working tree where it has them."""
        git, env = repository.git, {"GIT_INDEX_FILE": str(self.draft)}
        lines = b"".join(
            f"100644 {blob}\t".encode() + os.fsencode(path) + b"\0" for path, blob in blobs.items()
        )
        git.run("update-index", "-z", "--index-info", stdin=lines, env=env)
        names = b"".join(os.fsencode(path) + b"\0" for path in blobs)
        git.attempt("update-index", "-z", "--add", "--stdin", stdin=names, env=env)
        listed = git.run("ls-files", "-s", "-z", "--", *blobs, env=env).split(b"\0")
        wanted = sorted(lines.removesuffix(b"\0").split(b"\0"))
        if sorted(line.replace(b" 0\t", b"\t") for line in listed if line) != wanted:
            # A file of the user's differs, or a filter changed ours: the record counts.
            git.run("update-index", "-z", "--index-info", stdin=lines, env=env)

    def stage(self) -> None:
        """Moves the prepared index into the lock file: what a rename will put in place."""
        self.draft.replace(self.lock)

    def commit(self) -> None:
        """Puts the prepared index in place, which ends the lock."""
        self.lock.replace(self.index)

    def release(self) -> None:
        """Gives the lock back, the index unchanged."""
        for path in (self.lock, self.draft, self.draft.with_name(self.draft.name + "-copy")):
            with suppress(FileNotFoundError):
                path.unlink()

    def is_ours(self) -> bool:
        """Whether the lock that is there was left by us before the prepared index replaced it."""
        try:
            return self.lock.read_bytes()[: len(MARK)] == MARK
        except FileNotFoundError:
            return False

    def inode(self) -> int:
        """The draft's inode, which the lock will have."""
        return self.draft.stat().st_ino


def indexes(repository: Repository, hook_index: Path | None) -> tuple[IndexLock, ...]:
    """The indexes that a write-back must keep in step: this working tree's own, and the one that
    a hook's GIT_INDEX_FILE names, where they exist."""
    own = repository.git_dir / "index"
    paths = [own]
    if hook_index is not None:
        other = hook_index if hook_index.is_absolute() else repository.top / hook_index
        if other.suffix != ".lock" and not _same(other, own):
            paths.append(other)
    return tuple(IndexLock(path) for path in paths if path.exists())


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
