"""The content hash of files: XXH3 128 bit as `xxhsum -H2` prints it, or SHA-256.

What runs in worker processes is here, and imports little.
"""

from __future__ import annotations

import os
import stat
import time
from array import array
from collections.abc import Callable
from typing import Final, Literal, NamedTuple, Protocol

from dsv_git.errors import InputError
from dsv_git.scan.notices import shown
from dsv_git.scan.refusals import unreadable

Algorithm = Literal["xxh3", "sha256"]

UNSETTLED: Final = -(2**63)
"""In place of a modification time: the file was so fresh that a later write might not show."""
DISPROVEN: Final = UNSETTLED + 1
"""In place of a modification time: the file was read, and has not the content of its row."""

FIRST: Final = 128 << 10
"""Bytes of the first read: most files of most data sets are read whole by it."""
BLOCK: Final = 1 << 20
"""Bytes of one read of a stream: the fastest of 64 KiB to 16 MiB, as it stays in the cache."""
BIG: Final = 16 << 20
"""Files above this size (bytes) are not hashed among others, but each on its own."""
ENOUGH: Final = 64 << 20
"""After so many bytes a chunk comes back, finished or not: for progress, and for the journal."""

_CALM_NS: Final = 2_000_000_000
"""The coarsest clock of a file system in use (FAT: 2 s)."""
_AHEAD_NS: Final = 3600 * 1_000_000_000
"""How far the clock of a file server may be ahead. A later date is not a clock's."""
_TRIES: Final = 5
_FLAGS: Final = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class Hasher(Protocol):
    """A hash under way."""

    def update(self, data: memoryview | bytes, /) -> None:
        """Takes more content."""

    def hexdigest(self) -> str:
        """The hash as lower-case hexadecimal text."""


class Hashed(NamedTuple):
    """What hashing a row of files gave, one element a file.

    Sizes in bytes; modification times in ns, or UNSETTLED; hashes `algorithm:hex`, an empty text
    where the file is big and was left for a stream of its own.
    """

    sizes: array[int]
    mtimes_ns: array[int]
    hashes: list[str]


def new_hasher(algorithm: Algorithm) -> Callable[[bytes], Hasher]:
    """The constructor of a hash, which takes the first content."""
    if algorithm == "xxh3":
        import xxhash

        return xxhash.xxh3_128
    import hashlib

    return hashlib.sha256


def hash_chunk(root: str, names: list[str], algorithm: Algorithm, big: int = BIG) -> Hashed:
    """Hashes the files `names`, which are relative to `root`, one after the other: all, or the
    first of them that are ENOUGH. Those of more than `big` bytes are left out.

    One open, one read, one fstat a file: where the time of the last change is older than the
    moment before the read, nothing was written meanwhile. Fresher files are read with care.
    Raises InputError for a file that cannot be read or does not stop changing.
    """
    new = new_hasher(algorithm)
    prefix = f"{algorithm}:"
    done = Hashed(array("Q"), array("q"), [])
    add_size, add_time, add_hash = done.sizes.append, done.mtimes_ns.append, done.hashes.append
    calm = time.time_ns() - _CALM_NS
    left = ENOUGH
    folder = _open_folder(root)
    name = ""
    try:
        for name in names:
            file = os.open(name, _FLAGS, dir_fd=folder)
            try:
                data = os.read(file, FIRST)
                status = os.fstat(file)
            finally:
                os.close(file)
            size = status.st_size
            mtime = status.st_mtime_ns
            if size == len(data) and 0 <= mtime < calm and stat.S_ISREG(status.st_mode):
                text = prefix + new(data).hexdigest()
            elif size > big:
                size, mtime, text = 0, UNSETTLED, ""
            else:
                size, mtime, text = hash_file(root, name, algorithm)
            add_size(size)
            add_time(mtime)
            add_hash(text)
            left -= size
            if left < 0:
                break
    except OSError as error:
        raise unreadable(name, error) from None
    finally:
        os.close(folder)
    return done


def _open_folder(root: str) -> int:
    try:
        return os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise unreadable(root, error) from None


def hash_file(
    root: str, name: str, algorithm: Algorithm, report: Callable[[int], None] | None = None
) -> tuple[int, int, str]:
    """Size, modification time (ns, or UNSETTLED) and hash of one file of any size, in a stream.

    A file that changes while it is read is read again, five times at most; then InputError.
    `report` is called with the number of bytes of every block.
    """
    buffer: memoryview | None = None
    for attempt in range(_TRIES):
        time.sleep(0.1 * attempt)
        started = time.time_ns()
        try:
            file = os.open(f"{root}/{name}", _FLAGS)
            try:
                before = os.fstat(file)
                hasher, count = new_hasher(algorithm)(b""), 0
                if not stat.S_ISREG(before.st_mode):
                    raise _changes(name)
                buffer = buffer or memoryview(bytearray(min(BLOCK, before.st_size + 1)))
                while count <= before.st_size and (length := os.readv(file, [buffer])):
                    hasher.update(buffer[:length])
                    count += length
                    if report:
                        report(length)
                after = os.fstat(file)
            finally:
                os.close(file)
        except OSError as error:
            raise unreadable(name, error) from None
        if count == before.st_size == after.st_size and before.st_mtime_ns == after.st_mtime_ns:
            mtime = after.st_mtime_ns
            return count, settled(mtime, started), f"{algorithm}:{hasher.hexdigest()}"
    raise _changes(name)


def _changes(name: str) -> InputError:
    return InputError(
        f"{shown(name)} changes while it is read",
        hint="run again when nothing writes to it",
    )


def settled(mtime_ns: int, started_ns: int) -> int:
    """The modification time if it proves later that nothing was written since, else UNSETTLED.

    A write in the same tick of the file system's clock as the read leaves the time as it was (what
    git calls racy). A date far ahead is safe: no write would give it again.
    """
    if started_ns - _CALM_NS <= mtime_ns <= started_ns + _AHEAD_NS:
        return UNSETTLED
    return mtime_ns if -(2**63) < mtime_ns < 2**63 else UNSETTLED
