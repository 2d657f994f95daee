"""A file's life through several manifests: renamed ones, and what a merged one was made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from dsv_git.diff.change import Kind
from dsv_git.flow.blaming.places import Place, find, manifest_trees
from dsv_git.flow.blaming.walk import Met, Track, Walk
from dsv_git.flow.history.snapshots import Records, Snapshots
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.commits import CommitFacts, describe_all
from dsv_git.gitrepo.history import read_commit, shallow_boundary
from dsv_git.gitrepo.refs import KEPT
from dsv_git.manifest.entry import Entry


@dataclass(frozen=True)
class Event:
    """What one commit did to the file. `version` is what the manifest names itself there, `id` that
    version's, None where it has none.

    `source` is where the content was before, if it was under another path or in another manifest,
    `target` where it went on. `flags` say what else it got: another label, annotations, props.
    """

    kind: Kind
    flags: tuple[Kind, ...]
    manifest: str
    path: str
    version: str | None
    id: str | None
    commit: CommitFacts
    before: Entry | None
    after: Entry | None
    source: Place | None = None
    target: Place | None = None


@dataclass
class Lives:
    """Follows tracks from manifest to manifest, each once. `left` are the paths that the file left
    for in the manifest that was asked for."""

    workspace: Workspace
    left: set[str] = field(default_factory=set)
    _walked: set[tuple[str, str, Track]] = field(default_factory=set)
    _done: set[tuple[str, str, str]] = field(default_factory=set)

    def of(self, manifest: str, start: str, track: Track) -> tuple[Event, ...]:
        """The events of a track up to a commit, oldest first. Raises InputError."""
        walk = Walk(self.workspace, manifest, start, track)
        found = list(self._follow(walk))
        self.left |= walk.left
        facts = describe_all(self.workspace.repository, (met.commit for met, _ in found))
        return tuple(self._event(met, origin, facts[met.commit]) for met, origin in found)

    @cached_property
    def _boundary(self) -> frozenset[str]:
        return shallow_boundary(self.workspace.repository)

    def _follow(self, walk: Walk) -> Iterator[tuple[Met, Place | None]]:
        """What was met, oldest first, with where else it was before."""
        self._walked.add((walk.manifest, walk.start, walk.track))
        for met in reversed(list(walk.met())):
            known = (met.commit, met.manifest, met.change.path)
            if known in self._done:
                continue
            self._done.add(known)
            origin: Place | None = None
            for place, start in self._elsewhere(met):
                origin = place
                track = walk.track
                if track.hash is None:
                    track = Track(frozenset({place.path}))
                if (place.manifest, start, track) not in self._walked:
                    yield from self._follow(Walk(self.workspace, place.manifest, start, track))
            yield met, origin

    def _elsewhere(self, met: Met) -> Iterator[tuple[Place, str]]:
        """Where a file that came with new content was before, in other manifests: in one that this
        commit renamed, else in a parent of the version; with the commit to look back from."""
        entry = met.change.after
        if entry is None or met.change.before is not None or met.change.source is not None:
            return
        objects, folder = self.workspace.objects, self.workspace.config.manifests
        here = self.workspace.manifests_at(met.commit)
        found = False
        parents = read_commit(objects, met.commit, folder).parents
        for parent in () if met.commit in self._boundary else parents:
            there = self.workspace.manifests_at(parent)
            for name in sorted(there.keys() - here.keys()):
                if row := find(self.workspace, there[name], entry):
                    found = True
                    yield Place(name, row.path), parent
        if found:
            return
        records = Records(self.workspace, manifest_trees(self.workspace, met.commit))
        for declared in here[met.manifest].declaration.parents:
            name = declared.manifest
            if declared.foreign or name == met.manifest:
                continue
            kept = [
                self.workspace.manifest_at(tree, name, str(declared))
                for record in records.of(name, declared.version)
                if record.key.startswith(declared.key8)
                and (tree := objects.resolve(f"{KEPT}{record.key}")) is not None
            ]
            for manifest in (*kept, *([here[name]] if name in here else [])):
                if row := find(self.workspace, manifest, entry):
                    yield Place(name, row.path), met.commit
                    break

    def _event(self, met: Met, origin: Place | None, facts: CommitFacts) -> Event:
        change, manifest = met.change, met.manifest
        target = self._target(met)
        former = change.source if change.before is None or change.moved else None
        if change.kind is Kind.RENAMED:
            former = change.before
        source = origin or (Place(manifest, former.path) if former is not None else None)
        version, version_id = self._version(met)
        return Event(
            kind=self._kind(met, origin, target),
            flags=change.flags,
            manifest=manifest,
            path=change.path,
            version=version,
            id=version_id,
            commit=facts,
            before=change.before if change.before is not None else change.origin,
            after=change.after,
            source=source,
            target=target,
        )

    def _kind(self, met: Met, origin: Place | None, target: Place | None) -> Kind:
        if target is not None:
            return Kind.RENAMED
        if origin is None:
            return met.change.kind
        here = manifest_trees(self.workspace, met.commit)
        return Kind.COPIED if origin.manifest in here else Kind.RENAMED

    def _target(self, met: Met) -> Place | None:
        """Where a file went on whose manifest was renamed."""
        entry = met.change.before
        if met.change.after is not None or entry is None or met.parent is None:
            return None
        here = self.workspace.manifests_at(met.commit)
        if met.manifest in here:
            return None
        for name in sorted(here.keys() - manifest_trees(self.workspace, met.parent).keys()):
            if row := find(self.workspace, here[name], entry):
                return Place(name, row.path)
        return None

    def _version(self, met: Met) -> tuple[str | None, str | None]:
        """The version that a commit's manifest names, with its ID; where the manifest is gone there
        is neither. The commit's own record comes before one that came later."""
        tree = manifest_trees(self.workspace, met.commit).get(met.manifest)
        if tree is None:
            return None, None
        manifest = self.workspace.manifest_at(tree, met.manifest, met.manifest)
        version = manifest.declaration.version
        for trees in ({met.manifest: tree}, manifest_trees(self.workspace, "HEAD")):
            records = Records(self.workspace, trees).of(met.manifest, version)
            if len(records) > 1:
                own = Snapshots(self.workspace).digest(manifest)
                records = tuple(r for r in records if r.digest == own) or records
            if records:
                return version, records[0].id
        return version, None
