"""The class balance of a version beside that of its parents, as a picture."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dsv_git.manifest.names import printable
from dsv_git.review.plotly import COLOURS, REST_COLOUR

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_CLASSES: Final = 25
LARGEST: Final = 15
"""Of those, the largest; the others are the ones whose share moved most."""
MOST_PARENTS: Final = 4
_LONGEST: Final = 22
_PARENT_COLOURS: Final = (REST_COLOUR, "#e3b778", "#9cc7a8", "#dfa5a5")
"""Pale beside the strong colour of the version itself."""
_WIDE_FONTS: Final = ("Noto Sans CJK JP", "Noto Sans CJK SC", "WenQuanYi Zen Hei", "Hiragino Sans")
"""For what matplotlib's own font lacks, where a machine has one of them."""

Counts = Mapping[str, int]


def balance_figure(now: tuple[str, Counts], parents: Sequence[tuple[str, Counts]]) -> bytes:
    """A PNG of 900 x 500 pixels: each class's share of all labels in percent, in this version and
    in each parent, each given as its name and its images by class.

    The same input gives the same bytes on one machine. At most `MOST_CLASSES` classes, the rest
    summed, and `MOST_PARENTS` parents; the title says what is left out. Names are plain text.
    """
    # In silence: a character that no font has is drawn as a box, a font cache is made anew where a
    # home folder cannot be written.
    log = logging.getLogger("matplotlib")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            shares = _Shares.of(now, parents[:MOST_PARENTS])
            return _picture(shares, len(parents) - MOST_PARENTS)
    finally:
        log.setLevel(level)


def _picture(shares: _Shares, more_parents: int) -> bytes:
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    out = io.BytesIO()
    # A person's own settings (fonts, TeX) must not change the picture or read the names as markup.
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams["font.family"] = _fonts()
        figure = Figure(figsize=(9, 5), dpi=100, layout="constrained")
        FigureCanvasAgg(figure)
        _draw(figure, shares, more_parents)
        figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


@dataclass(frozen=True)
class _Shares:
    """Shares in percent: one row for each version, this one first, one column for each class."""

    versions: tuple[str, ...]
    classes: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]
    others: int
    """How many classes the last column sums, or 0 where it is a class."""

    @classmethod
    def of(cls, now: tuple[str, Counts], parents: Sequence[tuple[str, Counts]]) -> _Shares:
        sides = [now, *parents]
        shares = [_percent(counts) for _, counts in sides]
        names = sorted(
            {name for counts in shares for name in counts},
            key=lambda name: ([-counts.get(name, 0) for counts in shares], name),
        )
        held = _chosen(names, shares)
        rest = [name for name in names if name not in held]
        kept = [name for name in names if name in held]
        rows = [[counts.get(name, 0.0) for name in kept] for counts in shares]
        if rest:
            rows = [
                [*row, sum(counts.get(name, 0.0) for name in rest)]
                for row, counts in zip(rows, shares, strict=True)
            ]
        return cls(
            tuple(_cut(name, 28) for name, _ in sides),
            (*(_cut(name, _LONGEST) for name in kept), *([f"other ({len(rest):,})"] * bool(rest))),
            tuple(map(tuple, rows)),
            len(rest),
        )


def _chosen(names: Sequence[str], shares: Sequence[Mapping[str, float]]) -> set[str]:
    """The classes that are shown: the largest in any version, then the ones that moved most."""
    if len(names) <= MOST_CLASSES:
        return set(names)

    def largest(name: str) -> float:
        return max(counts.get(name, 0.0) for counts in shares)

    def shift(name: str) -> float:
        return max(abs(shares[0].get(name, 0.0) - counts.get(name, 0.0)) for counts in shares)

    held = set(sorted(names, key=largest, reverse=True)[:LARGEST])
    others = sorted((name for name in names if name not in held), key=shift, reverse=True)
    return {*held, *others[: MOST_CLASSES - LARGEST]}


def _draw(figure: Figure, shares: _Shares, more_parents: int) -> None:
    axes = figure.add_subplot()
    title = f"Class balance: {shares.versions[0]}"
    if len(shares.versions) > 1:
        title += " against its parents" if len(shares.versions) > 2 else " against its parent"
    if more_parents > 0:
        title += f" ({MOST_PARENTS} of {MOST_PARENTS + more_parents:,})"
    if shares.others:
        title += f"\n{LARGEST} largest classes, {MOST_CLASSES - LARGEST} that moved most"
    axes.set_title(title, loc="left", fontsize=12, parse_math=False)
    if not shares.classes:
        axes.text(0.5, 0.5, "no file has a label", ha="center", transform=axes.transAxes)
        axes.set_axis_off()
        return
    _bars(figure, axes, shares)
    _classes(axes, shares)
    axes.set_ylabel("share of all labels in %")
    axes.grid(axis="y", color="#e6e8ec")
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(length=0)
    axes.margins(y=0.08)


def _bars(figure: Figure, axes: Axes, shares: _Shares) -> None:
    width = 0.8 / len(shares.rows)
    # Parents on the left, this version on the right: time goes from left to right.
    order = [*range(1, len(shares.rows)), 0]
    handles: list[Artist] = []
    for place, row in enumerate(order):
        left = -0.4 + width * (place + 0.5)
        colour = COLOURS[0] if row == 0 else _PARENT_COLOURS[row - 1]
        at = [column + left for column in range(len(shares.classes))]
        bars = axes.bar(at, shares.rows[row], width * 0.92, color=colour)
        handles.append(bars[0])
        if len(shares.classes) * len(shares.rows) <= 24:
            texts = [f"{share:.1f}" if share else "" for share in shares.rows[row]]
            axes.bar_label(bars, texts, padding=1, fontsize=8, color="#384161")
    # A legend leaves out names with a leading `_`, so they are put in when it is there.
    legend = figure.legend(
        handles, ["-"] * len(order), loc="outside upper right", ncols=3, frameon=False, fontsize=9
    )
    for text, row in zip(legend.get_texts(), order, strict=True):
        text.set_parse_math(False)
        text.set_text(
            f"{shares.versions[row]} (this version)" if row == 0 else shares.versions[row]
        )


def _classes(axes: Axes, shares: _Shares) -> None:
    count = len(shares.classes)
    axes.set_xticks(range(count), shares.classes, parse_math=False, fontsize=9)
    if max(map(len, shares.classes)) * max(5, count) > 100:
        for label in axes.get_xticklabels():
            label.set(rotation=45, ha="right", rotation_mode="anchor")
    beside = max(0, 5 - count) / 2  # a few classes are not made as wide as the picture
    axes.set_xlim(-0.6 - beside, count - 0.4 + beside)


def _percent(counts: Counts) -> dict[str, float]:
    total = sum(counts.values())
    return {name: 100 * count / total for name, count in counts.items() if count > 0 < total}


def _cut(name: str, longest: int) -> str:
    plain = printable(name[: longest + 1])
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def _fonts() -> list[str]:
    from matplotlib.font_manager import fontManager

    known = set(fontManager.get_font_names())
    return ["DejaVu Sans", *(name for name in _WIDE_FONTS if name in known)]
