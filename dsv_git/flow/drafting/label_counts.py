"""How many files of each label a derived version keeps, and how many it leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from dsv_git.manifest.entry import Entry


@dataclass(frozen=True)
class LabelCount:
    """How many files of a label stay and go; a file counts once for each of its labels. The label
    None stands for files without one."""

    label: str | None
    stay: int
    go: int


def label_counts(kept: Iterable[Entry], gone: Iterable[Entry]) -> tuple[LabelCount, ...]:
    """The counts by label, sorted; files without one last."""
    stay, go = _per_label(kept), _per_label(gone)
    labels = sorted({*stay, *go}, key=lambda label: (label is None, label or ""))
    return tuple(LabelCount(label, stay[label], go[label]) for label in labels)


def _per_label(entries: Iterable[Entry]) -> Counter[str | None]:
    found: Counter[str | None] = Counter()
    for entry in entries:
        found.update(set(entry.labels) or (None,))
    return found
