"""`dsv merge`: the union of manifests, with all of them as parents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import click

from dsv_git.cli import completion, terminal
from dsv_git.errors import ExitCode

if TYPE_CHECKING:
    from dsv_git.flow.merge import Merged, MergedSource

SHOWN: Final = 10
"""Rows of a sample in a text answer; JSON has all."""
DIFFERENCE: Final = {
    "content": "other content",
    "algorithm": "hashes that cannot be compared",
    "annotation": "other label, split, annotations or props",
}


@click.command("merge")
@click.argument(
    "names", metavar="A B...", nargs=-1, required=True, shell_complete=completion.manifests
)
@click.option(
    "--into",
    metavar="C",
    required=True,
    shell_complete=completion.manifests,
    help="The manifest to write, new or not.",
)
@click.option("--version", metavar="V", help="Its version (a new manifest needs one).")
@click.option("--project", metavar="P", help="Default: the first manifest's.")
@click.option("--dataset", metavar="D", help="Default: the first manifest's.")
@click.option("--description", metavar="TEXT", help="Default: merge of A@V, B@V.")
@click.option(
    "--on-conflict",
    type=click.Choice(["first", "last", "fail"]),
    default="fail",
    show_default=True,
    help="Whose entry counts where manifests of one root differ in a path.",
)
@terminal.json_option
def command(
    *,
    names: tuple[str, ...],
    into: str,
    version: str | None,
    project: str | None,
    dataset: str | None,
    description: str | None,
    on_conflict: str,
    as_json: bool,
) -> int:
    """Write the union of manifests A, B, ... as a version of C, with all of them as parents.

    Manifests of one and the same root merge path by path. Others are mounted: the first part of
    an entry's path says which root it is below, so that they never collide. Where C is there
    already, its next version is made, with its former one as a parent too.

    \b
    Example:
      dsv merge kaggle youtube --into all --version 1.0
    """
    from dsv_git.flow.merge import merge
    from dsv_git.flow.merging.target import Wanted

    workspace = terminal.workspace()
    wanted = Wanted(version, project, dataset, description)
    done = merge(workspace, names, into, wanted, on_conflict)  # type: ignore[arg-type]
    if as_json:
        terminal.say_json(done)
    elif done.refused:
        for line in _refused(done):
            terminal.note(line)
    else:
        for line in _merged(done):
            terminal.say(line)
        if done.written:
            terminal.say(f"next: git add {workspace.config.manifests}, then git commit")
    return int(ExitCode.USAGE if done.refused else ExitCode.OK)


def _merged(done: Merged) -> Iterator[str]:
    from dsv_git.review.numbers import byte_size, number

    said = "merges" if done.written else "is already the merge of"
    yield (
        f"{done.manifest}@{done.version} {said} {len(done.sources)} manifests, "
        f"files: {number(done.files)} ({byte_size(done.bytes)})"
    )
    for source in done.sources:
        yield f"  {source.version}: files: {number(source.files)}{_below(source)}"
    if done.conflicts:
        yield f"paths that differ: {number(len(done.conflicts))}; the {done.on_conflict} counts"
        yield from _conflicts(done)
    for note in done.notes:
        yield f"note: {note}"


def _below(source: MergedSource) -> str:
    mounts = [f"{mount}/" for mount in source.mounts.values() if mount]
    return f", below {', '.join(mounts)}" if mounts else ""


def _refused(done: Merged) -> Iterator[str]:
    from dsv_git.review.numbers import number

    count = number(len(done.conflicts))
    yield f"dsv: paths that differ between the manifests: {count}; nothing was written"
    yield from _conflicts(done)
    yield "  --on-conflict first, or --on-conflict last, says whose entry counts"


def _conflicts(done: Merged) -> Iterator[str]:
    from dsv_git.manifest.names import printable

    for one in done.conflicts[:SHOWN]:
        yield f"  {printable(one.path)}: {DIFFERENCE[one.kind]} ({', '.join(one.sources)})"
    if len(done.conflicts) > SHOWN:
        yield f"  and {len(done.conflicts) - SHOWN:,} more (--json lists all)"
