"""The leaks, label conflicts and duplicates that a change brought or took away, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsv_git.diff.manifest_diff import ManifestDiff
from dsv_git.diff.repeated import Repeated
from dsv_git.manifest.names import printable
from dsv_git.review.lines import Line, more_line, section_line
from dsv_git.review.numbers import label_text, number
from dsv_git.review.repeated_sections import PATHS, by_kind, unread_note

_SIGNS: Final = {"new": ("+", "red"), "gone": ("-", "green")}


def repeated_lines(diff: ManifestDiff, limit: int) -> Iterator[Line]:
    """A section for every kind that there is, each with at most `limit` contents."""
    found = list(by_kind(diff.repeated))
    for field, title, contents in found:
        when, _, kind = field.partition("_")
        yield from section_line(f"{title.lower()} ({number(len(contents))})")
        for one in contents[:limit]:
            yield _line(one, when, kind)
        yield from more_line(len(contents) - limit, "content")
    note = unread_note(diff)
    if found and note:
        yield ((f"    {note.lower()}", "dim"),)


def _line(one: Repeated, when: str, kind: str) -> Line:
    new = when == "new"
    entries = one.after if new else one.before
    paths = ", ".join(printable(entry.path) for entry in entries[:PATHS])
    rest = len(entries) - PATHS
    paths += f", … {number(rest)} more" if rest > 0 else ""
    both = {"leaks": one.splits, "conflicts": one.labels}.get(kind)
    spread = both[1 if new else 0] if both else ()
    what = ", ".join(sorted(map(label_text, spread)))
    sign, style = _SIGNS[when]
    return (f"    {sign} ", style), (paths, ""), (f"  {what}" if what else "", "magenta")
