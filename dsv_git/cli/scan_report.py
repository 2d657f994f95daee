"""What verbs that scan say of it."""

from __future__ import annotations

from collections.abc import Iterable

from dsv_git.cli import terminal
from dsv_git.scan.notices import SAMPLE, Notice, shown


def say_notices(notices: Iterable[Notice]) -> None:
    """What was left out or is odd, on standard error."""
    for notice in notices:
        few = ", ".join(shown(path) for path in notice.paths)
        more = (
            f" and {notice.count - len(notice.paths):,} more"
            if notice.count > len(notice.paths)
            else ""
        )
        terminal.note(f"note: {notice.message}: {few}{more}")


def say_without_label(number: int, files: str) -> None:
    """How many of `files` the source of labels says nothing of, on standard error."""
    if number:
        terminal.note(f"note: {number:,} of {files} got no label: is --labels right?")


def counted(number: int, noun: str) -> str:
    """`1 file`, `2,000 files`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def few(paths: Iterable[str]) -> str:
    """The first paths, and how many more there are."""
    known = list(paths)
    more = f" and {len(known) - SAMPLE:,} more" if len(known) > SAMPLE else ""
    return ", ".join(shown(path) for path in known[:SAMPLE]) + more
