"""The numbers of one version: what is in it, in files, bytes, labels and splits."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dsv_git.diff.repeats import Repeats
from dsv_git.manifest.entry import Entry, Label

QUANTILES = (0, 5, 25, 50, 75, 95, 100)
"""The percentages of `Quantiles`, in its order."""


@dataclass(frozen=True)
class Totals:
    """What a version's record holds of its size: enough to follow the class balance by diffs."""

    files: int = 0
    bytes: int = 0
    labels: Mapping[str, int] = field(default_factory=dict)
    """Images with each label."""


@dataclass(frozen=True)
class Tally:
    """Counts that add up: the tally of a version is the sum of those of its lists."""

    files: int = 0
    bytes: int = 0
    unlabelled: int = 0
    """Files without any label."""
    images: Mapping[str, int] = field(default_factory=dict)
    """Files that have the label, each once. They may add up to more than all the files."""
    objects: Mapping[str, int] = field(default_factory=dict)
    """How often the label is given, with repeats in one file."""
    splits: Mapping[str | None, int] = field(default_factory=dict)
    """Files by split; None is no split."""
    split_images: Mapping[tuple[str | None, str], int] = field(default_factory=dict)
    """Files by split and label, as `images` counts."""

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            files=self.files + other.files,
            bytes=self.bytes + other.bytes,
            unlabelled=self.unlabelled + other.unlabelled,
            images=dict(Counter(self.images) + Counter(other.images)),
            objects=dict(Counter(self.objects) + Counter(other.objects)),
            splits=dict(Counter(self.splits) + Counter(other.splits)),
            split_images=dict(Counter(self.split_images) + Counter(other.split_images)),
        )

    @property
    def totals(self) -> Totals:
        """The part of it that a record holds."""
        return Totals(self.files, self.bytes, self.images)


@dataclass(frozen=True)
class Quantiles:
    """File sizes in bytes, each the size of a file that is there.

    The p-quantile is the smallest size that at least p of the files do not exceed: definition 1
    (inverse of the empirical distribution function) of R. J. Hyndman and Y. Fan, "Sample Quantiles
    in Statistical Packages", The American Statistician 50 (1996), 361-365. The median of an even
    number of files is thus the lower of the two in the middle.
    """

    minimum: int
    p5: int
    p25: int
    median: int
    p75: int
    p95: int
    maximum: int


@dataclass(frozen=True)
class Duplicates:
    """Files of equal hash: `groups` contents that are there more than once."""

    groups: int = 0
    extra_files: int = 0
    """Files beyond the first of each group."""
    extra_bytes: int = 0


@dataclass(frozen=True)
class Stats(Tally):
    """A tally, and what only the whole version can tell."""

    sizes: Quantiles | None = None
    """None where there is no file."""
    duplicates: Duplicates = Duplicates()


class _Count:
    """Numbers in the making. Files of one label and split are counted as one thing first, and
    neighbours, which mostly are alike, as a run: a million entries cost little more than a look."""

    def __init__(self) -> None:
        self.bytes = 0
        self.kinds: Counter[tuple[Label | None, str | None]] = Counter()

    def through(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        label: Label | None = None
        split: str | None = None
        run, size = 0, 0
        for entry in entries:
            if entry.label != label or entry.split != split:
                self._add(label, split, run)
                label, split, run = entry.label, entry.split, 0
            run += 1
            size += entry.size
            yield entry
        self._add(label, split, run)
        self.bytes += size

    def _add(self, label: Label | None, split: str | None, run: int) -> None:
        if run:
            self.kinds[label, split] += run


def tally(entries: Iterable[Entry]) -> Tally:
    """The tally of a list, or of any other part of a version. Streams: nothing is kept."""
    count = _Count()
    for _ in count.through(entries):
        pass
    return _tally(count)


def stats(entries: Iterable[Entry], spared: Callable[[Entry], bool] | None = None) -> Stats:
    """The numbers of a whole version. Streams, and keeps 32 bytes for every entry.

    `spared` entries are no duplicates, however alike they are.
    """
    count = _Count()
    sizes = array("q")
    repeats = Repeats()
    for entry in count.through(entries):
        sizes.append(entry.size)
        if spared is None or not spared(entry):
            repeats.add(entry.hash, entry.size)
    whole = _tally(count)
    return Stats(**vars(whole), sizes=quantiles(sizes), duplicates=Duplicates(*repeats.totals()))


def quantiles(sizes: Iterable[int]) -> Quantiles | None:
    """The quantiles of `sizes` in bytes; None of none."""
    ordered = sorted(sizes)
    if not ordered:
        return None
    # The rank is rounded up in whole numbers: no float decides which file it is.
    ranks = (max(1, -(-percent * len(ordered) // 100)) for percent in QUANTILES)
    return Quantiles(*(ordered[rank - 1] for rank in ranks))


def _tally(count: _Count) -> Tally:
    images: Counter[str] = Counter()
    objects: Counter[str] = Counter()
    splits: Counter[str | None] = Counter()
    split_images: Counter[tuple[str | None, str]] = Counter()
    for (label, split), files in count.kinds.items():
        labels = (label,) if isinstance(label, str) else label or ()
        splits[split] += files
        for one, repeats in Counter(labels).items():
            images[one] += files
            objects[one] += files * repeats
            split_images[split, one] += files
    return Tally(
        files=splits.total(),
        bytes=count.bytes,
        unlabelled=sum(files for (label, _), files in count.kinds.items() if not label),
        images=dict(images),
        objects=dict(objects),
        splits=dict(splits),
        split_images=dict(split_images),
    )
