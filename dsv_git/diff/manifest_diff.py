"""One manifest before and after, with what a reader needs besides its entries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from dsv_git.diff.change_stats import ChangeStats, change_stats, moved_on
from dsv_git.diff.changes import Diff
from dsv_git.diff.stats import Totals


@dataclass(frozen=True)
class LabelBalance:
    """How many images have a label, before and after; None where only the change is known."""

    label: str
    before: int | None
    after: int | None
    change: int


@dataclass(frozen=True)
class ManifestDiff:
    """The difference between two versions of one manifest.

    `before` and `after` are version texts, None where the manifest is not there. `parents` are
    those of the later side, as its manifest names them. Totals are of the whole version, where
    they are known without reading it (from its record); one side is enough, for the diff leads
    to the other.
    """

    manifest: str
    before: str | None
    after: str | None
    diff: Diff
    parents: tuple[str, ...] = ()
    known_before: Totals | None = None
    known_after: Totals | None = None

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
        """The labels whose number of images changed: the largest change first, then by name."""
        before, after = self.totals_before, self.totals_after
        rows = (
            LabelBalance(
                label,
                None if before is None else before.labels.get(label, 0),
                None if after is None else after.labels.get(label, 0),
                change,
            )
            for label, change in self.change.labels.items()
        )
        return tuple(sorted(rows, key=lambda row: (-abs(row.change), row.label)))
