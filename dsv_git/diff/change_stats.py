"""The numbers of one change, and those that a version's record holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from dsv_git.diff.change import Kind, same_content
from dsv_git.diff.changes import Diff
from dsv_git.diff.stats import Totals
from dsv_git.manifest.entry import Label
from dsv_git.manifest.record import RecordStats


@dataclass(frozen=True)
class ChangeStats:
    """A diff in numbers.

    The first five count files by the one kind of their change. The next three count every file
    with another label or split, other annotations, other props, whether it moved or not: a file
    that moved and has another label counts under `renamed` and under `relabelled`.
    """

    added: int = 0
    removed: int = 0
    modified: int = 0
    renamed: int = 0
    copied: int = 0
    relabelled: int = 0
    reannotated: int = 0
    redescribed: int = 0
    bytes_added: int = 0
    """Bytes of added, copied and modified files as they are now."""
    bytes_removed: int = 0
    """Bytes of removed and modified files as they were."""
    labels: Mapping[str, int] = field(default_factory=dict)
    """By how many images each label grew (or shrank, below zero); none at zero."""
    objects: Mapping[str, int] = field(default_factory=dict)
    """As `labels`, counted in objects: an image may have a label several times."""

    @property
    def files(self) -> int:
        """By how many files the version grew."""
        return self.added + self.copied - self.removed

    @property
    def bytes(self) -> int:
        """By how many bytes the version grew."""
        return self.bytes_added - self.bytes_removed


def change_stats(diff: Diff) -> ChangeStats:
    """The numbers of `diff`."""
    bytes_added = bytes_removed = 0
    gone: Counter[Label | None] = Counter()
    come: Counter[Label | None] = Counter()
    for change in diff.changes:
        before, after = change.before, change.after
        if before is not None:
            gone[before.label] += 1
        if after is not None:
            come[after.label] += 1
        if before is None or after is None or not same_content(before, after):
            bytes_added += after.size if after else 0
            bytes_removed += before.size if before else 0
    labels, objects = _by_label(come)
    for counter, taken in zip((labels, objects), _by_label(gone), strict=True):
        counter.subtract(taken)
    return ChangeStats(
        added=diff.counts[Kind.ADDED],
        removed=diff.counts[Kind.REMOVED],
        modified=diff.counts[Kind.MODIFIED],
        renamed=diff.counts[Kind.RENAMED],
        copied=diff.counts[Kind.COPIED],
        relabelled=diff.flagged[Kind.RELABELLED],
        reannotated=diff.flagged[Kind.REANNOTATED],
        redescribed=diff.flagged[Kind.REDESCRIBED],
        bytes_added=bytes_added,
        bytes_removed=bytes_removed,
        labels={label: count for label, count in sorted(labels.items()) if count},
        objects={label: count for label, count in sorted(objects.items()) if count},
    )


def _by_label(files: Counter[Label | None]) -> tuple[Counter[str], Counter[str]]:
    """Images and objects by label, from files by the whole of their label."""
    images: Counter[str] = Counter()
    objects: Counter[str] = Counter()
    for label, count in files.items():
        for one, repeats in Counter((label,) if isinstance(label, str) else label or ()).items():
            images[one] += count
            objects[one] += count * repeats
    return images, objects


def moved_on(totals: Totals, change: ChangeStats, *, back: bool = False) -> Totals:
    """The totals after `change`, from those before it (with `back`: before it, from after)."""
    sign = -1 if back else 1
    labels = Counter(totals.labels)
    labels.update({label: sign * count for label, count in change.labels.items()})
    return Totals(
        files=totals.files + sign * change.files,
        bytes=totals.bytes + sign * change.bytes,
        labels={label: count for label, count in sorted(labels.items()) if count},
    )


def record_stats(version: Totals, change: ChangeStats) -> RecordStats:
    """What a version's record holds: whole numbers only, labels by name, the same on every clone.

    `added` counts copies too, so that it is by `added - removed` that the files grew.
    """
    return RecordStats(
        files=version.files,
        bytes=version.bytes,
        added=change.added + change.copied,
        removed=change.removed,
        modified=change.modified,
        renamed=change.renamed,
        labels=dict(sorted(version.labels.items())),
    )
