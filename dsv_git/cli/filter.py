"""`dsv filter`: a version with the entries that a condition or a list chooses."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import click

from dsv_git.cli import completion, terminal

if TYPE_CHECKING:
    from dsv_git.flow.filter import Filtered

SHOWN: Final = 20
"""Labels in a text answer; JSON has all."""


@click.command("filter")
@click.argument("name", metavar="N", shell_complete=completion.manifests)
@click.option(
    "--where",
    multiple=True,
    metavar="EXPR",
    help="Keep the files of which this is true; given several times, all must be.",
)
@click.option(
    "--keep",
    metavar="LIST",
    shell_complete=completion.files,
    help="Keep the files that LIST names: a path a line, or .csv or .jsonl with a path; - reads "
    "standard input.",
)
@click.option("--version", metavar="V", help="The new version's name (default: the next number).")
@click.option("--description", metavar="TEXT", help="Default for a new version: what it keeps.")
@click.option("--dry-run", is_flag=True, help="Say what would stay and go, and write nothing.")
@terminal.json_option
def command(
    *,
    name: str,
    where: tuple[str, ...],
    keep: str | None,
    version: str | None,
    description: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make a version of N with the files that a condition or a list chooses.

    EXPR compares label, split, size, path, hash, ann and props.KEY with values: == != < <= > >=,
    in [...], like (a pattern); and, or, not and brackets join. A label holds where one of an
    image's objects has it. A field alone is true where it is there. Sizes have units: size > 1 MB.

    Nothing on disk is touched: dropped.jsonl lists what the version leaves out, and dsv update
    honours it. Files that labels come from stay. A registered version gets a successor; one that is
    not registered yet is changed in place.

    \b
    Example:
      dsv filter youtube --where 'label in ["cat", "dog"] and not split == "test"'
      dsv filter youtube --where 'path like "train/**/*.jpg" and size > 10 kB' --dry-run
      dsv filter youtube --keep chosen.txt --version 2.0-chosen
    """
    from dsv_git.flow.filter import ChosenList, FilterRequest, filter_entries, read_list_file

    workspace = terminal.workspace()
    chosen = None
    if keep == "-":
        chosen = ChosenList(sys.stdin.buffer.read(), None)
    elif keep is not None:
        chosen = read_list_file(workspace, keep)
    request = FilterRequest(name, where, chosen, version, description, dry_run)
    done = filter_entries(workspace, request)
    if as_json:
        terminal.say_json(done)
        return
    for line in _lines(done):
        terminal.say(line)
    if done.written:
        terminal.say("the files themselves are untouched; dropped.jsonl lists what is left out")
        terminal.say(f"next: git add {workspace.config.manifests}, then git commit")


def _lines(done: Filtered) -> Iterator[str]:
    from dsv_git.review.numbers import byte_size, number

    for note in done.notes:
        yield f"note: {note}"
    if not done.dropped:
        yield f"{done.manifest}@{done.version}: every file is chosen; nothing changed"
        return
    kind = (
        f"new, after {done.former}"
        if done.is_new
        else "not registered yet: changed in place, its parents kept"
    )
    would = "" if done.written else "dry run, nothing is written: "
    yield (
        f"{would}{done.manifest}@{done.version} ({kind}): {number(len(done.dropped))} files left "
        f"out ({byte_size(done.bytes)}), files that stay: {number(done.files)}"
    )
    yield from _labels(done)
    if done.annotation_files:
        yield f"  files that labels come from stay too: {number(done.annotation_files)}"


def _labels(done: Filtered) -> Iterator[str]:
    from dsv_git.manifest.names import printable
    from dsv_git.review.numbers import NONE, number

    for one in done.labels[:SHOWN]:
        label = printable(one.label) if one.label is not None else NONE
        yield f"  {label}: {number(one.stay)} stay, {number(one.go)} go"
    if len(done.labels) > SHOWN:
        yield f"  and {number(len(done.labels) - SHOWN)} more labels (--json lists all)"
