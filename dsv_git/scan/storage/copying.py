"""Contents brought to temporary names, each proven before it counts. Runs in worker processes."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal, NamedTuple

from dsv_git.errors import InputError
from dsv_git.scan.hashing import BLOCK
from dsv_git.scan.notices import shown
from dsv_git.scan.storage.checked import Flaw, Inside
from dsv_git.scan.storage.digests import Proof

Way = Literal["reflink", "hard", "copy"]
"""How a content came: sharing its blocks until one is written to, as the very same file, copied."""

Link = Literal["auto", "reflink", "hard", "copy"]
"""How it should come: `auto` is a reflink where the file system can, else a copy."""

Report = Callable[[int], object]

_IS_MAC: Final[bool] = os.uname().sysname == "Darwin"
_FICLONE: Final = getattr(fcntl, "FICLONE", 0x40049409)
"""ioctl_ficlone(2); Python names it from 3.12 on."""


class Job(NamedTuple):
    """A content to bring: the file `path` below `root`, its size (bytes) and hash, and the name of
    a file that is not there yet. An empty root stands for no file: the content is empty."""

    root: str
    path: str
    size: int
    hash: str
    staged: str


def copy_files(jobs: Iterable[Job], link: Link) -> list[Way | Flaw]:
    """Brings contents; gives for each how, or why not, and then nothing is left of it.

    Raises InputError where `link` asks for what the file system cannot do, OSError where the
    temporary file cannot be written.
    """
    bringer = Bringer(link)
    return [bringer.bring(job) for job in jobs]


class Bringer:
    """Brings one content after the other, and remembers between which devices reflinks fail."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._roots: dict[str, Inside] = {}
        self._no_clone: set[int] = set()

    def bring(self, job: Job, report: Report = lambda _: None) -> Way | Flaw:
        """As `copy_files`, of one. `report` is called with the bytes of every block."""
        if not job.root:
            return self._empty(job)
        inside = self._roots.setdefault(job.root, Inside(job.root))
        try:
            file = inside.open(job.path)
        except (FileNotFoundError, NotADirectoryError):
            return Flaw(job.path, "missing")
        except OSError as error:
            return Flaw(job.path, "unreadable", error.strerror or str(error))
        done: Way | Flaw | None = None
        try:
            size = os.fstat(file).st_size
            if size != job.size:
                return Flaw(job.path, "damaged", f"{size:,} bytes in place of {job.size:,}")
            if self._link == "hard":
                done = _linked(inside, job, report)
            else:
                done = self._copied(file, job, report)
        except _Unreadable as error:
            done = Flaw(job.path, "unreadable", str(error))
        finally:
            os.close(file)
            if not isinstance(done, str):
                with suppress(FileNotFoundError):
                    Path(job.staged).unlink()
        return done

    def _copied(self, file: int, job: Job, report: Report) -> Way | Flaw:
        device = os.fstat(file).st_dev
        out = _cloned(file, job.staged) if self._may_clone(device) else None
        if out is not None:
            try:
                return _proven(out, job, "reflink", report)
            finally:
                os.close(out)
        if self._link == "reflink":
            raise InputError(
                f"{shown(job.path)} cannot be shared with {shown(job.staged)}: the file system "
                "has no reflinks, or they are on two",
                hint="--link auto copies what cannot be shared",
            )
        if self._link == "auto":
            self._no_clone.add(device)
        out = os.open(job.staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            return _proven(file, job, "copy", report, out)
        finally:
            os.close(out)

    def _may_clone(self, device: int) -> bool:
        return self._link != "copy" and device not in self._no_clone

    @staticmethod
    def _empty(job: Job) -> Way | Flaw:
        if not Proof(job.hash).holds():
            return Flaw(job.path, "missing")
        os.close(os.open(job.staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666))
        return "copy"


class _Unreadable(Exception):
    """The source, not the target, failed."""


def _linked(inside: Inside, job: Job, report: Report) -> Way | Flaw:
    """The very same file under another name, if its content is right now."""
    try:
        os.link(inside.place(job.path), job.staged)
    except OSError as error:
        raise InputError(
            f"{shown(job.path)} cannot be linked to {shown(job.staged)}: {error.strerror}",
            hint="--link auto copies what cannot be shared",
        ) from None
    out = os.open(job.staged, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        return _proven(out, job, "hard", report)
    finally:
        os.close(out)


def _proven(file: int, job: Job, way: Way, report: Report, out: int | None = None) -> Way | Flaw:
    """Reads a file to its end, and writes what it read; the bytes written are those proven."""
    proof = Proof(job.hash)
    while block := _read(file, min(BLOCK, job.size - proof.size + 1)):
        proof.update(block)
        report(len(block))
        written = len(block) if out is None else os.write(out, block)
        while out is not None and written < len(block):
            written += os.write(out, block[written:])
        if proof.size > job.size:
            break
    holds = proof.holds() if proof.size == job.size else False
    if holds is None:
        return Flaw(job.path, "unproven", "the hash is a store's own")
    return way if holds else Flaw(job.path, "damaged", "other content")


def _read(file: int, size: int) -> bytes:
    try:
        return os.read(file, size)
    except OSError as error:
        raise _Unreadable(error.strerror or str(error)) from None


def _cloned(file: int, staged: str) -> int | None:
    """A file that shares its blocks with another, opened at its start; None where it cannot."""
    if _IS_MAC:
        import ctypes

        library = ctypes.CDLL(None, use_errno=True)
        if library.fclonefileat(file, -2, os.fsencode(staged), 0):  # -2: AT_FDCWD
            return None
        return os.open(staged, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    out = os.open(staged, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        fcntl.ioctl(out, _FICLONE, file)
    except OSError:
        os.close(out)
        Path(staged).unlink()
        return None
    return out


def sync(folder: int, names: Sequence[str]) -> None:
    """Brings files of an open folder to the disk: with one call for its whole file system where
    there is one (syncfs(2) of Linux), else each."""
    if not _IS_MAC:
        import ctypes

        library = ctypes.CDLL(None, use_errno=True)
        if library.syncfs(folder) == 0:
            return
        if ctypes.get_errno() != errno.ENOSYS:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    for name in names:
        file = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW, dir_fd=folder)
        try:
            os.fsync(file)
        finally:
            os.close(file)
