"""`dsv dedupe`: a version without content duplicates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import click

from dsv_git.cli import completion, terminal

if TYPE_CHECKING:
    from dsv_git.flow.dedupe import Deduped, StayingCopy, Undecided

SHOWN: Final = 10
"""Rows of a sample in a text answer; JSON has all."""


@click.command("dedupe")
@click.argument("name", metavar="N", shell_complete=completion.manifests)
@click.option("--version", metavar="V", help="The new version's name (default: the next number).")
@click.option("--description", metavar="TEXT", help="Default for a new version: drop duplicates.")
@click.option(
    "--any-label",
    is_flag=True,
    help="Also drop copies whose label, split or annotations disagree.",
)
@click.option(
    "--across",
    metavar="OTHER[@V]",
    multiple=True,
    shell_complete=completion.versions,
    help="Also drop each file whose content is in OTHER; repeatable.",
)
@terminal.json_option
def command(
    *,
    name: str,
    version: str | None,
    description: str | None,
    any_label: bool,
    across: tuple[str, ...],
    as_json: bool,
) -> None:
    """Make a version of N in which every content is there once.

    Of equal files (by hash and size) the one stays that says most (label, split, annotations), the
    labelled one before others, then the first path. A copy with another label, split or
    annotations stays too and is listed, unless --any-label. Empty files and annotation files are
    left alone. Nothing on disk is touched: dropped.jsonl lists what the version leaves out and why,
    and dsv update honours it.

    With --across the copy in OTHER stays and the one in N goes, whatever their labels: this keeps a
    test set out of a training set.

    A registered version gets a successor; one that is not registered yet is changed in place.

    \b
    Example:
      dsv dedupe youtube
      dsv dedupe youtube --version 1.1-youtube --description "drop duplicates"
      dsv dedupe train --across test --across val@1.0
    """
    from dsv_git.flow.dedupe import dedupe

    workspace = terminal.workspace()
    done = dedupe(
        workspace,
        name,
        version=version,
        any_label=any_label,
        others=across,
        description=description,
    )
    if as_json:
        terminal.say_json(done)
        return
    for line in (*_outcome(done), *_undecided(done)):
        terminal.say(line)
    if done.dropped:
        terminal.say("the files themselves are untouched; dropped.jsonl lists what is left out")
        terminal.say(f"next: git add {workspace.config.manifests}, then git commit")


def _outcome(done: Deduped) -> Iterator[str]:
    from dsv_git.manifest.names import printable
    from dsv_git.review.numbers import byte_size, number

    if not done.dropped:
        yield f"{done.manifest}@{done.version}: no duplicates to drop; nothing changed"
        return
    kind = (
        f"new, after {done.former}"
        if done.is_new
        else "not registered yet: changed in place, its parents kept"
    )
    yield (
        f"{done.manifest}@{done.version} ({kind}): {number(len(done.dropped))} duplicates left out "
        f"({byte_size(done.bytes)}), files that stay: {number(done.files)}"
    )
    for other, count in Counter(copy.of for copy in done.dropped if copy.of).items():
        yield f"  of these in {printable(other)}, where the copy stays: {number(count)}"
    for copy in done.dropped[:SHOWN]:
        place = f"{printable(copy.of)}: " if copy.of else ""
        yield f"  {printable(copy.path)} = {place}{printable(copy.kept)}"
    yield from _more(len(done.dropped))


def _undecided(done: Deduped) -> Iterator[str]:
    from dsv_git.review.numbers import number

    if not done.undecided:
        return
    yield f"contents whose copies disagree, and stay: {number(len(done.undecided))}"
    for one in done.undecided[:SHOWN]:
        yield f"  {_rules(one)}: " + ", ".join(map(_copy, one.copies))
    yield from _more(len(done.undecided))
    yield (
        f"  correct what is wrong and update, or: dsv dedupe {done.manifest} --any-label "
        "(the first copy of each line stays)"
    )


def _rules(one: Undecided) -> str:
    """What disagrees, by the names that `dsv check` has for it."""
    names = {"label": "label-conflict", "split": "split-leak", "annotations": "annotations"}
    return ", ".join(names[matter] for matter in one.about)


def _copy(copy: StayingCopy) -> str:
    from dsv_git.manifest.names import printable
    from dsv_git.review.numbers import NONE, label_text

    split = printable(copy.split) if copy.split is not None else NONE
    return f"{printable(copy.path)} [label {label_text(copy.label)}, split {split}]"


def _more(count: int) -> Iterator[str]:
    if count > SHOWN:
        yield f"  and {count - SHOWN:,} more (--json lists all)"
