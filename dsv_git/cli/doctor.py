"""`dsv doctor`: what is wrong with this clone, and what to type against it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsv_git.cli import terminal

if TYPE_CHECKING:
    from dsv_git.flow.health.finding import Check, Finding


@click.command("doctor")
@click.option("--remote", is_flag=True, help="Ask the registry too whether it agrees with git.")
@terminal.json_option
def command(remote: bool, as_json: bool) -> int:
    """Prove that hooks fire and git is sound; with --remote, that the registry agrees.

    Each problem comes with what to type against it. Ends with 1 where there is one, and with 4
    where --remote does not reach the server.

    \b
    Example:
      dsv doctor
      dsv doctor --remote --json
    """
    from dsv_git.flow.doctor import doctor

    found = doctor(Path.cwd(), os.environ, remote=remote)
    if as_json:
        terminal.say_json({"schema": 1, **vars(found)})
    else:
        for check in found.checks:
            for line in _lines(check):
                terminal.say(line)
    return int(found.exit_code)


def _lines(check: Check) -> Iterator[str]:
    from dsv_git.manifest.names import printable

    if not check.findings:
        yield f"ok       {check.name}: {printable(check.said)}"
    for finding in check.findings:
        yield f"{finding.level:<8} {check.name}: {printable(_named(finding))}"
        for line in finding.repair.splitlines():
            yield f"           {printable(line)}"


def _named(finding: Finding) -> str:
    place = f"{finding.version}: " if finding.version else ""
    number = f" ({finding.id})" if finding.id else ""
    return f"{place}{finding.message}{number}"
