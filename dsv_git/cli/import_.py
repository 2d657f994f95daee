"""`dsv import`: versions that were made elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from dsv_git.cli import completion, terminal
from dsv_git.errors import ExitCode

if TYPE_CHECKING:
    from dsv_git.flow.importing.request import Import


@click.command("import")
@click.argument("source", required=False)
@click.option("--name", "-n", required=True, help="The manifest's name, below manifests/.")
@click.option("--project", metavar="P", help="The registry's project.")
@click.option("--dataset", metavar="D", help="The registry's dataset.")
@click.option(
    "--root",
    metavar="DATA",
    shell_complete=completion.folders,
    help="Where the data lies: a folder, or a URL.",
)
@click.option("--version", "-v", metavar="V", help="The version of a list (default: 1.0).")
@click.option("--description", metavar="TEXT", help="What the version of a list is.")
@terminal.json_option
def command(*, root: str | None, as_json: bool, **options: str | None) -> int:
    """Take over versions that were made elsewhere. No data is copied.

    SOURCE is clearml:ID (a dataset with its whole ancestry, each of which keeps its ID), a DVC
    repository (DIR, DIR:path/x.dvc or x.dvc: the git history of the .dvc file becomes versions), or
    a list of files (CSV, JSON Lines, or one path a line). Without SOURCE --project and --dataset
    name a dataset in ClearML, all versions of it.

    Versions become commits of their own on the current branch, the oldest first. A list becomes a
    manifest of the working tree, as after dsv add.

    \b
    Example:
      dsv import clearml:48b8d22437624e519f6a177eddcfcd36 --name youtube
    """
    from dsv_git.cli.progress import progress_bar
    from dsv_git.flow.import_ import import_versions
    from dsv_git.flow.importing.request import ImportRequest, root_of

    workspace = terminal.workspace()
    declared, folder = root_of(workspace, root)
    request = ImportRequest(**options, declared_root=declared, folder=folder)  # type: ignore[arg-type]
    with progress_bar("hashing") as progress:
        done = import_versions(workspace, request, progress)
    if as_json:
        terminal.say_json(done)
    else:
        for line in _lines(done):
            terminal.say(line)
    return int(ExitCode.PROBLEMS if done.left_out else ExitCode.OK)


def _lines(done: Import) -> Iterator[str]:
    from dsv_git.cli.scan_report import counted
    from dsv_git.manifest.names import printable
    from dsv_git.review.numbers import byte_size

    for one in done.versions:
        name = f"{done.manifest}@{one.version}"
        named = f"{name} = {one.id}" if one.id else name
        parents = f", from {', '.join(one.parents)}" if one.parents else ""
        yield f"{named} ({counted(one.files, 'file')}, {byte_size(one.bytes)}{parents})"
    for left in done.left_out:
        yield f"left out: {printable(left.mark)}: {printable(left.reason)}"
    for note in done.notes:
        yield f"note: {printable(note)}"
    if not done.committed:
        yield "next: git add -A, then git commit: the commit registers the version"
    elif all(one.id for one in done.versions):
        yield f"{counted(len(done.versions), 'commit')}; the versions keep their IDs"
    else:
        yield f"{counted(len(done.versions), 'commit')}; next: dsv sync registers the versions"
