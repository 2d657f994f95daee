"""`dsv driver`: what git starts to merge a file of a manifest; never typed by a person."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from dsv_git.cli import terminal


@click.group("driver", hidden=True)
def command() -> None:
    """The drivers that `dsv init` configures."""


@command.command("merge")
@click.argument("base", type=click.Path(path_type=Path))
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
@click.argument("size", type=int)
@click.argument("name")
@click.argument("labels", nargs=-1)
def merge(
    base: Path, ours: Path, theirs: Path, size: int, name: str, labels: tuple[str, ...]
) -> None:
    """Merges one file into OURS; git's placeholders %O %A %B %L %P %X %Y."""
    from dsv_git.diff.merged_files import Marks
    from dsv_git.flow.merge_driver import Side, drive
    from dsv_git.gitrepo.drivers import CONFLICTED

    # An older git hands placeholders that it does not know on as they are.
    known = len(labels) == 2 and all(label and label not in {"%X", "%Y"} for label in labels)
    marks = Marks(labels[0], labels[1], size) if known else Marks(size=size)
    done = drive(Side(base, ours, theirs, name), marks)
    if done.note:
        terminal.note(f"dsv: {done.note}")
    if not done.clean:
        sys.exit(CONFLICTED)
