"""Hashing many files at once: small ones in processes, big ones in threads, few ones here."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from dsv_git.scan.hashing import Algorithm, Hashed, hash_chunk, hash_file
from dsv_git.scan.progress import Progress
from dsv_git.scan.workers import cores, processes

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

FEW: Final = 500
"""Up to so many files are hashed here: a pool of processes costs as much as 5,000 small files."""

Keep = Callable[[Sequence[int], Hashed], None]
"""Is given what is done, as soon as it is: the indexes of the files, and their results."""


def hash_files(
    root: Path,
    names: list[str],
    algorithm: Algorithm,
    keep: Keep,
    progress: Progress,
    executor: Executor | None = None,
) -> Hashed:
    """Hashes files (paths relative to `root`) on all cores, or on the executor given.

    The executor's workers must see the data under the same path. Raises InputError for a file
    that cannot be read or does not stop changing.
    """
    job = _Job(root, names, algorithm, keep, progress)
    if executor is not None:
        job.run(executor, None, workers=16)
    elif len(names) > FEW:
        with processes() as pool, _threads(job) as threads:
            job.run(pool, threads, workers=cores())
    else:
        progress.expect(len(names))
        big = job.take_chunk(0, hash_chunk(job.root, names, algorithm))
        if big:
            with _threads(job) as threads:
                job.stream(threads, big)
    return job.done


class _Job:
    """Hashing under way: what was handed out, and the results so far."""

    def __init__(
        self, root: Path, names: list[str], algorithm: Algorithm, keep: Keep, progress: Progress
    ) -> None:
        self.root = os.fspath(root)
        self.names = names
        self.algorithm = algorithm
        self.keep = keep
        self.progress = progress
        blank = bytes(8 * len(names))
        self.done = Hashed(array("Q", blank), array("q", blank), [""] * len(names))
        self.stopped = False
        self._pending = 0
        self._finished: SimpleQueue[tuple[Callable[[Any], object], Future[Any]]] = SimpleQueue()

    def run(self, executor: Executor, threads: Executor | None, workers: int) -> None:
        """Hashes everything: chunks on the executor, the big files found there or in threads."""
        step = max(32, min(1000, len(self.names) // (workers * 16)))
        for start in range(0, len(self.names), step):
            part = self.names[start : start + step]
            take = partial(self._take_chunk_and_go_on, executor, threads, start)
            self._submit(executor, take, hash_chunk, self.root, part, self.algorithm)
        self.progress.expect(len(self.names))  # after the fork: a display may start a thread
        self._collect()

    def stream(self, threads: Executor, big: list[int]) -> None:
        """Hashes these files, each in a stream of its own."""
        for index in big:
            self._submit(threads, partial(self._take_big, index), self._stream, self.names[index])
        self._collect()

    def take_chunk(self, start: int, part: Hashed) -> list[int]:
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

    def _take_chunk_and_go_on(
        self, executor: Executor, threads: Executor | None, start: int, part: Hashed
    ) -> None:
        for index in self.take_chunk(start, part):
            name = self.names[index]
            if threads is not None:
                self._submit(threads, partial(self._take_big, index), self._stream, name)
            else:
                take = partial(self._take_big_unreported, index)
                self._submit(executor, take, hash_file, self.root, name, self.algorithm)

    def _stream(self, name: str) -> tuple[int, int, str]:
        return hash_file(self.root, name, self.algorithm, self._report)

    def _report(self, size: int) -> None:
        if self.stopped:
            raise _Stopped
        self.progress.advance(0, size)

    def _take_big(self, index: int, row: tuple[int, int, str]) -> None:
        self.done.sizes[index], self.done.mtimes_ns[index], self.done.hashes[index] = row
        self.progress.advance(1, 0)
        self.keep([index], self._results([index]))

    def _take_big_unreported(self, index: int, row: tuple[int, int, str]) -> None:
        self.progress.advance(0, row[0])
        self._take_big(index, row)

    def _submit(
        self,
        executor: Executor,
        take: Callable[[Any], object],
        work: Callable[..., Any],
        *args: Any,
    ) -> None:
        future = executor.submit(work, *args)
        self._pending += 1
        future.add_done_callback(lambda done: self._finished.put((take, done)))

    def _collect(self) -> None:
        while self._pending:
            take, future = self._finished.get()
            self._pending -= 1
            take(future.result())


class _Stopped(Exception):
    """Ends a stream whose result nobody waits for any more."""


@contextmanager
def _threads(job: _Job) -> Iterator[Executor]:
    """Threads for big files: reading and hashing a block both let other threads run."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(cores()) as threads:
        try:
            yield threads
        except BaseException:
            job.stopped = True
            threads.shutdown(wait=False, cancel_futures=True)
            raise
