"""Bringing many contents from storages into a folder: on all cores, proven, then named."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from dsv_git.errors import Unreachable
from dsv_git.scan.hashing import BIG
from dsv_git.scan.progress import Progress
from dsv_git.scan.storage.checked import Flaw, Inside, Wanted, check_file
from dsv_git.scan.storage.copying import Bringer, Job, Link, Way, copy_files
from dsv_git.scan.storage.fetching import fetch
from dsv_git.scan.storage.folder import Folder
from dsv_git.scan.storage.orders import Brought, Order
from dsv_git.scan.storage.target import Target
from dsv_git.scan.tasks import Tasks
from dsv_git.scan.workers import processes, threads

FEW: Final = 500
"""Up to so many files are brought in this process."""
CHUNK: Final = 500
CHUNK_BYTES: Final = 64 << 20
"""Files and bytes of one task."""
STREAMS: Final = 32
"""Files of places that are elsewhere that are read at once."""
SETTLE: Final = 2.0
"""Seconds after which files get their names, as one batch: each batch waits for the disk."""


def bring(
    orders: Sequence[Order], target: Target, link: Link, progress: Progress, *, replace: bool
) -> Brought:
    """Brings contents into a target (inside its context). A file that does not have the content
    that its order names never gets its name; one that is there stays, unless `replace`.

    Raises InputError, and OSError where the target cannot be written.
    """
    work = _Bringing(orders, target, link, progress, replace)
    try:
        work.run()
    except OSError as error:
        error.filename = os.fspath(
            target.base
        )  # a full disk has no name, a temporary file a bad one
        raise
    return work.brought


class _Bringing:
    """Bringing under way. The indexes of orders are the names of staged files."""

    def __init__(
        self,
        orders: Sequence[Order],
        target: Target,
        link: Link,
        progress: Progress,
        replace: bool,
    ) -> None:
        self.orders = orders
        self.target = target
        self.link = link
        self.progress = progress
        self.replace = replace
        self.brought = Brought()
        self._staged: list[tuple[int, Way]] = []
        self._since = time.monotonic()
        self._tasks = Tasks()

    def run(self) -> None:
        here, big, away = self._sorted()
        if len(here) <= FEW:
            self.progress.expect(len(here))
            for row in self._chunks(here):
                self._take(row, copy_files(self._jobs(row), self.link))
        else:
            with processes() as pool:
                for row in self._chunks(here):
                    take = partial(self._take, row)
                    self._tasks.submit(pool, take, copy_files, self._jobs(row), self.link)
                    self.progress.expect(len(row))  # after the fork: a display may start a thread
                self._tasks.collect()
        if big or away:
            self.progress.expect(len(big) + len(away))
            with threads(self._tasks.stop, STREAMS if away else None) as streams:
                bringer = Bringer(self.link)
                for index in big:
                    take = partial(self._take_one, index)
                    self._tasks.submit(streams, take, bringer.bring, self._job(index), self._report)
                for index in away:
                    self._tasks.submit(streams, partial(self._take_one, index), self._fetch, index)
                self._tasks.collect()
        self._settle()

    def _sorted(self) -> tuple[list[int], list[int], list[int]]:
        """The orders of folders, those of big files there, and those of places elsewhere."""
        here, big, away = list[int](), list[int](), list[int]()
        for index, order in enumerate(self.orders):
            if order.storage is not None and not isinstance(order.storage, Folder):
                away.append(index)
            else:
                (big if order.size > BIG else here).append(index)
        return here, big, away

    def _chunks(self, indexes: Sequence[int]) -> Iterator[list[int]]:
        row: list[int] = []
        size = 0
        for index in indexes:
            row.append(index)
            size += self.orders[index].size
            if len(row) >= CHUNK or size >= CHUNK_BYTES:
                yield row
                row, size = [], 0
        if row:
            yield row

    def _job(self, index: int) -> Job:
        order = self.orders[index]
        root = os.fspath(order.storage.base) if isinstance(order.storage, Folder) else ""
        return Job(root, order.path, order.size, order.hash, self.target.staged(index))

    def _jobs(self, indexes: Sequence[int]) -> list[Job]:
        return [self._job(index) for index in indexes]

    def _fetch(self, index: int) -> Way | Flaw:
        order = self.orders[index]
        assert order.storage is not None  # noqa: S101
        where, wanted = order.storage.where, Wanted(order.path, order.size, order.hash)
        if where not in self.brought.down:
            try:
                return fetch(order.storage, wanted, self.target.staged(index), self._report)
            except Unreachable as error:
                self.brought.down[where] = error.message
        return Flaw(order.path, "missing", self.brought.down[where])

    def _take(self, indexes: Sequence[int], done: Sequence[Way | Flaw]) -> None:
        size = 0
        for index, one in zip(indexes, done, strict=True):
            self._keep(index, one)
            size += self.orders[index].size
        self.progress.advance(len(indexes), size)
        self._settle_sometimes()

    def _take_one(self, index: int, one: Way | Flaw) -> None:
        self._keep(index, one)
        self.progress.advance(1, 0)
        self._settle_sometimes()

    def _keep(self, index: int, one: Way | Flaw) -> None:
        if isinstance(one, Flaw):
            self.target.drop([index])
            self.brought.failed.append((self.orders[index], one))
        else:
            self._staged.append((index, one))

    def _settle_sometimes(self) -> None:
        if time.monotonic() - self._since > SETTLE:
            self._settle()

    def _settle(self) -> None:
        """Gives the staged files their names."""
        if self._staged:
            rows = [(index, self.orders[index].target) for index, _ in self._staged]
            taken = set(self.target.settle(rows, replace=self.replace))
            inside = Inside(os.fspath(self.target.base))
            for index, way in self._staged:
                order = self.orders[index]
                if order.target not in taken:
                    self.brought.ways[way] += 1
                    self.brought.size += order.size
                elif check_file(inside, Wanted(order.target, order.size, order.hash)):
                    self.brought.taken.append(order)
            self._staged.clear()
        self._since = time.monotonic()

    def _report(self, size: int) -> None:
        self._tasks.go_on()
        self.progress.advance(0, size)
