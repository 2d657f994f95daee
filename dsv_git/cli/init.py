"""`dsv init`: looks after a repository from now on."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from dsv_git.cli import terminal


@click.command("init")
@click.option(
    "--registry",
    type=click.Choice(["local", "clearml"]),
    help="Where versions are registered (default: clearml where it is configured, else local).",
)
def command(registry: str | None) -> None:
    """Set up this clone: the configuration, the hooks, the drivers, the refs to fetch.

    Again is safe: it changes nothing that is there, and renews what is missing.

    \b
    Example:
      dsv init
    """
    from dsv_git.cli.hook_report import hook_lines
    from dsv_git.flow.init import init
    from dsv_git.manifest.names import printable

    done = init(Path.cwd(), registry, os.environ)  # type: ignore[arg-type]
    written = "written" if done.config else "is there already"
    because = f" ({done.because})" if done.because else ""
    terminal.say(f".dsv.yaml {written}: registry {done.registry}{because}")
    if done.config and done.registry == "clearml":
        terminal.say(
            "uploaded with a version: 12 samples, pictures as thumbnails (samples: 0 for none)"
        )
    for line in hook_lines(done.hooks):
        terminal.say(line)
    if done.interpreter is None:
        terminal.note(
            "warning: this Python has dsv_git only where dsv was started, so hooks take dsv from "
            "PATH: install dsv-git, then dsv init"
        )
    if done.drivers:
        terminal.say(
            "drivers configured: git merges manifests by entry, git diff shows lists readably"
        )
    if done.attributes:
        terminal.say(f"brought up to date: {done.attributes}: commit it")
    if done.unasked:
        terminal.say(
            f"keep: {printable(done.unasked)} gets copies of the data once this clone allows it: "
            f"git config dsv.keep {shlex.quote(printable(done.unasked))}"
        )
    for remote in done.remotes:
        terminal.say(f"remote {remote}: git fetch brings the kept versions (refs/dsv/*) too")
    if done.config:
        terminal.say("next: dsv add DATA --name NAME, then git add and git commit")
