"""`dsv blame`: one file's biography."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from dsv_git.cli import completion, terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsv_git.flow.blame import Biography
    from dsv_git.flow.blaming.life import Event
    from dsv_git.flow.blaming.places import Place
    from dsv_git.review.lines import Line, Span


@click.command("blame")
@click.argument("name", metavar="N", shell_complete=completion.manifests)
@click.argument("what", metavar="PATH|HASH")
@terminal.json_option
def command(name: str, what: str, as_json: bool) -> None:
    """Tell one file's biography: what changed it, and which versions hold it.

    When it came, was modified, relabelled, reannotated, renamed, left; with commits and versions.

    PATH is relative to the data root of the manifest N, and may be one that the file had. HASH (as
    in xxh3:0f1e…) follows a content, under whatever path. What came from another manifest, renamed
    or merged, is followed there.

    \b
    Example:
      dsv blame youtube train/cat/img_0001.jpg
      dsv blame all youtube/train/cat/img_0001.jpg --json
    """
    from dsv_git.flow.blame import blame

    found = blame(terminal.workspace(), name, what)
    if as_json:
        terminal.say_json({"schema": 1, **_document(found)})
        return
    from dsv_git.review.lines import plain, rich_text

    lines = list(_lines(found))
    if sys.stdout.isatty():
        terminal.show(rich_text(lines))
    else:
        terminal.say(plain(lines), nl=False)


def _document(found: Biography) -> dict[str, object]:
    import msgspec

    document: dict[str, object] = msgspec.to_builtins(found)
    return document


def _lines(found: Biography) -> Iterator[Line]:
    from dsv_git.manifest.names import printable
    from dsv_git.review.biography import described

    yield ((printable(found.manifest), "bold"), (f"  {printable(found.asked)}", "bold"))
    for row in found.now:
        yield ((f"  now {printable(row.path)}  {described(row)}", ""),)
    if not found.now:
        yield (("  not in it now", "dim"),)
    yield ()
    if found.cut:
        yield (("this clone is shallow: what was before is not here (git fetch --deepen)", "red"),)
    for event in found.events:
        yield from _event(event)
    yield ()
    yield (("in versions" if found.versions else "in no version", "bold"),)
    yield from _versions(found)


def _event(event: Event) -> Iterator[Line]:
    from dsv_git.cli.log import identity
    from dsv_git.manifest.names import printable
    from dsv_git.review.biography import happened

    source, target = _place(event.source, event.manifest), _place(event.target, event.manifest)
    yield happened(event.kind, event.path, event.before, event.after, source, target)
    name = event.manifest if event.version is None else f"{event.manifest}@{event.version}"
    made: list[Span] = [("  ", ""), (printable(name), "bold")]
    if event.version is not None:
        made += [("  ", ""), identity("no ID", event.id)]
    yield tuple(made)
    c = event.commit
    who = f"  {c.id[:10]}  {c.date:%Y-%m-%d %H:%M %z}  {printable(c.author)}"
    yield (who, "dim"), (f"  {printable(c.subject)}", "")


def _place(place: Place | None, manifest: str) -> str:
    """A place, with its manifest if that is another one."""
    from dsv_git.manifest.names import printable

    if place is None:
        return ""
    path = printable(place.path)
    return path if place.manifest == manifest else f"{printable(place.manifest)}: {path}"


def _versions(found: Biography) -> Iterator[Line]:
    from dsv_git.cli.log import identity
    from dsv_git.manifest.names import printable
    from dsv_git.review.lines import columns
    from dsv_git.review.numbers import label_text

    yield from columns(
        (
            (printable(one.name), ""),
            identity(one.state, one.id),
            (printable(one.entry.path), ""),
            (", ".join(label_text(x) for x in (one.entry.label, one.entry.split) if x), "dim"),
        )
        for one in found.versions
    )
