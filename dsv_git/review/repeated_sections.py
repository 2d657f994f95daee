"""The leaks, label conflicts and duplicates that a change brought or took away, as sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dsv_git.diff.manifest_diff import ManifestDiff
from dsv_git.diff.repeated import Repeated, RepeatedContents
from dsv_git.manifest.entry import Label
from dsv_git.review.numbers import NONE, label_text, number
from dsv_git.review.section import Cell, Name, Row, Section, Topic, joined, some

PATHS: Final = 3
"""How many of the files of a content are named."""

KINDS: Final = (
    ("new_leaks", "New leaks: one content in several splits"),
    ("new_conflicts", "New label conflicts: one content with several labels"),
    ("new_duplicates", "New duplicates: one content in several files"),
    ("gone_leaks", "Leaks that are gone"),
    ("gone_conflicts", "Label conflicts that are gone"),
    ("gone_duplicates", "Duplicates that are gone"),
)
"""The fields of `RepeatedContents` with their titles, the most telling first."""


def by_kind(found: RepeatedContents) -> Iterator[tuple[str, str, tuple[Repeated, ...]]]:
    """Field, title and contents of each kind that there is."""
    for field, title in KINDS:
        contents: tuple[Repeated, ...] = getattr(found, field)
        if contents:
            yield field, title, contents


def unread_note(diff: ManifestDiff) -> str:
    """What the search did not see; empty where it saw all."""
    if not diff.unread:
        return ""
    lists = "list was" if diff.unread == 1 else "lists were"
    return (
        f"Looked for in the lists that changed; {number(diff.unread)} unchanged {lists} not read."
    )


def repeated_sections(diff: ManifestDiff, limit: int) -> Iterator[Section]:
    """A section for every kind that there is, each with at most `limit` contents."""
    note = unread_note(diff)
    for field, title, contents in by_kind(diff.repeated):
        new = field.startswith("new")
        rows = tuple(_row(field, one, new) for one in contents[:limit])
        heads = ("files before", "files after", *_heads(field), "which")
        more = max(0, len(contents) - limit)
        yield Section(
            Topic.REPEATED,
            f"{title} ({number(len(contents))})",
            rows,
            heads,
            frozenset({0, 1}),
            more,
            note,
        )


def label_cell(label: Label | None) -> Cell:
    """A label or split; of many objects each label once, with its number."""
    return (Name(label_text(label)),) if label else (NONE,)


def _heads(field: str) -> tuple[str, ...]:
    return {"leaks": ("splits",), "conflicts": ("labels",)}.get(field.partition("_")[2], ())


def _row(field: str, one: Repeated, new: bool) -> Row:
    entries = one.after if new else one.before
    found: list[Cell] = [(number(len(one.before)),), (number(len(one.after)),)]
    kind = field.partition("_")[2]
    if kind != "duplicates":
        both = one.splits if kind == "leaks" else one.labels
        found.append(_spread(both[1 if new else 0]))
    return (*found, some([entry.path for entry in entries], PATHS))


def _spread(labels: Sequence[Label] | frozenset[Label]) -> Cell:
    return joined(label_cell(label) for label in sorted(labels, key=label_text))
