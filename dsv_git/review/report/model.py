"""What the report shows, as typed nouns: everything is gathered before anything is drawn."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from dsv_git.diff.change import Change, Kind
from dsv_git.diff.manifest_diff import ManifestDiff
from dsv_git.diff.sizes import size_bins
from dsv_git.diff.stats import Totals

PICTURED: Final = (Kind.RELABELLED, Kind.REANNOTATED, Kind.MODIFIED, Kind.REMOVED, Kind.ADDED)
"""The kinds that have pictures, those that matter most to a model first."""


@dataclass(frozen=True)
class Content:
    """A whole version in numbers: totals, and the size of every file in bytes."""

    totals: Totals = field(default_factory=Totals)
    sizes: array[int] = field(default_factory=lambda: array("q"), repr=False)


@dataclass(frozen=True)
class SizeRow:
    """Files of at least `start` and less than `end` bytes, on both sides."""

    start: int
    end: int
    before: int
    after: int


def size_rows(before: Content, after: Content) -> tuple[SizeRow, ...]:
    """The file sizes of both sides in the same bins."""
    bins = size_bins(before.sizes + after.sizes)
    starts = [one.start for one in bins]
    old = Counter(bisect_right(starts, size) - 1 for size in before.sizes)
    new = Counter(bisect_right(starts, size) - 1 for size in after.sizes)
    return tuple(SizeRow(one.start, one.end, old[k], new[k]) for k, one in enumerate(bins))


@dataclass(frozen=True)
class Part:
    """One changed manifest. `former` is its name before, where its folder was renamed."""

    diff: ManifestDiff
    before: Content
    after: Content
    former: str | None = None


@dataclass(frozen=True)
class Numbers:
    """What a version holds and changed against its parents, in files; `relabelled` is None where
    it was not counted."""

    files: int
    bytes: int
    added: int
    removed: int
    modified: int
    moved: int
    relabelled: int | None = None


@dataclass(frozen=True)
class VersionRow:
    """A version in the lineage. `parents` are names; `new` says that the change made it."""

    name: str
    state: str
    id: str | None
    parents: tuple[str, ...] = ()
    numbers: Numbers | None = None
    commit: str = ""
    date: str = ""
    author: str = ""
    subject: str = ""
    new: bool = False


@dataclass(frozen=True)
class Picture:
    """A changed image: JPEG thumbnails of its former and present content, None where one does not
    exist or is not on this machine. `boxes` says that its annotations are drawn. `kind` is what it
    is shown as: a file that moved and has another label is relabelled here."""

    kind: Kind
    manifest: str
    change: Change
    before: bytes | None
    after: bytes | None
    boxes: bool = False


@dataclass(frozen=True)
class Gallery:
    """The pictures, and how many more images could be shown or could not be read here."""

    pictures: tuple[Picture, ...] = ()
    images: int = 0
    """Changed images of the kinds that are shown, whether there is a picture of them or not."""
    unreadable: int = 0
    """Images that were asked for and whose content is not on this machine."""
    limit: int = 0
    full: bool = False
    """Whether the limit of bytes ended it."""


@dataclass(frozen=True)
class Report:
    """A change between two sides, as people call them."""

    repository: str
    before: str
    after: str
    parts: tuple[Part, ...] = ()
    versions: tuple[VersionRow, ...] = ()
    gallery: Gallery = field(default_factory=Gallery)
    notes: tuple[str, ...] = ()
    """What could not be shown, and why; each one sentence."""


def labels_of(part: Part) -> Mapping[str, tuple[int, int]]:
    """Images by label before and after, the most images first, then by name."""
    old, new = part.before.totals.labels, part.after.totals.labels
    found = {label: (old.get(label, 0), new.get(label, 0)) for label in {*old, *new}}
    return dict(sorted(found.items(), key=lambda item: (-max(item[1]), item[0])))
