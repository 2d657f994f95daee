"""`dsv check`: what is wrong with the manifests, before others see it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsv_git.cli import terminal

if TYPE_CHECKING:
    from dsv_git.checks.finding import Finding
    from dsv_git.flow.check import CheckOutcome


@click.command("check")
@click.argument("revision", required=False, metavar="[REV | A..B]")
@click.option("--staged", is_flag=True, help="What the next commit would hold, and nothing else.")
@click.option("--fix", is_flag=True, help="First rewrite the working tree in canonical form.")
@terminal.json_option
def command(revision: str | None, staged: bool, fix: bool, as_json: bool) -> int:
    """Check manifests: the working tree, what is staged, a commit, or a range.

    Ends with 1 where a rule is broken; a rule is made a warning, or turned off, under `checks:` in
    .dsv.yaml. A...B judges B as a change since it left A.

    \b
    Example:
      dsv check
      dsv check --fix
      dsv check --staged                # in a pre-commit hook
      dsv check origin/main...HEAD      # in CI
    """
    from dsv_git.flow import check

    if staged + fix + (revision is not None) > 1:
        raise click.UsageError("give one of --staged, --fix and a revision")
    if staged:
        outcome = check.check_staged(Path.cwd(), terminal.hook_index(), _merged_heads())
    elif revision is not None:
        outcome = check.check_commits(terminal.workspace(), revision)
    else:
        outcome = check.check_folder(terminal.workspace(), fix=fix)
    if as_json:
        terminal.say_json(outcome)
    else:
        _say(outcome, quiet=staged)
    return int(outcome.exit_code)


def _merged_heads() -> tuple[str, ...]:
    """The commits that `git merge` is merging while its pre-merge-commit hook runs: then it has not
    written MERGE_HEAD yet, but names them to its children (GITHEAD_<id>=<branch>)."""
    found = (re.fullmatch(r"GITHEAD_([0-9a-f]{40,64})", name) for name in os.environ)
    return tuple(match.group(1) for match in found if match)


def _say(outcome: CheckOutcome, *, quiet: bool) -> None:
    """The files that were rewritten, the findings, and how many; a hook is told of problems."""
    from dsv_git.manifest.names import printable

    for path in outcome.rewritten:
        terminal.say(f"rewritten: {printable(path)}")
    for finding in outcome.findings:
        for line in _lines(finding):
            terminal.say(printable(line))
    if outcome.findings:
        errors, warnings = _count(outcome.errors, "error"), _count(outcome.warnings, "warning")
        terminal.say(f"{errors}, {warnings} in {_count(outcome.manifests, 'manifest')}")
    elif not quiet:
        terminal.say(f"no problems in {_count(outcome.manifests, 'manifest')}")


def _lines(finding: Finding) -> list[str]:
    """`file:line: severity: message [rule]`, as editors find it, and what to do below it."""
    place = finding.file or finding.manifest
    if finding.line is not None:
        place += f":{finding.line}"
    said = f"{finding.severity}: {finding.message} [{finding.rule}]"
    lines = [f"{place}: {said}" if place else said]
    if finding.concerned:
        more = f" and {finding.more} more" if finding.more else ""
        lines.append(f"    {', '.join(finding.concerned)}{more}")
    return [*lines, f"  {finding.hint}"]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
