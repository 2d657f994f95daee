"""`dsv log`: versions and their lineage."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from dsv_git.cli import completion, terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsv_git.flow.log import Log, Logged
    from dsv_git.review.lineage import Node
    from dsv_git.review.lines import Line, Span


@click.command("log")
@click.argument("name", required=False, metavar="[N]", shell_complete=completion.manifests)
@click.option("--graph", is_flag=True, help="Draw the lineage, ancestors in other manifests too.")
@click.option("--mermaid", is_flag=True, help="The lineage as a mermaid flow chart.")
@click.option("--limit", type=click.IntRange(min=1), metavar="COUNT", help="The newest COUNT only.")
@terminal.json_option
def command(name: str | None, graph: bool, mermaid: bool, limit: int | None, as_json: bool) -> None:
    """List versions, the newest first: IDs, numbers, parents, who made them.

    Of the manifest N, or of all.

    \b
    Example:
      dsv log youtube
      dsv log --graph
      dsv log --mermaid > lineage.mmd
    """
    from dsv_git.flow.log import log

    if mermaid + as_json + (graph and not mermaid) > 1:
        raise click.UsageError("--json, --graph and --mermaid exclude each other.")
    found = log(terminal.workspace(), name, limit=limit, lineage=graph or mermaid)
    for problem in found.broken:
        terminal.note(f"{problem.manifest} cannot be read: {problem.reason}")
    if as_json:
        _say_json(found)
    elif mermaid:
        from dsv_git.review.lineage import mermaid as chart

        terminal.say(chart(list(_nodes(found, brief=True))), nl=False)
    else:
        _say_text(found, graph)


def _say_json(found: Log) -> None:
    import msgspec

    rows = []
    for one in found.versions:
        row = {**msgspec.to_builtins(one.version), "commit": msgspec.to_builtins(one.commit)}
        del row["made_by"]  # the commit says it
        rows.append(row)
    terminal.say_json({"schema": 1, "versions": rows, "more": found.more})


def _say_text(found: Log, graph: bool) -> None:
    from dsv_git.review.lineage import graph_lines
    from dsv_git.review.lines import plain, rich_text

    lines: list[Line] = []
    if graph:
        lines = graph_lines(list(_nodes(found)))
    else:
        for one in found.versions:
            first, *more = _block(one)
            lines += [first, *(((("  ", ""), *line)) for line in more)]
    while lines and not "".join(text for text, _ in lines[-1]).strip():
        lines.pop()
    if found.more:
        lines += [(), ((f"… {found.more:,} more", "dim"),)]
    if not lines:
        lines = [(("no version yet", "dim"),)]
    if sys.stdout.isatty():
        terminal.show(rich_text(lines))
    else:
        terminal.say(plain(lines), nl=False)


def _nodes(found: Log, brief: bool = False) -> Iterator[Node]:
    from dsv_git.review.lineage import Node

    for one in found.versions:
        block = tuple(_block(one))
        version = one.version
        if brief:
            block = (((version.name, ""),), ((version.id or version.state, ""),))
        yield Node(version.name, tuple(parent.name for parent in version.parents), block)


def _block(one: Logged) -> Iterator[Line]:
    """What is shown of a version: its name and ID, its numbers, its commit, an empty line."""
    from dsv_git.manifest.names import printable

    version = one.version
    yield (printable(version.name), "bold"), ("  ", ""), identity(version.state, version.id)
    yield tuple(_numbers(one))
    if version.reason is not None:
        yield ((printable(version.reason), "red"),)
    if one.commit is not None:
        c = one.commit
        who = f"{c.id[:10]}  {c.date:%Y-%m-%d %H:%M %z}  {printable(c.author)}"
        yield (who, "dim"), (f"  {printable(c.subject)}", "")
    yield ()


def identity(state: str, version_id: str | None) -> Span:
    """An ID, or what a version is that has none."""
    from dsv_git.manifest.names import printable

    style = {"registered": "yellow", "conflicting": "bold red"}.get(state, "magenta")
    return (printable(version_id) if version_id is not None else state), style


def _numbers(one: Logged) -> Iterator[Span]:
    from dsv_git.cli.scan_report import counted
    from dsv_git.manifest.names import printable
    from dsv_git.review.numbers import byte_size

    stats = one.version.stats
    if stats is not None:
        yield f"{counted(stats.files, 'file')}, {byte_size(stats.bytes)}", ""
        yield from change(stats.added, stats.removed, stats.modified)
        yield (f"  {counted(len(stats.labels), 'label')}" if stats.labels else ""), ""
    if one.version.parents:
        names = ", ".join(printable(parent.name) for parent in one.version.parents)
        yield f"{'  ' if stats is not None else ''}from {names}", ""


def change(added: int, removed: int, modified: int) -> Iterator[Span]:
    """What a version changed against its parents; nothing of what is zero."""
    signs = (("+", added, "green"), ("-", removed, "red"), ("~", modified, "yellow"))
    yield from ((f"  {sign}{count:,}", style) for sign, count, style in signs if count)
