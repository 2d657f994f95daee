"""Checking many stored files by content: those of a folder on all cores, others in streams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.progress import Progress
from dsv_git.scan.storage.checked import (
    Checked,
    Flaw,
    Inside,
    Wanted,
    check_file,
    check_files,
    wrong_content,
    wrong_size,
)
from dsv_git.scan.storage.digests import lists_files, prove, proves_by_stamp
from dsv_git.scan.storage.folder import Folder
from dsv_git.scan.storage.port import Storage, Stored
from dsv_git.scan.tasks import Tasks
from dsv_git.scan.workers import processes, threads

FEW: Final = 500
"""Up to so many files are checked in this process."""
CHUNK: Final = 1000
"""Files of one task."""
STREAMS: Final = 32
"""Files of a place that is elsewhere that are read at once: what is waited for is the way."""
CHUNK_BYTES: Final = 256 << 20
"""Bytes of one task, for progress."""


def verify(storage: Storage, files: Sequence[Wanted], progress: Progress) -> list[Flaw]:
    """Reads files of a storage and gives those that are not as they should be, by path.

    Raises InputError and Unreachable where the place as a whole cannot be read.
    """
    if isinstance(storage, Folder):
        found = _Checking(progress).of_folder(storage.base, files)
    else:
        found = _Checking(progress).of_storage(storage, files)
    return sorted(found)


def chunks(files: Sequence[Wanted]) -> Iterator[Sequence[Wanted]]:
    """The files in rows that are one task each, none larger than CHUNK and about CHUNK_BYTES."""
    start, size = 0, 0
    for index, wanted in enumerate(files):
        if index - start >= CHUNK or size >= CHUNK_BYTES:
            yield files[start:index]
            start, size = index, 0
        size += wanted.size
    if start < len(files):
        yield files[start:]


class _Checking:
    """Checking under way."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.flaws: list[Flaw] = []
        self._tasks = Tasks()

    def of_folder(self, base: Path, files: Sequence[Wanted]) -> list[Flaw]:
        root, big = str(base), list[Wanted]()
        if len(files) <= FEW:
            self.progress.expect(len(files))
            for row in chunks(files):
                self._take(big, len(row), check_files(root, row))
        elif files:
            with processes() as pool:
                for row in chunks(files):
                    self._tasks.submit(
                        pool, partial(self._take, big, len(row)), check_files, root, row
                    )
                    self.progress.expect(len(row))  # after the fork: a display may start a thread
                self._tasks.collect()
        if big:
            with threads(self._tasks.stop) as streams:
                for wanted in big:
                    self._tasks.submit(
                        streams, self._one, check_file, Inside(root), wanted, self._report
                    )
                self._tasks.collect()
        return self.flaws

    def of_storage(self, storage: Storage, files: Sequence[Wanted]) -> list[Flaw]:
        self.progress.expect(len(files))
        listed: dict[str, Stored] | None = None
        if len(files) > FEW and lists_files(storage):
            # One request for each thousand, in place of one for each.
            listed = {stored.path: stored for stored in storage.files(Patterns())}
        with threads(self._tasks.stop, STREAMS) as streams:
            for wanted in files:
                self._tasks.submit(streams, self._one, self._stream, storage, wanted, listed)
            self._tasks.collect()
        return self.flaws

    def _stream(
        self, storage: Storage, wanted: Wanted, listed: Mapping[str, Stored] | None
    ) -> Flaw | None:
        """Checks a file of a place that is elsewhere."""
        path = wanted.path
        try:
            there = storage.stat(path) if listed is None else listed.get(path)
            if there is None:
                return Flaw(path, "missing")
            flaw = wrong_size(wanted, there.size)
            return flaw or wrong_content(path, self._holds(storage, there, wanted.hash))
        except InputError as error:
            return Flaw(path, "unreadable", error.message)

    def _holds(self, storage: Storage, there: Stored, wanted: str) -> bool | None:
        if wanted.startswith("etag:") and proves_by_stamp(storage):
            return there.stamp == wanted.removeprefix("etag:")
        with storage.open(there.path, there.stamp) as stream:
            return prove(stream, wanted, self._report).holds()

    def _take(self, big: list[Wanted], count: int, part: Checked) -> None:
        self.flaws += part.flaws
        big += part.big
        self.progress.advance(count - len(part.big), part.size)

    def _one(self, flaw: Flaw | None) -> None:
        if flaw is not None:
            self.flaws.append(flaw)
        self.progress.advance(1, 0)

    def _report(self, size: int) -> None:
        self._tasks.go_on()
        self.progress.advance(0, size)
