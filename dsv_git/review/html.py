"""A whole change as one HTML page that needs nothing else: no script, no network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final

from dsv_git.diff.manifest_diff import ManifestDiff
from dsv_git.manifest.names import printable
from dsv_git.review.change_sections import (
    headlines,
    sections,
    title_cell,
    versions_cell,
)
from dsv_git.review.lineage import graph_lines
from dsv_git.review.lineage_of_change import lineage_nodes
from dsv_git.review.lines import plain
from dsv_git.review.section import Bar, Cell, Name, Piece, Section, used

LIMIT: Final = 100
"""How many rows of a table and how many paths of a kind there are."""

STYLE: Final = """\
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0; }
th, td { padding: .15rem .6rem; text-align: left; border-bottom: 1px solid #8885; }
.right { text-align: right; }
.bar { display: inline-block; height: .8em; background: #4c78a8; }
code, pre { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.note { opacity: .7; font-size: smaller; }
"""
_HEAD: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
"""


def page(
    before: str,
    after: str,
    diffs: Sequence[ManifestDiff],
    renamed: Mapping[str, str],
) -> str:
    """The page of a comparison of two sides."""
    head = _HEAD.format(title="What changed in the data", style=STYLE)
    sides = f"{_piece(Name(before))} → {_piece(Name(after))}"
    return "".join(
        [head, f"<h1>Data: {sides}</h1>\n", *_body(diffs, renamed), "</body>\n</html>\n"]
    )


def _body(diffs: Sequence[ManifestDiff], renamed: Mapping[str, str]) -> Iterator[str]:
    if not diffs:
        yield "<p>No data changed.</p>\n"
        return
    rows, heads, right = headlines(diffs, renamed)
    yield table(heads, rows, right)
    for diff in diffs:
        found = list(sections(diff, LIMIT))
        if found:
            name, versions = title_cell(diff, renamed), versions_cell(diff)
            yield f"<h2>{cell_html(name)} {cell_html(versions)}</h2>\n"
            if diff.said:
                yield f"<p>{escape(printable(diff.said))}</p>\n"
            yield from map(section_html, found)
    nodes = lineage_nodes(diffs)
    if nodes:
        yield f"<h2>Lineage</h2>\n<pre>{escape(plain(graph_lines(nodes)))}</pre>\n"


def cell_html(cell: Cell) -> str:
    """The pieces of a cell."""
    return "".join(map(_piece, cell))


def _piece(piece: Piece) -> str:
    if isinstance(piece, str):
        return escape(piece)
    if isinstance(piece, Bar):
        width = min(100.0, max(0.0, piece.percent)) / 10
        return f'<span class="bar" style="width:{width:.2f}em"></span>'
    return f"<code>{escape(piece.shown)}</code>"


def table(heads: Sequence[str], rows: Sequence[Sequence[Cell]], right: frozenset[int]) -> str:
    """A table; `right` are the columns of numbers."""
    top = "".join(_tag("th", place, right, escape(head)) for place, head in enumerate(heads))
    body = "".join(
        f"<tr>{''.join(_tag('td', n, right, cell_html(cell)) for n, cell in enumerate(row))}</tr>\n"
        for row in rows
    )
    return f"<table>\n<tr>{top}</tr>\n{body}</table>\n"


def _tag(tag: str, place: int, right: frozenset[int], text: str) -> str:
    style = ' class="right"' if place in right else ""
    return f"<{tag}{style}>{text}</{tag}>"


def section_html(section: Section) -> str:
    """A section, folded where it is to be."""
    if section.heads:
        places = used(section.rows, section.heads)
        heads = [section.heads[place] for place in places]
        right = frozenset(n for n, place in enumerate(places) if place in section.right)
        body = table(heads, [[row[place] for place in places] for row in section.rows], right)
    else:
        items = "".join(f"<li>{cell_html(row[0])}</li>\n" for row in section.rows)
        body = f"<ul>\n{items}</ul>\n"
    if section.more:
        body += f"<p>… and {section.more:,} more</p>\n"
    if section.note:
        body += f'<p class="note">{escape(section.note)}</p>\n'
    title = escape(section.title)
    if section.is_folded:
        return f"<details><summary>{title}</summary>\n{body}</details>\n"
    return f"<h3>{title}</h3>\n{body}"
