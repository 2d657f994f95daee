"""Contents that are in a version more than once: which copy stays, which can go, which disagree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry

Matter = Literal["label", "split", "annotations"]
"""What copies of one content can disagree on."""


@dataclass(frozen=True)
class Copy:
    """A file that can go, and the path of the copy that stays: in this version, or in the version
    `of` of another manifest."""

    entry: Entry
    kept: str
    of: str | None = None

    @property
    def dropped(self) -> Dropped:
        """As `dropped.jsonl` has it."""
        why = f"duplicate of {self.kept}" if self.of is None else f"also in {self.of}: {self.kept}"
        return Dropped(self.entry.path, self.entry.hash, why)


@dataclass(frozen=True)
class Other:
    """A version whose contents another one shall not have. `name` is `manifest@version`."""

    name: str
    entries: tuple[Entry, ...]

    @property
    def algorithms(self) -> frozenset[str]:
        """How its contents are hashed."""
        return algorithms(self.entries)


@dataclass(frozen=True)
class Disagreement:
    """Copies of one content that say different things, the one that would stay first."""

    copies: tuple[Entry, ...]
    about: tuple[Matter, ...]


@dataclass(frozen=True)
class Deduplication:
    """The entries that stay, the copies that go, and those that need a person's decision."""

    kept: tuple[Entry, ...]
    gone: tuple[Copy, ...]
    disagreements: tuple[Disagreement, ...]


def deduplicate(
    entries: Iterable[Entry],
    *,
    any_label: bool = False,
    spared: Callable[[Entry], bool] = lambda _: False,
) -> Deduplication:
    """Drops a copy where the one that stays says all that it says.

    Of one content (hash and size) the copy stays that says most (label, split, annotations), then
    the labelled one, then the first by path. A copy that says something else stays too, and is
    reported, unless `any_label`. Empty files and `spared` ones are never copies of anything.
    Props do not count.
    """
    ordered = sorted(entries, key=lambda entry: entry.path)
    gone: dict[str, Copy] = {}
    disagreements: list[Disagreement] = []
    for copies in _copies([e for e in ordered if e.size and not spared(e)]):
        staying = _staying(copies, gone, any_label=any_label)
        if len(staying) > 1:
            disagreements.append(Disagreement(tuple(staying), _about(staying)))
    disagreements.sort(key=lambda found: found.copies[0].path)
    return Deduplication(
        tuple(entry for entry in ordered if entry.path not in gone),
        tuple(gone[path] for path in sorted(gone)),
        tuple(disagreements),
    )


def across(
    entries: Iterable[Entry],
    others: Iterable[Other],
    spared: Callable[[Entry], bool] = lambda _: False,
) -> tuple[tuple[Entry, ...], tuple[Copy, ...]]:
    """The entries whose content none of the others has, and those that can go, whatever either side
    says of them: a content of a test set has no place in training. The copy that stays is that of
    the first other one, there the first by path. Empty files and `spared` ones stay."""
    held: dict[tuple[str, int], tuple[str, str]] = {}
    for other in others:
        for entry in sorted(other.entries, key=lambda entry: entry.path):
            held.setdefault((entry.hash, entry.size), (entry.path, other.name))
    rest: list[Entry] = []
    gone: list[Copy] = []
    for entry in entries:
        there = held.get((entry.hash, entry.size))
        if there is None or not entry.size or spared(entry):
            rest.append(entry)
        else:
            gone.append(Copy(entry, *there))
    return tuple(rest), tuple(gone)


def algorithms(entries: Iterable[Entry]) -> frozenset[str]:
    """How contents are hashed: what of two versions is comparable at all."""
    return frozenset(entry.hash.partition(":")[0] for entry in entries)


def _copies(entries: Sequence[Entry]) -> Iterable[list[Entry]]:
    """The entries of each content that is there more than once."""
    # Most contents are there once: a count of each costs less than a list of each.
    counts = Counter((entry.hash, entry.size) for entry in entries)
    several: defaultdict[tuple[str, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        if counts[entry.hash, entry.size] > 1:
            several[entry.hash, entry.size].append(entry)
    return several.values()


def _staying(copies: Iterable[Entry], gone: dict[str, Copy], *, any_label: bool) -> list[Entry]:
    """The copies that stay; the others are put into `gone`."""
    staying: list[Entry] = []
    for copy in sorted(copies, key=_rank):
        kept = next((other for other in staying if any_label or _says_all(other, copy)), None)
        if kept is None:
            staying.append(copy)
        else:
            gone[copy.path] = Copy(copy, kept.path)
    return staying


def _rank(entry: Entry) -> tuple[int, bool, str]:
    silent = sum(value is None for value in (entry.label, entry.split, entry.ann))
    return silent, entry.label is None, entry.path


def _says_all(kept: Entry, copy: Entry) -> bool:
    return (
        copy.label in (None, kept.label)
        and copy.split in (None, kept.split)
        and copy.ann in (None, kept.ann)
    )


def _about(copies: Sequence[Entry]) -> tuple[Matter, ...]:
    values: tuple[tuple[Matter, set[object]], ...] = (
        ("label", {copy.label for copy in copies}),
        ("split", {copy.split for copy in copies}),
        ("annotations", {copy.ann for copy in copies}),
    )
    return tuple(matter for matter, different in values if len(different) > 1)
