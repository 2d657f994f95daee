"""A file's biography to read on a terminal: what one commit did to it, in one line."""

from __future__ import annotations

from collections.abc import Iterator

from dsv_git.diff.change import Kind
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.names import printable
from dsv_git.review.lines import Line, Span
from dsv_git.review.numbers import byte_size, label_text
from dsv_git.review.text import SIGNS

_WORDS = {Kind.ADDED: "came", Kind.REMOVED: "left"}


def happened(
    kind: Kind, path: str, before: Entry | None, after: Entry | None, source: str, target: str
) -> Line:
    """What happened to a file. `source` and `target` are where it was before and where it went on,
    safe to show, or empty."""
    sign, style = SIGNS[kind]
    spans: list[Span] = [(f"{sign} {_WORDS.get(kind, kind.value)}", style), ("  ", "")]
    spans.append((f"{source} → ", "") if source and not target else ("", ""))
    spans.append((printable(path), ""))
    spans.append((f" → {target}", "") if target else ("", ""))
    if before is not None and after is not None:
        spans += [(f"  {text}", "magenta") for text in _changed(before, after)]
    elif after is not None:
        spans.append((f"  {described(after)}", "dim"))
    return tuple(spans)


def _changed(before: Entry, after: Entry) -> Iterator[str]:
    if before.hash != after.hash:
        yield f"{before.hash} → {after.hash}"
    for old, new in ((before.label, after.label), (before.split, after.split)):
        if old != new:
            yield f"{label_text(old)} → {label_text(new)}"
    if before.ann != after.ann and before.hash == after.hash:
        yield "other annotations"
    if before.props != after.props:
        yield "other props"


def described(entry: Entry) -> str:
    """A row in short: size, label, split, hash."""
    words = [byte_size(entry.size)]
    words += [label_text(one) for one in (entry.label, entry.split) if one]
    return f"{', '.join(words)}  {entry.hash}"
