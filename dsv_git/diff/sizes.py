"""How the sizes of a version's files are spread: counts between round numbers of bytes."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

MOST_BINS: Final = 40
"""What one look can take in."""

_LARGEST: Final = 2**53
"""Bytes; no entry is larger."""
_MANTISSAS: Final = (
    tuple(range(10, 100)),
    (10, 11, 12, 13, 15, 17, 20, 22, 25, 27, 30, 35, 40, 45, 50, 55, 60, 70, 80, 90),
    (10, 12, 15, 20, 25, 30, 40, 50, 60, 80),
    (10, 20, 50),
    (10,),
)
"""Tenfold steps, from fine to coarse, each one's edges among those of the one before. The third is
the series R"10 of rounded preferred numbers of ISO 3:1973 and the fourth is 1-2-5."""


def _edges(mantissas: Sequence[int]) -> tuple[int, ...]:
    """The first size of every bin: 0, and from 1 byte on ten to the power of anything times each
    mantissa, where that is a whole number of bytes."""
    whole = {
        m * 10**power // 10 for power in range(17) for m in mantissas if m * 10**power % 10 == 0
    }
    return (0, *sorted(edge for edge in whole if edge <= _LARGEST))


_LEVELS: Final = tuple(map(_edges, _MANTISSAS))


@dataclass(frozen=True)
class SizeBin:
    """Files of at least `start` bytes and less than `end`."""

    start: int
    end: int
    files: int


def size_bins(sizes: Iterable[int]) -> tuple[SizeBin, ...]:
    """The bins from the smallest to the largest size in bytes, as fine as `MOST_BINS` allow.

    Bins without files between others are among them, so that their order is a logarithmic axis;
    only empty files, which have a bin of their own, may be followed by a gap. Streams: keeps one
    count for every two leading digits.
    """
    finest = _LEVELS[0]
    counts = Counter(map(partial(bisect_right, finest), sizes))
    held = {finest[place - 1]: files for place, files in counts.items()}
    return next(
        bins
        for edges in _LEVELS
        if len(bins := _merged(edges, held)) <= MOST_BINS or edges is _LEVELS[-1]
    )


def _merged(edges: Sequence[int], held: dict[int, int]) -> tuple[SizeBin, ...]:
    """The bins between `edges` of files counted by the starts of finer bins."""
    counts: Counter[int] = Counter()
    for start, files in held.items():
        counts[bisect_right(edges, start) - 1] += files
    if not counts:
        return ()
    first = min(filter(None, counts), default=0)
    places = [*([0] if counts[0] else ()), *range(first or 1, max(counts) + 1)]
    ends = (*edges[1:], _LARGEST + 1)
    return tuple(SizeBin(edges[k], ends[k], counts[k]) for k in places)
