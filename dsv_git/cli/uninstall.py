"""`dsv uninstall`: takes back what `dsv init` put into this clone."""

from __future__ import annotations

from pathlib import Path

import click

from dsv_git.cli import terminal


@click.command("uninstall")
def command() -> None:
    """Take back exactly what init put into this clone; manifests and .dsv.yaml stay.

    \b
    Example:
      dsv uninstall
    """
    from dsv_git.cli.hook_report import hook_lines
    from dsv_git.flow.init import remove

    for line in hook_lines(remove(Path.cwd())):
        terminal.say(line)
    terminal.say("this clone is as it was; .dsv.yaml and the manifests are the repository's own")
