"""`dsv hook`: what the stubs in `.git/hooks` start; never typed by a person."""

from __future__ import annotations

import click

from dsv_git.cli import terminal


@click.command("hook", hidden=True)
@click.argument("event")
@click.argument("arguments", nargs=-1)
def command(event: str, arguments: tuple[str, ...]) -> None:
    """Registers what a commit made. It never fails the commit: what did not work stays pending."""
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
