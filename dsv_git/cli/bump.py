"""`dsv bump`: the next version's name and parents, without a scan."""

from __future__ import annotations

import click

from dsv_git.cli import completion, terminal


@click.command("bump")
@click.argument("name", metavar="N", shell_complete=completion.manifests)
@click.argument("version", metavar="[V]", required=False)
@click.option("--description", metavar="TEXT", help="What the version is.")
@terminal.json_option
def command(name: str, version: str | None, description: str | None, as_json: bool) -> None:
    """Name the next version of N, without a scan of its data.

    A registered version becomes the only parent of the next one: its last number plus one
    (1.0-kaggle, then 1.1-kaggle), or V. A version that is not registered yet just gets the other
    name, and keeps its parents. The next one starts without the description of the former.

    \b
    Example:
      dsv bump youtube
      dsv bump youtube 2.0
    """
    from dsv_git.flow.bump import bump

    done = bump(terminal.workspace(), name, version, description)
    if as_json:
        terminal.say_json(done)
    elif not done.changed:
        terminal.say(f"{name} is at {done.version} already; nothing changed")
    elif done.is_new:
        terminal.say(f"{name}@{done.version} follows {', '.join(done.parents)}")
    elif done.former == done.version:
        terminal.say(f"{name}@{done.version} has another description")
    else:
        terminal.say(f"the draft {name}@{done.former} is now {name}@{done.version}")
