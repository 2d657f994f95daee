"""Where in the data a change took place."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from dsv_git.diff.change import Change, Kind
from dsv_git.diff.changes import Diff


@dataclass(frozen=True)
class FolderChange:
    """What happened to the files of one folder; with `target`, what moved from there to another."""

    folder: str
    """Path from the data root without a final `/`; "" is the root itself."""
    target: str | None
    counts: Counter[Kind]

    @property
    def total(self) -> int:
        """How many changes these are."""
        return self.counts.total()


def folder_changes(diff: Diff) -> tuple[FolderChange, ...]:
    """The changes of `diff` by folder, the largest first, then by path.

    A file counts in the folder that holds it directly; one that moved to another folder counts once
    for the move between the two.
    """
    found: defaultdict[tuple[str, str | None], Counter[Kind]] = defaultdict(Counter)
    for kind, changes in diff.by_kind.items():
        for change in changes:
            found[_where(kind, change)][kind] += 1
    rows = [FolderChange(folder, target, counts) for (folder, target), counts in found.items()]
    return tuple(sorted(rows, key=lambda row: (-row.total, row.folder, row.target or "")))


def _where(kind: Kind, change: Change) -> tuple[str, str | None]:
    here = change.path.rpartition("/")[0]
    if kind is not Kind.RENAMED or change.before is None:
        return here, None
    former = change.before.path.rpartition("/")[0]
    return (here, None) if former == here else (former, here)
