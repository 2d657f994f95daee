"""Progress on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dsv_git.scan.progress import Progress, Silent

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """A bar on standard error while there are files to hash."""
    if not sys.stderr.isatty():
        yield Silent()
        return
    bar = _Bar(title)
    try:
        yield bar
    finally:
        bar.stop()


class _Bar:
    """rich's bar, made when there is something to hash: it takes longer to load than a scan."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._bars: Bars | None = None
        self._task: TaskID | None = None
        self._files = 0
        self._bytes = 0

    def expect(self, files: int) -> None:
        """So many files are going to be hashed."""
        self._files += files
        if not self._files:
            return
        if self._bars is None:
            self._bars = _bars()
            self._task = self._bars.add_task(self._title, total=None, size="")
            self._bars.start()
        assert self._task is not None  # noqa: S101
        self._bars.update(self._task, total=self._files)

    def advance(self, files: int, size: int) -> None:
        """So many files and bytes more are done."""
        self._bytes += size
        if self._bars is not None and self._task is not None:
            text = f"{self._bytes / 1e6:,.0f} MB"
            self._bars.update(self._task, advance=files, size=text)

    def stop(self) -> None:
        """Takes the bar away."""
        if self._bars is not None:
            self._bars.stop()


def _bars() -> Bars:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    return Bars(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[size]}", markup=False),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
