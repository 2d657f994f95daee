"""Hashing many files at once: small ones in processes, big ones in threads, few ones here."""

from __future__ import annotations

import os
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dsv_git.scan.hashing import BLOCK, Algorithm, Hashed, hash_chunk, hash_file
from dsv_git.scan.progress import Progress
from dsv_git.scan.tasks import Tasks
from dsv_git.scan.workers import processes, threads

if TYPE_CHECKING:
    from concurrent.futures import Executor

FEW: Final = 500
"""Up to so many files are hashed here: a pool of processes costs as much as 5,000 small files."""

CHUNK: Final = 1000
"""Files of one task, once the work is under way; the first tasks are smaller."""

Keep = Callable[[Sequence[int], Hashed], None]
"""Is given what is done, as soon as it is: the indexes of the files, and their results."""


def hash_files(
    root: Path,
    blocks: Iterable[list[str]],
    algorithm: Algorithm,
    keep: Keep,
    progress: Progress,
    executor: Executor | None = None,
) -> Hashed:
    """Hashes files (paths relative to `root`) on all cores, or on the executor given.

    Their names come in blocks: the first are hashed while the last are still being looked for. The
    executor's workers must see the data under the same path. Raises InputError for a file that
    cannot be read or does not stop changing.
    """
    job = _Job(root, algorithm, keep, progress)
    feed = iter(blocks)
    if executor is not None:
        job.run(feed, executor, None)
    elif job.is_long(feed):
        with processes() as pool, threads(job.tasks.stop) as streams:
            job.run(feed, pool, streams)
    else:
        job.run_here()
    return job.done


class _Job:
    """Hashing under way: what was handed out, and the results so far."""

    def __init__(self, root: Path, algorithm: Algorithm, keep: Keep, progress: Progress) -> None:
        self.root = os.fspath(root)
        self.algorithm = algorithm
        self.keep = keep
        self.progress = progress
        self.names: list[str] = []
        self.done = Hashed(array("Q"), array("q"), [])
        self.tasks = Tasks(most=sys.maxsize)  # results may hand out more: none is waited for

    def is_long(self, feed: Iterator[list[str]]) -> bool:
        """Takes names, until they are more than a few or all."""
        for block in feed:
            self._add(block)
            if len(self.names) > FEW:
                return True
        return False

    def run(self, feed: Iterator[list[str]], executor: Executor, streams: Executor | None) -> None:
        """Hashes everything: chunks on the executor, the big files found there or in threads."""
        start, step, told = 0, CHUNK // 16, 0
        for block in chain(([],), feed):
            self._add(block)
            while len(self.names) - start >= step:
                self._submit_chunk(executor, streams, start, start + step)
                start, step = start + step, min(CHUNK, step * 5 // 4)
            if start:  # after the fork: a display may start a thread
                self.progress.expect(len(self.names) - told)
                told = len(self.names)
            self.tasks.collect(wait=False)
        if start < len(self.names):
            self._submit_chunk(executor, streams, start, len(self.names))
        self.progress.expect(len(self.names) - told)
        self.tasks.collect()

    def run_here(self) -> None:
        """Hashes the names taken so far, the larger files in threads."""
        self.progress.expect(len(self.names))
        start, large = 0, list[int]()
        while start < len(self.names):
            names = self.names[start : start + FEW // 8]
            part = hash_chunk(self.root, names, self.algorithm, BLOCK)
            large += self._take(start, part)
            start += len(part.hashes)
        if large:
            with threads(self.tasks.stop) as streams:
                for index in large:
                    self._submit_file(streams, index)
                self.tasks.collect()

    def _add(self, block: list[str]) -> None:
        self.names += block
        self.done.sizes.frombytes(bytes(8 * len(block)))
        self.done.mtimes_ns.frombytes(bytes(8 * len(block)))
        self.done.hashes.extend([""] * len(block))

    def _submit_chunk(
        self, executor: Executor, streams: Executor | None, start: int, end: int
    ) -> None:
        def take(part: Hashed) -> None:
            done = start + len(part.hashes)
            if done < end:
                self._submit_chunk(executor, streams, done, end)
            for index in self._take(start, part):
                if streams is not None:
                    self._submit_file(streams, index)
                else:
                    self._submit_remote_file(executor, index)

        names = self.names[start:end]
        self.tasks.submit(executor, take, hash_chunk, self.root, names, self.algorithm)

    def _submit_file(self, streams: Executor, index: int) -> None:
        take = partial(self._take_big, index)
        name = self.names[index]
        self.tasks.submit(streams, take, hash_file, self.root, name, self.algorithm, self._report)

    def _submit_remote_file(self, executor: Executor, index: int) -> None:
        def take(row: tuple[int, int, str]) -> None:
            self.progress.advance(0, row[0])
            self._take_big(index, row)

        self.tasks.submit(executor, take, hash_file, self.root, self.names[index], self.algorithm)

    def _take(self, start: int, part: Hashed) -> list[int]:
        """Keeps a chunk's results; gives the indexes of its big files, which are still to do."""
        end = start + len(part.hashes)
        self.done.sizes[start:end] = part.sizes
        self.done.mtimes_ns[start:end] = part.mtimes_ns
        self.done.hashes[start:end] = part.hashes
        indexes: Sequence[int] = range(start, end)
        big = []
        if "" in part.hashes:
            big = [index for index in indexes if not self.done.hashes[index]]
            indexes = [index for index in indexes if self.done.hashes[index]]
            part = self._results(indexes)
        self.progress.advance(len(indexes), sum(part.sizes))
        self.keep(indexes, part)
        return big

    def _results(self, indexes: Sequence[int]) -> Hashed:
        sizes, times, hashes = self.done
        return Hashed(
            array("Q", [sizes[i] for i in indexes]),
            array("q", [times[i] for i in indexes]),
            [hashes[i] for i in indexes],
        )

    def _report(self, size: int) -> None:
        self.tasks.go_on()
        self.progress.advance(0, size)

    def _take_big(self, index: int, row: tuple[int, int, str]) -> None:
        self.done.sizes[index], self.done.mtimes_ns[index], self.done.hashes[index] = row
        self.progress.advance(1, 0)
        self.keep([index], self._results([index]))
