"""`dsv restore`: a version that was lost is there again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsv_git.cli import completion, terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsv_git.flow.restore import Restored


@click.command("restore")
@click.argument("version", metavar="N[@V]|ID", shell_complete=completion.versions)
@click.option(
    "--to", metavar="DIR", shell_complete=completion.folders, help="Rebuild its files in a folder."
)
@click.option(
    "--from",
    "given",
    multiple=True,
    metavar="PLACE",
    shell_complete=completion.folders,
    help="Look for contents in this folder or URL, too.",
)
@click.option(
    "--link",
    type=click.Choice(["auto", "reflink", "hard", "copy"]),
    default="auto",
    show_default=True,
    help="How files come: auto shares their blocks (reflink) where the file system can, else "
    "copies; hard links are the very files of the source, and change with them.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Into a folder with other files, which stay; files of other content are replaced.",
)
@click.option("--registry", is_flag=True, help="Register it anew: the registry lost it.")
@click.option("--verbose", is_flag=True, help="Show what the registry's own package says.")
@terminal.json_option
def command(
    *,
    version: str,
    to: str | None,
    given: tuple[str, ...],
    link: str,
    force: bool,
    registry: bool,
    verbose: bool,
    as_json: bool,
) -> int:
    """Rebuild a version's files in a folder, or register it anew, from git alone.

    With --to every file is looked for by its hash: in the data roots that this clone knows, former
    ones too, in the place that keeps copies (keep in .dsv.yaml), and in --from; also where it was
    renamed or moved. Contents are proven before they get their names. What is nowhere is listed,
    and the exit code is 1. Cut short and run again it goes on.

    With --registry a version that was deleted in the registry is registered anew, and so are its
    descendants, for their lineage names the ID that is dead. Former IDs stay in the records; every
    command takes them.

    \b
    Example:
      dsv restore youtube@1.0-youtube --to /tmp/youtube-1.0
      dsv restore youtube@1.0-youtube --to old --from /mnt/backup --from s3://lake/youtube
      dsv restore youtube@1.0-youtube --registry
    """
    from dsv_git.errors import InputError

    if registry and (to or given or force or link != "auto"):
        raise InputError("--registry goes with none of --to, --from, --link and --force")
    if registry:
        return _renew(version, verbose, as_json)
    if not to:
        hint = f"dsv restore {version} --to DIR, or dsv restore {version} --registry"
        raise InputError("say what is to be restored", hint=hint)
    from dsv_git.cli.progress import progress_bar
    from dsv_git.flow.restore import RestoreRequest, restore

    request = RestoreRequest(version, to, given, link, force)  # type: ignore[arg-type]
    workspace = terminal.workspace()
    with progress_bar("restoring") as progress:
        done = restore(workspace, request, progress)
    if as_json:
        terminal.say_json({"schema": 1, "whole": done.whole, **vars(done)})
    else:
        for line in _lines(done):
            terminal.say(line)
    return 0 if done.whole else 1


def _renew(version: str, verbose: bool, as_json: bool) -> int:
    from dsv_git.cli.progress import progress_bar
    from dsv_git.flow.register.registrar import Watcher
    from dsv_git.flow.renew import renew

    with progress_bar("registering") as progress:
        outcome = renew(terminal.workspace(), version, watcher=Watcher(verbose, progress))
    return terminal.say_summary(outcome, as_json)


def _lines(done: Restored) -> Iterator[str]:
    from dsv_git.cli.scan_report import counted, few
    from dsv_git.manifest.names import printable

    words = {"reflink": "shared (reflink)", "hard": "linked", "copy": "copied"}
    ways = [f"{count:,} {words[way]}" for way, count in done.ways.items()]
    ways += [f"{done.there:,} there already"] if done.there else []
    total = done.restored + done.there
    of = counted(done.files, "file") if done.whole else f"{total:,} of {done.files:,} files"
    told = f": {', '.join(ways)}" if ways else ""
    yield f"{done.version}: {of} in {printable(done.folder)}{told}"
    if done.missing:
        names = few(entry.path for entry in done.missing)
        yield f"  nowhere: {counted(len(done.missing), 'file')}: {names}"
        yield "  next: dsv restore … --from FOLDER, where there may be a copy"
    if done.taken:
        names = few(done.taken)
        yield f"  other content is there: {counted(len(done.taken), 'file')}: {names}"
        yield "  next: dsv restore … --force replaces them"
    if done.damaged:
        yield f"  damaged, not taken: {few(done.damaged)}"
    for place in done.skipped:
        yield f"  not looked at: {printable(place)}"
