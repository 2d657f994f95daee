"""The walk back through the commits that touched one manifest, on the track of a file.

A commit's lists are compared by the ids of git's trees, the bytes of those that differ are searched
for what is followed, and only where they have it the commit is compared row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from dsv_git.diff.change import Change
from dsv_git.flow.history.changed_rows import diff_manifests
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.commits import steps_touching
from dsv_git.gitrepo.objects import Objects
from dsv_git.gitrepo.treediff import changed_blobs
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.layout import LISTS
from dsv_git.manifest.manifest import Manifest, is_list


@dataclass(frozen=True)
class Track:
    """What is followed: the rows of some paths, or all rows of one content."""

    paths: frozenset[str] = frozenset()
    hash: str | None = None

    def meets(self, entry: Entry | None) -> bool:
        """Whether a row is one of those that are followed."""
        return entry is not None and (entry.path in self.paths or entry.hash == self.hash)

    @property
    def needles(self) -> tuple[bytes, ...]:
        """What a list that holds such a row has among its bytes."""
        if self.hash is not None:
            return (needle_of_hash(self.hash),)
        names = {path.rpartition("/")[2] for path in self.paths}
        return tuple(msgspec.json.encode(name)[1:] + b',"size":' for name in sorted(names))


def needle_of_hash(digest: str) -> bytes:
    """What the row of a content has among its bytes."""
    return b'"hash":' + msgspec.json.encode(digest)


@dataclass(frozen=True)
class Met:
    """A change that a commit made to what is followed; `parent` is the commit before it."""

    manifest: str
    commit: str
    parent: str | None
    change: Change


@dataclass
class Walk:
    """The commits from `start` back that touched a manifest, and the changes met in them.

    `left` are names under which the content went on, where it left the followed path.
    """

    workspace: Workspace
    manifest: str
    start: str
    track: Track
    left: set[str] = field(default_factory=set)

    def met(self) -> Iterator[Met]:
        """The changes, newest first. Raises InputError for lists that cannot be read."""
        folder = self.workspace.path_of(self.manifest)
        tracks: dict[str, set[str]] = {}
        for step in steps_touching(self.workspace.repository, self.start, folder):
            track = self.track
            if track.hash is None:
                track = Track(track.paths | frozenset(tracks.pop(step.commit, ())))
            sides = [self._changes(step.commit, p, track) for p in step.parents or (None,)]
            for parent, changes in zip(step.parents, sides, strict=False):
                tracks.setdefault(parent, set()).update(track.paths, _former(changes))
            for change in _in_all(sides):
                if change.after is not None and change.after.path not in track.paths:
                    self.left.add(change.after.path)
                yield Met(self.manifest, step.commit, next(iter(step.parents), None), change)

    def _changes(self, commit: str, parent: str | None, track: Track) -> tuple[Change, ...]:
        objects = self.workspace.objects
        before, after = (
            objects.resolve(f"{one}:{self.workspace.path_of(self.manifest)}") if one else None
            for one in (parent, commit)
        )
        if before == after or not _hit(objects, before, after, track):
            return ()
        diff = diff_manifests(self._manifest(before), self._manifest(after))
        return tuple(c for c in diff.changes if track.meets(c.before) or track.meets(c.after))

    def _manifest(self, tree: str | None) -> Manifest | None:
        where = self.workspace.path_of(self.manifest)
        return self.workspace.manifest_at(tree, self.manifest, where) if tree else None


def _hit(objects: Objects, before: str | None, after: str | None, track: Track) -> bool:
    sides = (f"{tree}:{LISTS}" if tree else None for tree in (before, after))
    changed = changed_blobs(objects, *sides)
    blobs = [
        blob
        for path, pair in changed.items()
        if is_list(f"{LISTS}/{path}")
        for blob in pair
        if blob is not None
    ]
    return any(True for _ in holding(objects, blobs, track.needles))


def holding(
    objects: Objects, blobs: Iterable[str], needles: tuple[bytes, ...]
) -> Iterator[tuple[str, bytes]]:
    """The blobs that have one of some texts among their bytes, with their bytes."""
    wanted = list(dict.fromkeys(blobs))
    for blob, data in zip(wanted, objects.blobs(wanted), strict=True):
        if any(needle in data for needle in needles):
            yield blob, data


def _former(changes: Iterable[Change]) -> Iterator[str]:
    """The paths that the followed rows had before."""
    for change in changes:
        former = change.before if change.before is not None else change.origin
        if change.after is not None and former is not None:
            yield former.path


def _in_all(sides: list[tuple[Change, ...]]) -> Iterator[Change]:
    """The changes that a commit itself made: of a merge those against every parent."""
    first, *others = sides
    for change in first:
        if all(any(_row(other) == _row(change) for other in side) for side in others):
            yield change


def _row(change: Change) -> tuple[str, Entry | None]:
    return change.path, change.after
