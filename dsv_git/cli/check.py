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
    from dsv_git.checks.rules import Part
    from dsv_git.flow.check import CheckOutcome


@click.command("check")
@click.argument("revision", required=False, metavar="[REV | A..B]")
@click.option("--staged", is_flag=True, help="What the next commit would hold, and nothing else.")
@click.option(
    "--before-message",
    is_flag=True,
    help="With --staged: without the rules that the commit's message can override.",
)
@click.option(
    "--message",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="With --staged: those rules alone, and the Data-Override lines of FILE.",
)
@click.option("--fix", is_flag=True, help="First rewrite the working tree in canonical form.")
@click.option(
    "--fix-only", is_flag=True, help="Rewrite, judge nothing, and end with 1 if a file changed."
)
@terminal.json_option
def command(
    revision: str | None,
    *,
    staged: bool,
    before_message: bool,
    message: Path | None,
    fix: bool,
    fix_only: bool,
    as_json: bool,
) -> int:
    """Check manifests: the working tree, what is staged, a commit, or a range.

    Ends with 1 where a rule is broken; a rule is made a warning, or turned off, under `checks:` in
    .dsv.yaml. A...B judges B as a change since it left A. A line `Data-Override: RULE, RULE` in a
    commit's message says that what these rules find is meant.

    \b
    Example:
      dsv check
      dsv check --fix
      dsv check --staged
      dsv check origin/main...HEAD      # in CI
    """
    from dsv_git.errors import ExitCode
    from dsv_git.flow import check

    if staged + fix + fix_only + (revision is not None) > 1:
        raise click.UsageError("give one of --staged, --fix, --fix-only and a revision")
    if before_message and message is not None:
        raise click.UsageError("give one of --before-message and --message")
    if (before_message or message is not None) and not staged:
        raise click.UsageError("--before-message and --message go with --staged")
    if staged:
        part: Part = "before-message" if before_message else "message" if message else "all"
        outcome = check.check_staged(
            Path.cwd(), terminal.hook_index(), _merged_heads(), message, part
        )
    elif fix_only:
        outcome = check.fix_folder(terminal.workspace())
    elif revision is not None:
        outcome = check.check_commits(terminal.workspace(), revision)
    else:
        outcome = check.check_folder(terminal.workspace(), fix=fix)
    if as_json:
        terminal.say_json({"schema": 1, **vars(outcome)})
    else:
        _say(outcome, quiet=staged or fix_only)
    if fix_only and outcome.rewritten:
        return int(ExitCode.PROBLEMS)
    return int(outcome.exit_code)


def judge_message(file: Path) -> int:
    """What the commit-msg hook asks: `--staged --message FILE`."""
    from dsv_git.flow import check

    index, merged = terminal.hook_index(), _merged_heads()
    outcome = check.check_staged(Path.cwd(), index, merged, file, "message")
    _say(outcome, quiet=True)
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
