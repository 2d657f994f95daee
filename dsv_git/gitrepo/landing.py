"""Landing a commit: its ref, the indexes and the working tree move together, or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dsv_git.gitrepo.files import linked_folder, remove_empty, write_file
from dsv_git.gitrepo.index import indexes
from dsv_git.gitrepo.journal import Journal, close_journal, recover, write_journal
from dsv_git.gitrepo.repository import Repository


@dataclass(frozen=True)
class Target:
    """The commit that a write-back starts from, and the ref to move: `HEAD`, a branch that this
    working tree does not show (then index and working tree stay alone), or none at all (then the
    new commit is only made, for a push)."""

    commit: str
    ref: str | None = "HEAD"
    hook_index: Path | None = None

    @property
    def checked_out(self) -> bool:
        """Whether the ref is what this working tree shows."""
        return self.ref == "HEAD"


def land(
    repository: Repository,
    target: Target,
    new: str,
    files: Mapping[str, bytes],
    blobs: Mapping[str, str],
    why: str = "record the ID",
) -> None:
    """Moves the ref from `target.commit` to `new`, indexes and working tree with it, or nothing.
    `why` is for the ref's log."""
    if not target.checked_out:
        _update_ref(repository, target, new, why)
        return
    locks = indexes(repository, target.hook_index)
    absent = (path for path in files if not os.path.lexists(repository.top / path))
    journal = Journal(new, tuple(str(lock.index) for lock in locks), files=tuple(absent))
    write_journal(repository, journal)
    former: dict[Path, bytes | None] = {}
    try:
        for lock in locks:
            lock.take()
        _write_records(repository, target.commit, files, former)
        for lock in locks:
            lock.put(repository, blobs)
        inodes = tuple(lock.inode() for lock in locks)
        write_journal(repository, msgspec.structs.replace(journal, inodes=inodes))
        for lock in locks:
            lock.stage()
        _update_ref(repository, target, new, why)
    except BaseException:
        if not recover(repository):
            _restore(former)
        raise
    for lock in locks:
        lock.commit()
    close_journal(repository)


def _write_records(
    repository: Repository,
    commit: str,
    files: Mapping[str, bytes],
    former: dict[Path, bytes | None],
) -> None:
    """Puts the records into the working tree, a file that a person changed there left alone."""
    for path, data in files.items():
        place = repository.top / path
        if place.is_symlink() or linked_folder(repository.top, [place]):
            continue
        there = place.read_bytes() if place.is_file() else None
        if there == data:
            continue
        if there is not None and there != _committed(repository, commit, path):
            continue
        former[place] = there
        write_file(place, data)


def _committed(repository: Repository, commit: str, path: str) -> bytes | None:
    found = repository.git.attempt("cat-file", "blob", f"{commit}:{path}")
    return None if found.returncode else found.stdout


def _restore(former: Mapping[Path, bytes | None]) -> None:
    for place, data in former.items():
        if data is None:
            place.unlink(missing_ok=True)
            remove_empty(place.parent)
        else:
            write_file(place, data)


def _update_ref(repository: Repository, target: Target, new: str, why: str) -> None:
    if target.ref is not None and new != target.commit:
        repository.git.run("update-ref", "-m", f"dsv: {why}", target.ref, new, target.commit)
