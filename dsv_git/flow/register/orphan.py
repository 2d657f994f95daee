"""A child whose parent is gone ends at once: nobody would write down what it still registers."""

from __future__ import annotations

import os
import select
import threading


def end_with_reader(pipe: int) -> None:
    """Lets this process end as soon as nobody can read any more what it writes to `pipe`."""
    waiting = select.poll()
    waiting.register(pipe, 0)  # errors and hang-ups alone, which are always told

    def wait() -> None:
        waiting.poll()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
