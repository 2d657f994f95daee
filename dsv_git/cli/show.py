"""`dsv show`: one version, whole."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from dsv_git.cli import completion, terminal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dsv_git.flow.history.catalogue import Ancestor
    from dsv_git.flow.show import Shown
    from dsv_git.flow.used_by import UsedBy
    from dsv_git.manifest.declaration import Declaration
    from dsv_git.review.lines import Line

    Row = tuple[str, str] | tuple[str, str, str]


@click.command("show")
@click.argument("version", metavar="N[@V]|ID", shell_complete=completion.versions)
@click.option("--used-by", is_flag=True, help="Ask the registry which tasks used the version.")
@terminal.json_option
def command(version: str, used_by: bool, as_json: bool) -> None:
    """Show one version, whole: what it declares, ID, lineage, numbers.

    Without @V it is the version of the manifest N that HEAD holds. An ID may be a former one.

    A task used a version if it said so: `dsv_git.load(N).use()` in Python, or clearml's own
    `Dataset.get`.

    \b
    Example:
      dsv show youtube
      dsv show youtube@1.0-youtube
      dsv show local:0f1e2d3c4b5a69788796a5b4c3d2e1f0
      dsv show youtube@1.0-youtube --used-by
    """
    from dsv_git.flow.show import show

    workspace = terminal.workspace()
    shown = show(workspace, version)
    uses = None
    if used_by:
        from dsv_git.flow import used_by as flow

        uses = flow.used_by(workspace, shown)
    if as_json:
        _say_json(shown, uses)
    else:
        _say_text(shown, uses)


def _say_json(shown: Shown, uses: UsedBy | None) -> None:
    import msgspec

    from dsv_git.review.document import stats_document

    plain = {
        name: msgspec.to_builtins(getattr(shown, name))
        for name in shown.__dataclass_fields__
        if name not in {"stats", "declaration", "roots"}
    }
    plain["declaration"] = None
    if shown.declaration is not None:
        plain["declaration"] = msgspec.to_builtins(shown.declaration)
        plain["declaration"]["parents"] = [str(p) for p in shown.declaration.parents]
    plain["roots"] = [
        {**vars(root), "folder": str(root.folder) if root.folder else None} for root in shown.roots
    ]
    plain["stats"] = stats_document(shown.stats) if shown.stats is not None else None
    if uses is not None:
        plain["used_by"] = msgspec.to_builtins(uses)
    terminal.say_json({"schema": 1, **plain})


def _say_text(shown: Shown, uses: UsedBy | None) -> None:
    from dsv_git.cli.log import identity
    from dsv_git.manifest.names import printable
    from dsv_git.review.lines import columns, plain, rich_text
    from dsv_git.review.stats_text import stats_lines

    title = ((printable(shown.name), "bold"), ("  ", ""), identity(shown.state, shown.id))
    rows = [
        ((printable(row[0]), "bold"), (printable(row[1]), row[2] if len(row) > 2 else ""))
        for row in _rows(shown)
        if row[1]
    ]
    lines: list[Line] = [title, *columns(rows)]
    if shown.stats is not None:
        lines += [(), *stats_lines(shown.stats)]
    if uses is not None:
        from dsv_git.review.used_by import used_by_lines

        lines += [(), *used_by_lines(uses.registry, uses.tasks)]
    if sys.stdout.isatty():
        terminal.show(rich_text(lines))
    else:
        terminal.say(plain(lines), nl=False)


def _rows(shown: Shown) -> Iterator[Row]:
    yield "why", shown.reason or "", "red"
    draft = f"{shown.draft} in the working tree (not committed)" if shown.draft else ""
    yield "draft", draft, "yellow"
    yield "registry", shown.registry or ""
    yield from _several("former ID", shown.former_ids)
    yield "key", shown.key or ""
    yield "digest", shown.digest
    yield from _several("parent", _named(shown.parents))
    yield from _several("child", _named(shown.children))
    if shown.commit is not None:
        c = shown.commit
        yield "commit", f"{c.id[:10]}  {c.subject}"
        yield "author", f"{c.author} <{c.email}>, {c.date:%Y-%m-%d %H:%M %z}"
    if shown.declaration is not None:
        yield from _declared(shown.declaration)
    for root in shown.roots:
        name = f"root {root.mount}".strip()
        here = f", here {root.override}" if root.override else ""
        yield name, f"{root.declared}{here}"
    yield "changed", _changes(shown)
    yield "missing", shown.missing or "", "yellow"
    yield "restorable", *_restorable(shown)


def _restorable(shown: Shown) -> tuple[str, str]:
    """How much of the version is somewhere, and in what colour."""
    if shown.restorable is None:
        return "", ""
    found, of = shown.restorable.files, shown.restorable.of
    text = (
        f"{found:,} of {of:,}" if found is not None else f"unknown of {of:,}: no data was scanned"
    )
    if shown.restorable.elsewhere and found != of:
        text += f"; not looked at: {shown.restorable.elsewhere}"
    return text, "yellow" if found is not None and found < of else ""


def _declared(declared: Declaration) -> Iterator[Row]:
    data, labels = declared.data, declared.labels
    yield "project", declared.project
    yield "dataset", declared.dataset
    yield "description", declared.description
    yield "made by", declared.made_by
    yield "tags", ", ".join(declared.tags)
    yield from ((key, value) for key, value in sorted(declared.properties.items()))
    yield "url", data.url or ""
    yield "include", " ".join(data.include)
    yield "exclude", " ".join(data.exclude)
    yield "hash", data.algorithm
    if labels is not None:
        coco = ", ".join(f"{split}: {file}" for split, file in (labels.coco or {}).items())
        yield "labels from", labels.path or labels.table or labels.yolo or labels.metadata or coco


def _several(name: str, texts: Iterable[str]) -> Iterator[Row]:
    """A row for each text; the name stands before the first."""
    for number, text in enumerate(texts):
        yield name if not number else "", text


def _named(versions: Iterable[Ancestor]) -> Iterator[str]:
    for one in versions:
        known = one.id is not None and one.id != one.name
        yield f"{one.name}  {one.id}" if known else one.name


def _changes(shown: Shown) -> str:
    if shown.numbers is None:
        return ""
    n = shown.numbers
    signs = (
        ("added", n.added),
        ("removed", n.removed),
        ("modified", n.modified),
        ("renamed", n.renamed),
    )
    return ", ".join(f"{count:,} {word}" for word, count in signs if count)
