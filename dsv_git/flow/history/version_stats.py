"""The numbers of a version against its parents, from changed lists alone where that suffices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dsv_git.diff.change_stats import ChangeStats, change_stats, moved_on, record_stats
from dsv_git.diff.changes import Diff
from dsv_git.diff.parents import diff_against_parents, mounted
from dsv_git.diff.stats import Totals, tally
from dsv_git.errors import InputError
from dsv_git.flow.history.changed_rows import diff_manifests
from dsv_git.manifest.declaration import Data
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.mounting import normal_root
from dsv_git.manifest.names import printable, unsafe_path
from dsv_git.manifest.record import Record, RecordStats


@dataclass(frozen=True)
class ParentContent:
    """A parent's manifest as that version has it, and its record where there is one."""

    manifest: Manifest
    record: Record | None


@dataclass(frozen=True)
class VersionStats:
    """What a version's record holds, and the change that is in it. A version without parents has no
    diff: all of it was added."""

    record: RecordStats
    change: ChangeStats
    diff: Diff | None = None


@dataclass(frozen=True)
class _Rows:
    """The entries of a manifest, read list by list as often as they are gone through."""

    manifest: Manifest

    def __iter__(self) -> Iterator[Entry]:
        for path in self.manifest.lists:
            yield from self.manifest.rows(path)


def version_stats(manifest: Manifest, parents: Sequence[ParentContent]) -> VersionStats:
    """The numbers of a version. Lists are gone through one by one, never all at once: memory grows
    with what changed. Raises InputError for lists that may not be registered."""
    if not parents:
        totals = tally(_safe(manifest, _Rows(manifest))).totals
        whole = ChangeStats(added=totals.files, bytes_added=totals.bytes, labels=totals.labels)
        return VersionStats(record_stats(totals, whole), whole)
    only = parents[0] if len(parents) == 1 else None
    if only is not None and only.record is not None and _same_places(manifest, only.manifest):
        _refuse_other_forms(manifest, only.manifest)
        diff = diff_manifests(only.manifest, manifest)
        totals = moved_on(recorded_totals(only.record), change_stats(diff))
    else:
        data = manifest.declaration.data
        before = [mounted(_Rows(p.manifest), mount_of(data, p.manifest)) for p in parents]
        diff = diff_against_parents(before, _Rows(manifest))
        totals = tally(_Rows(manifest)).totals
    refuse_unsafe(manifest, (c.after for c in diff.changes if c.after is not None))
    change = change_stats(diff)
    return VersionStats(record_stats(totals, change), change, diff)


def recorded_totals(record: Record) -> Totals:
    """The totals that a record states."""
    return Totals(record.stats.files, record.stats.bytes, record.stats.labels)


def _refuse_other_forms(manifest: Manifest, parent: Manifest) -> None:
    """A digest is of the one valid encoding: the diff reads rows that differ, this whole lists."""
    for path, blob in manifest.lists.items():
        if parent.lists.get(path) != blob:
            manifest.listed(path)


def _same_places(one: Manifest, other: Manifest) -> bool:
    """Whether a path means the same in both, and is in the same list."""
    data, before = one.declaration.data, other.declaration.data
    return one.layout == other.layout and set(data.roots) == set(before.roots)


def mount_of(data: Data, parent: Manifest) -> str:
    """The mount below which a merged manifest has a parent's entries; empty where it mounts none.

    It is the one whose root is the parent's own, else the one that is named like the parent.
    """
    theirs = parent.declaration.data.roots
    if "" not in theirs or "" in data.roots:
        return ""
    place = normal_root(theirs[""])
    same = [mount for mount, root in data.roots.items() if normal_root(root) == place]
    named = parent.name.replace("/", "-")
    if named in data.roots and (not same or named in same):
        return named
    return same[0] if same else ""


def refuse_unsafe(manifest: Manifest, entries: Iterable[Entry]) -> None:
    """Raises InputError for an entry whose path leaves its root."""
    for _ in _safe(manifest, entries):
        pass


def _safe(manifest: Manifest, entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries, as far as no path leaves its root."""
    for entry in entries:
        reason = unsafe_path(entry.path)
        if reason is not None:
            raise InputError(
                f"the path {printable(entry.path)!r} {reason}",
                where=manifest.files.where,
                hint="dsv check",
            )
        yield entry
