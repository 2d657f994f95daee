"""The numbers of one version to read on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from typing import TYPE_CHECKING

from dsv_git.diff.stats import Stats
from dsv_git.review.lines import Line, Span, columns
from dsv_git.review.numbers import byte_size, label_text, number

if TYPE_CHECKING:
    pass

LIMIT = 20
"""How many labels are shown."""


def stats_lines(stats: Stats, *, limit: int = LIMIT) -> Iterator[Line]:
    """The lines: size, duplicates, then the class balance with a column for every split."""
    yield from columns(_facts(stats))
    if stats.sizes is not None:
        yield ()
        sizes = map(byte_size, astuple(stats.sizes))
        yield from columns([_SIZES, [("", ""), *((size, "") for size in sizes)]], right=range(1, 8))
    if stats.images:
        yield ()
        yield from columns(_balance(stats, limit), right=range(1, 3 + len(stats.splits)))
        if len(stats.images) > limit:
            yield ((f"  … {number(len(stats.images) - limit)} more labels", "dim"),)


_SIZES: list[Span] = [("file size", "bold")] + [
    (head, "bold") for head in ("min", "5 %", "25 %", "median", "75 %", "95 %", "max")
]


def _facts(stats: Stats) -> Iterator[tuple[Span, Span]]:
    yield ("files", "bold"), (f"{number(stats.files)}, {byte_size(stats.bytes)}", "")
    splits = [f"{label_text(split)} {number(files)}" for split, files in _splits(stats)]
    if splits:
        yield ("splits", "bold"), (", ".join(splits), "")
    if stats.images:
        yield ("labels", "bold"), (number(len(stats.images)), "")
    if stats.unlabelled:
        yield ("unlabelled", "bold"), (number(stats.unlabelled), "yellow" if stats.images else "")
    same = stats.duplicates
    if same.groups:
        files = (
            "1 extra file" if same.extra_files == 1 else f"{number(same.extra_files)} extra files"
        )
        text = f"{files} in {'1 group' if same.groups == 1 else f'{number(same.groups)} groups'}"
        yield ("duplicates", "bold"), (f"{text}, {byte_size(same.extra_bytes)}", "yellow")


def _balance(stats: Stats, limit: int) -> Iterator[list[Span]]:
    splits = [split for split, _ in _splits(stats)]
    heads = ["label", "images", "objects", *map(label_text, splits)]
    yield [(head, "bold") for head in heads]
    order = sorted(stats.images.items(), key=lambda item: (-item[1], item[0]))
    for label, images in order[:limit]:
        row = [images, stats.objects[label]]
        row += [stats.split_images.get((split, label), 0) for split in splits]
        yield [(label_text(label), ""), *((number(count), "") for count in row)]


def _splits(stats: Stats) -> list[tuple[str | None, int]]:
    """Splits and their files by name, none last; nothing where no file is in a split."""
    if not any(split is not None for split in stats.splits):
        return []
    return sorted(stats.splits.items(), key=lambda item: (item[0] is None, item[0] or ""))
