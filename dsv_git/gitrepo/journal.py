"""A write-back under way, noted so that a kill anywhere can be made good."""

from __future__ import annotations

from pathlib import Path

import msgspec

from dsv_git.gitrepo.files import draft_of, linked_folder, remove_empty, write_file
from dsv_git.gitrepo.index import IndexLock
from dsv_git.gitrepo.repository import Repository


class Journal(msgspec.Struct, frozen=True):
    """A write-back under way: enough to finish it, or to undo it, after a kill."""

    new: str
    indexes: tuple[str, ...]
    inodes: tuple[int, ...] = ()
    files: tuple[str, ...] = ()
    """What was not in the working tree before, from its top."""


def _path(repository: Repository) -> Path:
    # Linked working trees have an index each; their git directory's name tells them apart.
    same = repository.git_dir == repository.common_dir
    return repository.state_dir / f"writeback-{'main' if same else repository.git_dir.name}.json"


def write_journal(repository: Repository, journal: Journal) -> None:
    """Notes what is about to happen, before it does."""
    write_file(_path(repository), msgspec.json.encode(journal))


def close_journal(repository: Repository) -> None:
    """The write-back is done, or undone."""
    _path(repository).unlink(missing_ok=True)


def recover(repository: Repository) -> bool:
    """Finishes a write-back that was cut off after its ref moved, else gives its locks back, and
    takes away the files that it brought.

    Call it only under the repository's lock. Gives whether the ref had moved.
    """
    try:
        journal = msgspec.json.decode(_path(repository).read_bytes(), type=Journal)
    except FileNotFoundError:
        return False
    except msgspec.MsgspecError:
        close_journal(repository)
        return False
    head = repository.git.attempt("rev-parse", "--verify", "--quiet", "HEAD")
    landed = head.stdout.decode().strip() == journal.new
    for number, index in enumerate(journal.indexes):
        lock = IndexLock(Path(index))
        inode = journal.inodes[number] if number < len(journal.inodes) else None
        staged = lock.lock.exists() and lock.lock.stat().st_ino == inode
        if landed and staged:
            lock.commit()
        elif staged or lock.is_ours():
            lock.release()
    for file in () if landed else journal.files:
        _take_away(repository, file)
    close_journal(repository)
    return landed


def _take_away(repository: Repository, file: str) -> None:
    """Removes a file of the working tree, and what was being written beside it."""
    place = repository.top / file
    if linked_folder(repository.top, [place]) is None:
        for one in (place, draft_of(place)):
            one.unlink(missing_ok=True)
        remove_empty(place.parent)
