"""Work in a thread of its own, for what waits for git while other work goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Generic, TypeVar

T = TypeVar("T")

THREADS: Final = 8
"""How many files are written at once: a file system ends many waits for the disk together."""


class Background(Generic[T]):
    """A call under way. `result` waits for it, and raises what it raised."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._done: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._done.append(self._work())
        except BaseException as error:
            self._error = error

    def wait(self) -> None:
        """Until the call has ended, well or not."""
        self._thread.join()

    def result(self) -> T:
        """What the call gave."""
        self.wait()
        if self._error is not None:
            raise self._error
        return self._done[0]


def for_each(work: Callable[[T], object], items: Sequence[T]) -> None:
    """Does the work for every item, several at once. Raises what one of them raised."""

    def some(part: Sequence[T]) -> None:
        for item in part:
            work(item)

    parts = [items[number::THREADS] for number in range(min(THREADS, len(items)))]
    under_way = [Background(partial(some, part)) for part in parts]
    for one in under_way:
        one.wait()
    for one in under_way:
        one.result()
