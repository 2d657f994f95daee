"""`dsv hook`: what the stubs in `.git/hooks` start; never typed by a person."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

import click

from dsv_git.cli import terminal

_MESSAGES: Final = ("prepare-commit-msg", "commit-msg")


@click.command("hook", hidden=True)
@click.argument("event")
@click.argument("arguments", nargs=-1)
def command(event: str, arguments: tuple[str, ...]) -> None:
    """Registers what a commit made. It never fails the commit: what did not work stays pending."""
    from dsv_git.errors import DsvError
    from dsv_git.flow.hook import run_hook

    if event in _MESSAGES:
        _message(event, arguments)
        return
    try:
        for line in run_hook(terminal.workspace(), event, arguments, terminal.hook_index()):
            terminal.note(line)
    except DsvError as error:
        terminal.note(f"dsv: stays pending: {error.message} ({error.hint or 'then: dsv sync'})")
    except OSError as error:
        from dsv_git.cli.main import refusal

        terminal.note(f"dsv: stays pending: {refusal(error)} (then: dsv sync)")


def _message(event: str, arguments: tuple[str, ...]) -> None:
    """Adds to a commit's message what is staged. What cannot be read is told by the checks."""
    from dsv_git.errors import DsvError
    from dsv_git.flow.message import complete

    file, source = (*arguments, "", "")[:2]
    edited = event == "prepare-commit-msg" and source != "message"
    with suppress(DsvError, OSError, UnicodeDecodeError):
        complete(Path.cwd(), terminal.hook_index(), Path(file), edited=edited)
