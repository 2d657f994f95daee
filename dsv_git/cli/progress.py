"""Progress on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from dsv_git.scan.progress import Progress, Silent


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """A bar on standard error while the work takes longer than a moment."""
    if not sys.stderr.isatty():
        yield Silent()
        return
    with _Bar(title) as bar:
        yield bar


class _Bar:
    """rich's bar, made when there is something to hash."""

    def __init__(self, title: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        self._bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[size]}", markup=False),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bars.add_task(title, total=None, size="", visible=False)
        self._bytes = 0

    def __enter__(self) -> _Bar:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def expect(self, files: int) -> None:
        """So many files are going to be hashed."""
        total = (self._bars.tasks[0].total or 0) + files
        self._bars.update(self._task, total=total, visible=total > 0)

    def advance(self, files: int, size: int) -> None:
        """So many files and bytes more are done."""
        self._bytes += size
        text = f"{self._bytes / 1e6:,.0f} MB"
        self._bars.update(self._task, advance=files, size=text)
