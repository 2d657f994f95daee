"""`dsv restore`: a version that was lost is there again."""

from __future__ import annotations

import click

from dsv_git.cli import completion, terminal


@click.command("restore")
@click.argument("version", metavar="N[@V]|ID", shell_complete=completion.versions)
@click.option("--registry", is_flag=True, help="Register it anew: the registry lost it.")
@click.option("--verbose", is_flag=True, help="Show what the registry's own package says.")
@terminal.json_option
def command(version: str, registry: bool, verbose: bool, as_json: bool) -> int:
    """Register a version anew that was deleted in the registry, from git alone.

    Its descendants are registered anew too, for their lineage names the ID that is dead. Former IDs
    stay in the records; every command takes them.

    \b
    Example:
      dsv restore youtube@1.0-youtube --registry
    """
    from dsv_git.cli.progress import progress_bar
    from dsv_git.errors import InputError
    from dsv_git.flow.register.registrar import Watcher
    from dsv_git.flow.renew import renew

    if not registry:
        raise InputError("say what is to be restored", hint=f"dsv restore {version} --registry")
    with progress_bar("registering") as progress:
        outcome = renew(terminal.workspace(), version, watcher=Watcher(verbose, progress))
    return terminal.say_summary(outcome, as_json)
