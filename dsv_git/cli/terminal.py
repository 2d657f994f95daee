"""What verbs share at the terminal: the workspace, JSON, colours, lines."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import RenderableType

    from dsv_git.flow.register.summary import Summary
    from dsv_git.flow.workspace import Workspace


def workspace() -> Workspace:
    """The workspace around the current folder."""
    from dsv_git.flow.workspace import Workspace

    return Workspace.open(Path.cwd())


def hook_index() -> Path | None:
    """The index that git tells its hooks of."""
    name = os.environ.get("GIT_INDEX_FILE")
    return Path(name) if name else None


@contextmanager
def _answering() -> Iterator[None]:
    """Says of a failed write that it was the answer's: a full disk has no name of its own."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or "standard output"
        raise


def say(text: str = "", *, nl: bool = True) -> None:
    """One line of an answer, or without `nl` whole lines of it."""
    with _answering():
        click.echo(text, nl=nl)


def say_bytes(data: bytes) -> None:
    """A part of an answer that is a file's content, as it is."""
    with _answering():
        click.echo(data, nl=False)


def note(text: str) -> None:
    """One line beside the answer, on standard error."""
    click.echo(text, err=True)


def say_json(value: Any) -> None:
    """An answer for programs: plain values, or the frozen nouns of msgspec and dataclasses."""
    import msgspec

    say(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def say_summary(summary: Summary, as_json: bool) -> int:
    """What a verb that registers did; gives its exit code."""
    if as_json:
        say_json({"schema": 1, **vars(summary)})
    else:
        for line in summary.lines:
            say(line)
    return int(summary.exit_code)


def show(renderable: RenderableType) -> None:
    """A table or a coloured text, plain in a pipe."""
    from rich.console import Console

    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=True)
    with _answering():
        console.print(renderable)


json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
