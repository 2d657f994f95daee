"""Every version that a commit knows: those with a record, and those that have none yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from dsv_git.errors import InputError
from dsv_git.flow.history.contents import Contents
from dsv_git.flow.history.expected import expected_stats, parent_record
from dsv_git.flow.history.origins import Origins
from dsv_git.flow.history.snapshots import Records
from dsv_git.flow.history.unregistered import State, Unrecorded, Unregistered, unrecorded
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import printable
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.record import Record, RecordStats
from dsv_git.manifest.yamltext import nearest
from dsv_git.review.lineage import children_first


@dataclass(frozen=True)
class Ancestor:
    """A parent as a version names it: `manifest@version`, or `clearml:ID`. The ID is None where
    the parent is not registered."""

    name: str
    id: str | None


@dataclass(frozen=True)
class Version:
    """A version of a manifest. `name` is `manifest@version`, with `#` and eight digits of the key
    where several versions have that name.

    `reason` says why a version cannot be registered. `made_by` is the id of the commit that made
    it; None where a shallow clone does not tell. Stats of a version without a record are None;
    `Catalogue.with_stats` counts them.
    """

    name: str
    manifest: str
    version: str
    state: State
    id: str | None
    key: str | None
    digest: str
    registry: str | None
    former_ids: tuple[str, ...]
    parents: tuple[Ancestor, ...]
    stats: RecordStats | None
    made_by: str | None
    reason: str | None = None


@dataclass(frozen=True)
class Catalogue:
    """The versions of all manifests of a commit: the newest first, children before parents."""

    versions: tuple[Version, ...]
    contents: Contents
    found: Unrecorded

    @property
    def records(self) -> Records:
        """The records of the commit."""
        return self.found.records

    def manifest(self, version: Version) -> Manifest:
        """The lists and all of a version. Raises InputError where they are not in this clone."""
        seen = self.contents.seen.get((version.manifest, version.version))
        if seen is not None and seen.snapshot.digest == version.digest:
            # As it is described now, not as it was when it was registered.
            return self.contents.manifest(seen.snapshot)
        return self.contents.of_key(version.manifest, self.record(version))

    def record(self, version: Version) -> Record:
        """The record of a registered version."""
        found = self.records.of(version.manifest, version.version)
        return next(record for record in found if record.key == version.key)

    def with_stats(self, version: Version) -> Version:
        """A version with its numbers: those of a version without a record are counted now."""
        if version.state == "registered":
            return version
        seen = self.found.seen[version.manifest, version.version]
        stats = expected_stats(seen.snapshot, self.found, self.contents)
        return replace(version, stats=stats)


def catalogue(workspace: Workspace, tip: str) -> Catalogue:
    """The versions that the commit `tip` knows. Raises InputError for records that are broken."""
    found = unrecorded(workspace, tip)
    origins = Origins(workspace, tip)
    replaced = {item.replaces.key for item in found.unregistered if item.replaces is not None}
    versions = [
        _registered(manifest, record, origins)
        for manifest in found.records.trees
        for record in found.records.all(manifest)
        if record.key not in replaced
    ]
    versions += [_unregistered(item, found.records) for item in found.unregistered]
    contents = Contents(workspace, found.records, found.seen)
    return Catalogue(_ordered(_named(versions), origins), contents, found)


def _registered(manifest: str, record: Record, origins: Origins) -> Version:
    return Version(
        name=f"{manifest}@{record.version}",
        manifest=manifest,
        version=record.version,
        state="registered",
        id=record.id,
        key=record.key,
        digest=record.digest,
        registry=record.registry,
        former_ids=record.former_ids,
        parents=tuple(
            Ancestor(f"{p.manifest}@{p.version}" if p.version else p.id, p.id)
            for p in record.parents
        ),
        stats=record.stats,
        made_by=origins.of(manifest, record),
    )


def _unregistered(item: Unregistered, records: Records) -> Version:
    snapshot = item.seen.snapshot
    manifest, version = snapshot.name
    former = item.replaces
    return Version(
        name=f"{manifest}@{version}",
        manifest=manifest,
        version=version,
        state=item.state,
        id=None,
        key=item.key,
        digest=snapshot.digest,
        registry=None,
        former_ids=(former.id, *former.former_ids) if former is not None else (),
        parents=tuple(_ancestor(parent, records) for parent in snapshot.declaration.parents),
        stats=None,
        made_by=item.seen.made_by or None,
        reason=item.reason,
    )


def _ancestor(parent: Parent, records: Records) -> Ancestor:
    if parent.foreign:
        return Ancestor(parent.foreign, parent.foreign)
    record = parent_record(parent, records)
    return Ancestor(str(parent), record.id if record is not None else None)


def _named(versions: Iterable[Version]) -> list[Version]:
    """The versions under names that are theirs alone, and parents by those names."""
    found = list(versions)
    often = Counter((v.manifest, v.version) for v in found)
    own = [
        replace(v, name=f"{v.name}#{v.key[:8]}")
        if v.key is not None and often[v.manifest, v.version] > 1
        else v
        for v in found
    ]
    by_id = {one: v.name for v in own for one in (v.id, *v.former_ids) if one is not None}
    return [
        replace(
            v,
            parents=tuple(
                replace(p, name=by_id.get(p.id, p.name)) if p.id is not None else p
                for p in v.parents
            ),
        )
        for v in own
    ]


def _ordered(versions: list[Version], origins: Origins) -> tuple[Version, ...]:
    """The newest first: by the commit that made them, children before parents, then by name."""
    by_name = {v.name: v for v in versions}
    newest = sorted(
        versions, key=lambda v: (-origins.places.get(v.made_by or "", -1), v.manifest, v.version)
    )
    parents = {v.name: [p.name for p in v.parents] for v in newest}
    return tuple(by_name[name] for name in children_first(parents))


def not_committed(workspace: Workspace, name: str, names: Iterable[str]) -> InputError:
    """The error of a manifest that HEAD has not."""
    if name in workspace.names:
        return InputError(
            f"{name} is not committed yet", hint=f"git add {workspace.config.manifests}, git commit"
        )
    known = sorted({*names, *workspace.names})
    near = nearest(name, known)
    there = f"there are: {', '.join(known)}" if known else "dsv add DATA --name N"
    return InputError(
        f"no manifest {printable(name)}", hint=f"did you mean {near}?" if near else there
    )
