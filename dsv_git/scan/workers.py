"""Worker processes and threads: how many, how they start, how they end."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dsv_git.errors import DsvError

if TYPE_CHECKING:
    from concurrent.futures import Executor


class Stopped(Exception):
    """Ends work in a thread whose result nobody waits for any more."""


@contextmanager
def threads(stop: Callable[[], None], count: int | None = None) -> Iterator[Executor]:
    """Threads for big files: reading and hashing a block both let other threads run. As many as
    there are cores, or `count`.

    When the block fails, `stop` is called, after which the threads' work should raise Stopped.
    """
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(count or cores()) as pool:
        try:
            yield pool
        except BaseException:
            stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def processes() -> Iterator[Executor]:
    """Processes for small files, where the interpreter is what takes the time."""
    import signal
    import threading
    import time
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    # A fork is the fastest start, but only where it is safe: no other thread, and not on macOS.
    alone = sys.platform == "linux" and threading.active_count() == 1
    pool = ProcessPoolExecutor(
        cores(),
        mp_context=get_context("fork" if alone else "spawn"),
        initializer=_begin_worker,
        initargs=(os.getpid(),),
    )
    try:
        # Until a worker ends in silence with Ctrl-C, it must not get it: the signal waits.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            for _ in range(cores()):
                pool.submit(int)  # a fork starts all of them at once, else each task starts one
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        yield pool
        pool.shutdown(wait=True)
    except BrokenProcessPool:
        time.sleep(0.5)  # Ctrl-C ends the workers at once; ours may be a moment behind
        raise DsvError(
            "a process that hashes files was killed (is memory short?)",
            hint="run again: what was hashed is remembered",
        ) from None
    finally:
        # After a failure nobody waits: a worker that Ctrl-C ended may have held a queue's lock.
        pool.shutdown(wait=False, cancel_futures=True)


def _begin_worker(parent: int) -> None:
    """Lets a worker end at once with Ctrl-C, and soon after its parent was killed."""
    import signal
    import threading
    import time

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as of a job that a script started
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    threading.Thread(target=watch, daemon=True).start()


def cores() -> int:
    """How many cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
