"""`dsv hook`: what the stubs in `.git/hooks` start; never typed by a person."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from dsv_git.cli import terminal


@click.command("hook", hidden=True)
@click.argument("event")
@click.argument("arguments", nargs=-1)
def command(event: str, arguments: tuple[str, ...]) -> int:
    """Registers what a commit made. It never fails the commit: what did not work stays pending.

    The two hooks of messages say what the commit holds; commit-msg judges it first, and fails it.
    """
    if event == "prepare-commit-msg":
        _tell(Path(arguments[0]))
        return 0
    if event == "commit-msg":
        return _judge_and_name(Path(arguments[0]))
    _register(event, arguments)
    return 0


def _register(event: str, arguments: tuple[str, ...]) -> None:
    from dsv_git.errors import DsvError
    from dsv_git.flow.hook import run_hook

    try:
        for line in run_hook(terminal.workspace(), event, arguments, terminal.hook_index()):
            terminal.note(line)
    except DsvError as error:
        terminal.note(f"dsv: stays pending: {error.message} ({error.hint or 'then: dsv sync'})")
    except OSError as error:
        from dsv_git.cli.main import refusal

        terminal.note(f"dsv: stays pending: {refusal(error)} (then: dsv sync)")


def _tell(file: Path) -> None:
    """Adds what is staged to a message that is yet to be edited. What cannot be read is told by the
    checks."""
    from dsv_git.errors import DsvError
    from dsv_git.flow.message import add_summary

    with suppress(DsvError, OSError, UnicodeDecodeError):
        add_summary(Path.cwd(), terminal.hook_index(), file)


def _judge_and_name(file: Path) -> int:
    """Judges by the rules that the message can override; where it passes, adds the trailers."""
    from dsv_git.cli.check import judge_message
    from dsv_git.errors import DsvError
    from dsv_git.flow.message import add_versions

    code = judge_message(file)
    if code == 0:
        with suppress(DsvError, OSError, UnicodeDecodeError):
            add_versions(Path.cwd(), terminal.hook_index(), file)
    return code
