"""The list of changes as data for the page's own script."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from dsv_git.diff.change import Change, Kind
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.names import printable
from dsv_git.review.numbers import label_text, number
from dsv_git.review.report.model import Part

MOST_ROWS: Final = 20_000
MOST_TEXT: Final = 4_000_000
"""Characters of all rows together; very long paths must not make a page that no browser opens."""

KINDS: Final = tuple(Kind)


@dataclass(frozen=True)
class Rows:
    """Rows `[manifest, kind, path, former path, detail]`, the first two as places in their lists;
    `more` were left out."""

    manifests: tuple[str, ...]
    rows: tuple[tuple[int, int, str, str, str], ...]
    more: int


def change_rows(parts: tuple[Part, ...]) -> Rows:
    """The changes of all manifests, as many as fit the limits."""
    rows: list[tuple[int, int, str, str, str]] = []
    room, total = MOST_TEXT, 0
    for place, part in enumerate(parts):
        total += len(part.diff.diff.changes)
        for change in part.diff.diff.changes:
            if len(rows) == MOST_ROWS or room <= 0:
                break
            row = (place, KINDS.index(change.kind), printable(change.path), *_texts(change))
            room -= sum(map(len, row[2:])) + 20
            rows.append(row)
    names = tuple(printable(part.diff.manifest) for part in parts)
    return Rows(names, tuple(rows), total - len(rows))


def _texts(change: Change) -> tuple[str, str]:
    """Where the content was before, and what else there is to say."""
    former = ""
    if change.kind in (Kind.RENAMED, Kind.COPIED):
        origin = change.source or change.before
        former = printable(origin.path) if origin else ""
    return former, described(change)


def described(change: Change) -> str:
    """Label, split, annotations and size, as far as they say something of the change."""
    before = change.origin or change.before or change.source
    after = change.after
    parts: list[str] = []
    if before is None or after is None:
        only = after or before
        parts += [_label_and_split(only)] if only else []
        if change.successor is not None:
            parts.append(f"still there: {printable(change.successor.path)}")
        return "; ".join(filter(None, parts))
    for old, new in ((before.label, after.label), (before.split, after.split)):
        if old != new:
            parts.append(f"{label_text(old)} → {label_text(new)}")
    if not parts:
        parts.append(_label_and_split(after))
    if before.ann != after.ann:
        parts.append("other annotations")
    if before.props != after.props:
        parts.append("other props")
    if change.kind is Kind.MODIFIED:
        parts.append(f"{number(before.size)} → {number(after.size)} bytes")
    return "; ".join(filter(None, parts))


def caption(change: Change) -> str:
    """What is said below a picture: what changed of its label, else the label."""
    if change.before is None or change.after is None:
        entry = change.after or change.before
        text = _label_and_split(entry) if entry else ""
        return f"{text} (a copy stays)" if change.successor else text
    return described(change)


def _label_and_split(entry: Entry) -> str:
    shown = [label_text(entry.label)] if entry.label else []
    return ", ".join([*shown, *([printable(entry.split)] if entry.split else [])])


def script_json(value: object) -> str:
    """JSON that is safe between `<script>` and `</script>`: ASCII, and without `<`, `>` and `&`."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
