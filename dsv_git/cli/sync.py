"""`dsv sync`: registers everything that is pending."""

from __future__ import annotations

import click

from dsv_git.cli import terminal


@click.command("sync")
@click.option("--branch", metavar="NAME", help="Work on this branch, also from a detached HEAD.")
@click.option("--push", is_flag=True, help="Send the branch and the kept versions to the remote.")
@click.option("--verbose", is_flag=True, help="Show what the registry's own package says.")
@terminal.json_option
def command(branch: str | None, push: bool, verbose: bool, as_json: bool) -> int:
    """Register everything pending that HEAD holds, and record the IDs.

    \b
    Example:
      dsv sync
      dsv sync --branch main --push     # in CI
    """
    from dsv_git.cli.progress import progress_bar
    from dsv_git.flow.register.registrar import Watcher
    from dsv_git.flow.sync import sync

    with progress_bar("registering") as progress:
        watcher = Watcher(verbose, progress)
        outcome = sync(terminal.workspace(), branch=branch, push=push, watcher=watcher)
    return terminal.say_summary(outcome, as_json)
