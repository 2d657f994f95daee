"""One manifest before and after, with what a reader needs besides its entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from dsv_git.diff.change_stats import ChangeStats, change_stats, moved_on
from dsv_git.diff.changes import Diff
from dsv_git.diff.repeated import RepeatedContents
from dsv_git.diff.stats import Totals

SMALLEST_SHIFT: Final = 0.05
"""In percentage points: what is shown as at least 0.1."""
LONGEST: Final = 120
"""Characters of a description that are shown."""


@dataclass(frozen=True)
class LabelBalance:
    """How many images have a label, before and after; None where only the change is known.

    The shares are percentages of all files of that side, to a thousandth, None where the side has
    no file or is not known; `shift` is their difference in percentage points. `objects` is by how
    many objects the label grew: `change`, where no image has it more than once.
    """

    label: str
    before: int | None
    after: int | None
    change: int
    share_before: float | None = None
    share_after: float | None = None
    shift: float | None = None
    objects: int = 0


@dataclass(frozen=True)
class ManifestDiff:
    """The difference between two versions of one manifest.

    `before` and `after` are version texts, None where the manifest is not there. `parents` are
    those of the later side, as its manifest names them, `description` is what that side says anew
    of itself. Totals are of the whole version, where
    they are known without reading it (from its record); one side is enough, for the diff leads
    to the other. `repeated` is of the lists that were read: `unread` lists, which both sides have
    in common, were not.
    """

    manifest: str
    before: str | None
    after: str | None
    diff: Diff
    parents: tuple[str, ...] = ()
    known_before: Totals | None = None
    known_after: Totals | None = None
    repeated: RepeatedContents = field(default_factory=RepeatedContents)
    unread: int = 0
    description: str = ""

    @property
    def said(self) -> str:
        """The first line of the description, shortened where it is long."""
        first = next((line.strip() for line in self.description.splitlines() if line.strip()), "")
        return first if len(first) <= LONGEST else f"{first[: LONGEST - 1]}…"

    @cached_property
    def change(self) -> ChangeStats:
        """The diff in numbers."""
        return change_stats(self.diff)

    @cached_property
    def totals_before(self) -> Totals | None:
        """Files, bytes and class balance of the earlier side; None where unknown."""
        if self.before is None:
            return Totals()
        if self.known_before is None and self._stated_after is not None:
            return moved_on(self._stated_after, self.change, back=True)
        return self.known_before

    @cached_property
    def totals_after(self) -> Totals | None:
        """Files, bytes and class balance of the later side; None where unknown."""
        if self._stated_after is not None:
            return self._stated_after
        return None if self.totals_before is None else moved_on(self.totals_before, self.change)

    @property
    def _stated_after(self) -> Totals | None:
        return Totals() if self.after is None else self.known_after

    @cached_property
    def balance(self) -> tuple[LabelBalance, ...]:
        """The labels whose number of images or of objects changed: the largest change of images
        first, then of objects, then by name."""
        rows = map(self._balance, {*self.change.labels, *self.change.objects})
        return tuple(sorted(rows, key=lambda row: (-abs(row.change), -abs(row.objects), row.label)))

    @cached_property
    def shifted(self) -> tuple[LabelBalance, ...]:
        """`balance`, and then the labels whose share alone changed, for others came or went: those
        that it did by at least `SMALLEST_SHIFT`, the largest shift first, then by name."""
        before, after = self.totals_before, self.totals_after
        labels = {*(before.labels if before else ()), *(after.labels if after else ())}
        told = {row.label for row in self.balance}
        rows = (self._balance(label) for label in labels if label not in told)
        shifted = ((abs(row.shift or 0), row) for row in rows)
        found = [(shift, row) for shift, row in shifted if shift >= SMALLEST_SHIFT]
        found.sort(key=lambda item: (-item[0], item[1].label))
        return (*self.balance, *(row for _, row in found))

    @cached_property
    def counts_objects(self) -> bool:
        """Whether some label grew by another number of objects than of images."""
        return self.change.labels != self.change.objects

    def _balance(self, label: str) -> LabelBalance:
        before, share_before = _of(label, self.totals_before)
        after, share_after = _of(label, self.totals_after)
        shift = None
        if share_before is not None and share_after is not None:
            shift = round(share_after - share_before, 3)
        change, objects = self.change.labels.get(label, 0), self.change.objects.get(label, 0)
        return LabelBalance(label, before, after, change, share_before, share_after, shift, objects)


def _of(label: str, totals: Totals | None) -> tuple[int | None, float | None]:
    """Images with a label, and their share of all files in percent."""
    if totals is None:
        return None, None
    images = totals.labels.get(label, 0)
    return images, round(100 * images / totals.files, 3) if totals.files > 0 else None
