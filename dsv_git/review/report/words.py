"""The change in words: what a reviewer should know before any chart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dsv_git.diff.change import Kind
from dsv_git.diff.changes import sorted_cells
from dsv_git.manifest.names import printable
from dsv_git.review.numbers import byte_change, byte_size, label_text, number, signed
from dsv_git.review.report.model import Part, Report, labels_of

_MOST_MOVES: Final = 3
_LARGE_SHIFT: Final = 0.2
"""A label that grew or shrank by this part of its images is named."""
_MANY: Final = 0.2
"""Removing more than this part of a version's files is pointed at, as `mass-removal` does."""


def headline(report: Report) -> str:
    """One sentence: how many files of how many datasets changed in which way."""
    if not report.parts:
        return f"No data changed between {printable(report.before)} and {printable(report.after)}."
    if len(report.parts) == 1:
        return f"{title(report.parts[0])}: {did(report.parts[0])}."
    counted = ", ".join(counted_kinds(report.parts)) or "no file changed"
    return f"{len(report.parts)} datasets changed: {counted}."


def title(part: Part) -> str:
    """A manifest and its versions: `pets 1.0 → 1.1`."""
    name = printable(part.diff.manifest)
    if part.former is not None:
        name = f"{printable(part.former)} → {name}"
    before, after = part.diff.before, part.diff.after
    if before is None:
        return f"{name} {printable(after or '')} is new"
    if after is None:
        return f"{name} {printable(before)} is gone"
    return f"{name} {printable(before)}" + (f" → {printable(after)}" if after != before else "")


def did(part: Part) -> str:
    """What happened to its files."""
    return ", ".join(counted_kinds((part,))) or "no file changed"


def counted_kinds(parts: tuple[Part, ...]) -> Iterator[str]:
    """How many files were added, removed and so on; nothing of what is zero."""
    for kind, count in kind_counts(parts):
        if count:
            yield f"{number(count)} {'moved' if kind is Kind.RENAMED else kind.value}"


def kind_counts(parts: tuple[Part, ...]) -> list[tuple[Kind, int]]:
    """Files by kind; relabelled, reannotated and redescribed count moved files too."""
    changes = [part.diff.change for part in parts]
    return [(kind, sum(getattr(change, kind.value) for change in changes)) for kind in Kind]


def totals(part: Part) -> str:
    """Files and bytes before and after."""
    old, new = part.before.totals, part.after.totals
    files = f"{number(old.files)} → {number(new.files)} files ({signed(new.files - old.files)})"
    moved = byte_change(new.bytes - old.bytes)
    return f"{files}, {byte_size(old.bytes)} → {byte_size(new.bytes)} ({moved})"


def remarks(part: Part) -> list[str]:
    """What deserves a look: labels that came, went or moved much, the main relabellings, many
    removed files, contents that exist nowhere in the version any more."""
    return [*_labels(part), *_relabelled(part), *_removed(part)]


def _labels(part: Part) -> Iterator[str]:
    if part.diff.before is None or part.diff.after is None:
        return
    balance = labels_of(part)
    gone = [label for label, (old, new) in balance.items() if old and not new]
    come = [label for label, (old, new) in balance.items() if new and not old]
    for word, names in (("vanished", gone), ("new", come)):
        if names:
            more = f" and {number(len(names) - 5)} more" if len(names) > 5 else ""
            noun = "label" if len(names) == 1 else "labels"
            yield f"{noun} {word}: {', '.join(map(label_text, names[:5]))}{more}"
    shifts = [
        (abs(new - old) / old, label, new - old, old)
        for label, (old, new) in balance.items()
        if old and new and abs(new - old) >= _LARGE_SHIFT * old
    ]
    for _, label, change, old in sorted(shifts, reverse=True)[:_MOST_MOVES]:
        yield f"{label_text(label)} {signed(change)} images ({change / old:+.0%})"
    change_of = part.diff.change
    moved = [
        (abs(objects), label, objects)
        for label, objects in change_of.objects.items()
        if label not in change_of.labels
    ]
    for _, label, objects in sorted(moved, reverse=True)[:_MOST_MOVES]:
        yield f"{label_text(label)} {signed(objects)} objects, in as many images"


def _relabelled(part: Part) -> Iterator[str]:
    cells = sorted_cells(part.diff.diff.label_matrix)
    if cells:
        moves = [f"{label_text(a)} → {label_text(b)} {number(n)}" for (a, b), n in cells]
        more = f" and {number(len(moves) - _MOST_MOVES)} more" if len(moves) > _MOST_MOVES else ""
        yield f"relabelled: {', '.join(moves[:_MOST_MOVES])}{more}"


def _removed(part: Part) -> Iterator[str]:
    removed, former = part.diff.change.removed, part.before.totals.files
    if not removed or part.diff.after is None:
        return
    if removed > _MANY * former:
        yield f"{removed / former:.0%} of all files were removed"
    kept = sum(c.successor is not None for c in part.diff.diff.by_kind[Kind.REMOVED])
    if kept == removed:
        yield "everything removed is still there as a copy"
    elif kept:
        yield f"{number(kept)} of the removed files are still there as copies"
