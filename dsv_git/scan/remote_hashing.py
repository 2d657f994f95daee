"""Hashing the files of a remote storage: many at once, in streams, nothing written to a disk.

What takes the time is waiting for answers, so threads do it, many more than there are cores.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from queue import SimpleQueue
from typing import Final, NamedTuple

import xxhash

from dsv_git.errors import InputError
from dsv_git.scan.hashing import BLOCK, UNSETTLED, new_hasher
from dsv_git.scan.hashing import Algorithm as Hash
from dsv_git.scan.progress import Progress
from dsv_git.scan.refusals import unreadable
from dsv_git.scan.storage.port import Changed, Storage, Stored, changed
from dsv_git.scan.workers import Stopped

_TRIES: Final = 5


class Row(NamedTuple):
    """A file as a memory keeps it: path, size in bytes, its stamp as a number, hash."""

    path: str
    size: int
    stamp: int
    hash: str


def stamp_number(stamp: str) -> int:
    """A stamp where a memory keeps a modification time: 63 bits of its XXH3, or UNSETTLED for a
    store that has none, so that the file is read again."""
    return xxhash.xxh3_64_intdigest(stamp.encode()) >> 1 if stamp else UNSETTLED


def hash_stored(
    storage: Storage,
    files: Sequence[Stored],
    algorithm: Hash,
    progress: Progress,
    streams: int,
) -> Iterator[Row]:
    """Hashes files, so many at once, and gives each as soon as it is done, in no order.

    A file that changes meanwhile is read again. Raises what a file raises; the others end then.
    """
    progress.expect(len(files))
    work = _Work(storage, algorithm, progress, iter(files))
    # Daemons: a thread that waits for a store that is gone must not hold the process.
    for number in range(min(streams, len(files))):
        threading.Thread(target=work.run, name=f"dsv-stream-{number}", daemon=True).start()
    try:
        for _ in files:
            row = work.done.get()
            if isinstance(row, BaseException):
                raise row
            progress.advance(1, 0)
            yield row
    finally:
        work.stop.set()


class _Work:
    """Hashing under way, shared by the threads that do it."""

    def __init__(
        self, storage: Storage, algorithm: Hash, progress: Progress, files: Iterator[Stored]
    ) -> None:
        self.done: SimpleQueue[Row | BaseException] = SimpleQueue()
        self.stop = threading.Event()
        self._storage, self._algorithm, self._progress = storage, algorithm, progress
        self._files, self._lock = files, threading.Lock()

    def run(self) -> None:
        """Hashes one file after the other, until there is none or nobody waits any more."""
        while not self.stop.is_set():
            with self._lock:
                file = next(self._files, None)
            if file is None:
                return
            try:
                self.done.put(self._hash(file))
            except Stopped:
                return
            except BaseException as error:
                self.done.put(error)
                return

    def _hash(self, file: Stored) -> Row:
        now = file
        for attempt in range(_TRIES):
            time.sleep(0.1 * attempt)
            size, text = self._read(now)
            if size == now.size:
                return Row(now.path, size, stamp_number(now.stamp), text)
            again = self._storage.stat(now.path)
            if again is None:
                raise unreadable(now.path, FileNotFoundError())
            now = again
        raise changed(file.path)

    def _read(self, file: Stored) -> tuple[int, str]:
        """The bytes that were read and their hash; -1 bytes where it is another file by now."""
        hasher, count = new_hasher(self._algorithm)(b""), 0
        try:
            with self._storage.open(file.path, file.stamp) as stream:
                while block := stream.read(BLOCK):
                    hasher.update(block)
                    count += len(block)
                    if self.stop.is_set():
                        raise Stopped
                    self._progress.advance(0, len(block))
        except Changed:
            return -1, ""
        return count, f"{self._algorithm}:{hasher.hexdigest()}"


def store_checksum(file: Stored, where: str) -> Row:
    """A file with its ETag for a hash: nothing is read. Raises InputError for one without."""
    from dsv_git.manifest.entry import is_hash

    text = f"etag:{file.stamp}"
    if not is_hash(text):
        raise InputError(
            f"{where} has no ETag for {file.path!r} that a manifest can hold",
            hint="hash: xxh3 reads the contents",
        )
    return Row(file.path, file.size, stamp_number(file.stamp), text)
