"""The classes of a version as charts: a table, and bars side by side for the splits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from dsv_git.diff.stats import Stats
from dsv_git.review.numbers import number
from dsv_git.review.plotly import (
    COLOURS,
    REST_COLOUR,
    Cell,
    Chart,
    axis,
    heading,
    shown,
    table,
    ticks,
)

CLASSES: Final = "Classes"
BALANCE: Final = "Class balance"
MOST_ROWS: Final = 500
MOST_BARS: Final = 60
MOST_SPLITS: Final = 8
"""More have no place side by side; the others are summed."""
NO_LABEL: Final = "(no label)"
NO_SPLIT: Final = "(no split)"
LONGEST_TICK: Final = 24
"""Characters of a class below its bar."""


@dataclass(frozen=True)
class _Row:
    """A class, or several, or the files without one. `splits` has its images in each of the
    columns; None is what the statistics cannot tell."""

    name: str
    images: int
    objects: int
    splits: Sequence[int] | None


def class_table(stats: Stats) -> Chart | None:
    """Every class with its images, objects, share of the files, and images in each split, the most
    frequent first; None without classes."""
    if not stats.images:
        return None
    split = _Splits(stats)
    rows = [split.row(shown(label), [label]) for label in _by_size(stats)[:MOST_ROWS]]
    cells = [_cells(row, stats, split) for row in [*rows, *split.unlabelled]]
    rest = _by_size(stats)[MOST_ROWS:]
    if rest:
        last = split.row(f"… and {number(len(rest))} more classes", rest)
        # One image may have several of them: no share of the files adds up.
        cells.append([last.name, last.images, last.objects, "", *(last.splits or ())])
    heads = ["class", "images", "objects", "% of files", *split.names]
    title = f"{number(len(stats.images))} classes in {number(stats.files)} files"
    return Chart(CLASSES, "table", table(title, heads, cells))


def class_balance(stats: Stats) -> Chart | None:
    """Images of each class, side by side for the splits; None without classes. Files without a
    label are left out where nothing says which split they are in."""
    if not stats.images:
        return None
    split = _Splits(stats)
    order = _by_size(stats)
    rows = [split.row(shown(label), [label]) for label in order[:MOST_BARS]]
    ticktexts = [shown(label, LONGEST_TICK) for label in order[:MOST_BARS]]
    others = [split.row(f"other ({number(len(order) - MOST_BARS)})", order[MOST_BARS:])]
    bare = [row for row in split.unlabelled if row.splits is not None or not split.names]
    more = [*(others if order[MOST_BARS:] else []), *bare]
    layout = {
        "title": heading(BALANCE),
        "barmode": "group",
        "bargap": 0.2,
        "showlegend": bool(split.names),
        "xaxis": axis("class", **ticks(dict(enumerate([*ticktexts, *(row.name for row in more)])))),
        "yaxis": axis("images", rangemode="tozero"),
    }
    return Chart(BALANCE, "images", {"data": _bars([*rows, *more], split.names), "layout": layout})


def _bars(rows: Sequence[_Row], names: Sequence[str]) -> list[Mapping[str, object]]:
    """A trace for each split, or one of all images."""
    traces: list[tuple[str, list[int]]] = [
        (name, [row.splits[place] for row in rows if row.splits is not None])
        for place, name in enumerate(names)
    ]
    told = "%{customdata}: %{y:,}"
    return [
        {
            "type": "bar",
            "name": name,
            "x": list(range(len(rows))),
            "y": counts,
            "customdata": [row.name for row in rows],
            "hovertemplate": told if names else f"{told}<extra></extra>",
            "marker": {"color": REST_COLOUR if place == MOST_SPLITS else COLOURS[place]},
        }
        for place, (name, counts) in enumerate(traces or [("images", [row.images for row in rows])])
    ]


@dataclass(frozen=True)
class _Splits:
    """The columns that a version's splits get: none where no file is in a split."""

    stats: Stats

    @cached_property
    def _columns(self) -> Mapping[str | None, int]:
        """The place of every split's column."""
        files = self.stats.splits
        named = sorted((name for name in files if name is not None), key=lambda n: (-files[n], n))
        order: list[str | None] = [*named, *([None] if None in files else [])]
        return {
            split: min(place, MOST_SPLITS) for place, split in enumerate(order if named else [])
        }

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns' heads."""
        columns = self._columns
        own = [
            NO_SPLIT if split is None else shown(split)
            for split, place in columns.items()
            if place < MOST_SPLITS
        ]
        others = len(columns) - len(own)
        return (*own, *([f"other splits ({number(others)})"] if others else []))

    @cached_property
    def _images(self) -> Mapping[str, list[int]]:
        """Every class's images by column."""
        found = {label: [0] * len(self.names) for label in self.stats.images}
        for (split, label), images in self.stats.split_images.items() if self.names else ():
            found[label][self._columns[split]] += images
        return found

    def row(self, name: str, labels: Sequence[str]) -> _Row:
        """Some classes as one row."""
        stats = self.stats
        return _Row(
            name,
            sum(stats.images[label] for label in labels),
            sum(stats.objects[label] for label in labels),
            _summed(self._images[label] for label in labels),
        )

    @cached_property
    def unlabelled(self) -> tuple[_Row, ...]:
        """The row of the files without a label, if there are any."""
        stats = self.stats
        if not stats.unlabelled:
            return ()
        if sum(stats.images.values()) + stats.unlabelled != stats.files:
            # Some images have several labels: nothing says which split the bare ones are in.
            return (_Row(NO_LABEL, stats.unlabelled, 0, None),)
        splits = [0] * len(self.names)
        for split, place in self._columns.items():
            splits[place] += stats.splits[split]
        labelled = _summed(self._images.values())
        bare = [a - b for a, b in zip(splits, labelled, strict=True)]
        return (_Row(NO_LABEL, stats.unlabelled, 0, bare),)


def _summed(rows: Iterable[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


def _by_size(stats: Stats) -> list[str]:
    return sorted(stats.images, key=lambda label: (-stats.images[label], label))


def _cells(row: _Row, stats: Stats, split: _Splits) -> list[Cell]:
    share = round(100 * row.images / stats.files, 2) if stats.files else 0
    unknown: list[Cell] = [""] * len(split.names)
    return [
        row.name,
        row.images,
        row.objects,
        share,
        *(unknown if row.splits is None else row.splits),
    ]
