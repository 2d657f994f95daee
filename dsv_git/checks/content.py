"""All that is under check: the manifests of a commit, of the index or of the working tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from dsv_git.checks.drift import Drift
from dsv_git.checks.merged import Merged
from dsv_git.checks.overrides import Override
from dsv_git.checks.subject import Subject, all_records, recorded_versions, records_of
from dsv_git.errors import InputError
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.record import Record


@dataclass(frozen=True)
class Held:
    """A record, and what makes its version one that others rely on: a remote branch or a child, or
    an empty text."""

    record: Record
    holder: str


class History(Protocol):
    """What the repository knows besides the content under check."""

    def digest(self, manifest: Manifest) -> str:
        """The digest of a manifest's lists."""

    def remote_records(self, manifest: str, version: str) -> Sequence[Held]:
        """The records of a version at the tips of remote-tracking refs."""

    def names(self, manifest: str, version: str) -> bool:
        """Whether a commit of the history has this version of this manifest."""

    def keeps(self, key8: str) -> bool:
        """Whether a registered version whose key begins so is kept in this clone."""

    def is_shallow(self) -> bool:
        """Whether the clone lacks a part of its history."""


@dataclass(frozen=True)
class Content:
    """The manifests under check, and the files below `folder` that belong to none.

    `before` has the manifests that the change starts from, those that it removes included.
    `odd` is what is no plain file (path → what it is), `unmerged` what a merge left in conflict
    (path → manifest, which is not among the subjects then); `loose` are files outside of every
    manifest. All paths are below `folder`. `overrides` are what the change's messages say yes to,
    `merges` the merges that it holds, or that is under way; `drift` is the data of this machine
    against some of the manifests, where somebody looked.
    """

    folder: str
    subjects: tuple[Subject, ...]
    before: Mapping[str, Manifest]
    history: History
    loose: tuple[str, ...] = ()
    odd: Mapping[str, str] = field(default_factory=dict)
    unmerged: Mapping[str, str] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    merges: tuple[Merged, ...] = ()
    drift: Mapping[str, Drift] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> Mapping[str, Subject]:
        """The manifests under check."""
        return {subject.name: subject for subject in self.subjects}

    def records(self, manifest: str, version: str) -> tuple[Record, ...]:
        """The records of a version that are at hand, each key once: as it is under check, where it
        was there before with another ID."""
        there = reversed(list(self._both(manifest)))
        found = {r.key: r for one in there for r in records_of(one, version)}
        return tuple(found.values())

    @cached_property
    def recorded(self) -> Mapping[str, tuple[Subject, ...]]:
        """The versions that have a record under check, by their names, with the manifests."""
        found: dict[str, dict[str, Subject]] = {}
        for subject in self.subjects:
            for version in recorded_versions(subject.manifest):
                found.setdefault(version, {})[subject.name] = subject
        return {version: tuple(subjects.values()) for version, subjects in found.items()}

    def child_of(self, manifest: str, record: Record) -> str | None:
        """Another version whose record names this one as a parent, as `manifest@version`."""
        ids = {record.id, *record.former_ids}
        for child, other in self._all_records:
            for parent in other.parents:
                named = parent.manifest == manifest and parent.version == record.version
                if named and parent.id in ids:
                    return f"{child}@{other.version}"
        return None

    def declares(self, manifest: str, version: str) -> bool:
        """Whether the manifest has this version, now or before the change."""
        for there in self._both(manifest):
            with suppress(InputError):
                if there.declaration.version == version:
                    return True
        return False

    @cached_property
    def _all_records(self) -> tuple[tuple[str, Record], ...]:
        manifests = [subject.manifest for subject in self.subjects] + list(self.before.values())
        return tuple((m.name, record) for m in manifests for record in all_records(m))

    def _both(self, manifest: str) -> Iterator[Manifest]:
        if manifest in self.by_name:
            yield self.by_name[manifest].manifest
        if manifest in self.before:
            yield self.before[manifest]
