"""`dsv demo`: the whole story on real images, every command shown as it runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsv_git.cli import completion, terminal

if TYPE_CHECKING:
    from dsv_git.demo.story import Step


@click.command("demo")
@click.argument(
    "folder",
    required=False,
    default="dsv-demo",
    metavar="[DIR]",
    shell_complete=completion.folders,
)
@click.option(
    "--registry",
    type=click.Choice(["local", "clearml"]),
    default="local",
    show_default=True,
    help="Where the versions are registered.",
)
def command(folder: str, registry: str) -> None:
    """Tell the whole story in a fresh repository DIR (default: dsv-demo), on real images.

    \b
    Example:
      dsv demo /tmp/dsv-demo
      dsv demo --registry clearml     # on your own ClearML server
    """
    from dsv_git.demo.story import NEXT, story
    from dsv_git.errors import InputError

    place = Path(folder)
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise InputError(f"{folder} is there already", hint="dsv demo ANOTHER_FOLDER")
    (place / "data").mkdir(parents=True)
    for step in story(registry):
        _tell(step, place)
    terminal.say(f"\nThe repository is in {folder}. What to type next, there:")
    for line in NEXT:
        terminal.say(f"  {line.replace('PYTHON', sys.executable)}")


def _tell(step: Step, place: Path) -> None:
    """Shows a command, runs it, shows what it says. Raises an error where it ends otherwise."""
    from dsv_git.errors import DsvError

    if step.why:
        terminal.say("\n" + click.style(f"# {step.why}", fg="cyan"))
    terminal.say(click.style(f"$ {step.text}", bold=True))
    program, *rest = step.arguments
    argv = [sys.executable, "-m", "dsv_git", *rest] if program == "dsv" else list(step.arguments)
    sys.stdout.flush()
    done = subprocess.run(argv, cwd=place, env=_environment(), check=False)
    if (done.returncode != 0) != step.refused:
        raise DsvError(f"the demo stopped: {step.text} ended with {done.returncode}")


def _environment() -> dict[str, str]:
    """Git without this machine's configuration: no signing, no hooks of somebody else's."""
    from dsv_git.gitrepo.command import clean_environment

    return clean_environment(
        {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_PAGER": "cat"}
    )
