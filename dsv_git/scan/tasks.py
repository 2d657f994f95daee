"""Work handed to executors, whose results are taken here as they come."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from dsv_git.scan.workers import Stopped

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

MOST: Final = 128
"""Tasks that are under way at once: what they are made of takes memory."""


class Tasks:
    """Tasks under way. What is done with a result runs in the thread that collects."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._stopped = False
        self._pending = 0
        self._done: SimpleQueue[tuple[Callable[[Any], object], Future[Any]]] = SimpleQueue()

    def submit(
        self,
        executor: Executor,
        take: Callable[[Any], object],
        work: Callable[..., Any],
        *args: Any,
    ) -> None:
        """Hands out a task; `take` gets its result. Where many are under way, waits for one."""
        while self._pending >= self._most:
            self._collect_one()
        future = executor.submit(work, *args)
        self._pending += 1
        future.add_done_callback(lambda done: self._done.put((take, done)))

    def collect(self, *, wait: bool = True) -> None:
        """Waits for all tasks, and takes what each gave; or takes what there is, and does not wait.
        Raises what a task raised."""
        while self._pending and (wait or not self._done.empty()):
            self._collect_one()

    def _collect_one(self) -> None:
        take, future = self._done.get()
        self._pending -= 1
        take(future.result())

    def stop(self) -> None:
        """Nobody waits for the tasks any more."""
        self._stopped = True

    def go_on(self) -> None:
        """Asked by a task now and then: raises Stopped where nobody waits for it."""
        if self._stopped:
            raise Stopped
