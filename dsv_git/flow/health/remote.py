"""What `dsv doctor --remote` asks: whether git and the registry say the same of every version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from dsv_git.errors import InputError
from dsv_git.flow.health.finding import Check, Finding
from dsv_git.flow.health.record import (
    SYNC,
    Recorded,
    edits,
    identity,
    lineage,
    presence,
)
from dsv_git.flow.health.unnamed import Known, duplicates, half_made, orphans
from dsv_git.flow.history.snapshots import Records
from dsv_git.flow.history.unregistered import unrecorded
from dsv_git.flow.register.again import current_parents
from dsv_git.flow.register.known import Told
from dsv_git.flow.register.registries import open_registry
from dsv_git.flow.register.stated import stated_trees
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.clone import led_to_by_none
from dsv_git.gitrepo.lock import exclusive
from dsv_git.gitrepo.state import clone_id
from dsv_git.gitrepo.tips import tip_trees
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.parent import FOREIGN
from dsv_git.registry.port import Held, Registry


def remote_checks(workspace: Workspace) -> Iterator[Check]:
    """Compares every record at HEAD with the registry, and what the registry has with the records.

    What `dsv sync` is to tell again is marked for it. Raises Unreachable, and InputError for
    records that cannot be read.
    """
    registry = open_registry(workspace)
    tip = workspace.objects.resolve("HEAD^{commit}")
    yield Check("registry", f"{registry.name} answers")
    if tip is None:
        return
    comparison = Comparison(workspace, registry, tip)
    yield from _records(comparison)
    there, ids, known = comparison.there, set(comparison.held), comparison.known
    found = tuple(half_made(there, ids, known))
    yield Check("half-made", "nothing in ClearML is half-made", found)
    found = tuple(duplicates(there, ids, known))
    yield Check("duplicates", "no version is there twice", found)
    found = tuple(orphans(there, ids, known, lambda: _keys(workspace)))
    yield Check("orphaned", "every version there has its record", found)


def _records(comparison: Comparison) -> Iterator[Check]:
    """Each recorded version against what the registry has under its ID."""
    versions, held = comparison.versions, comparison.held
    there = [(one, held[one.record.id]) for one in versions if one.record.id in held]
    absent = tuple(f for one in versions for f in presence(one, held.get(one.record.id)))
    yield Check("missing", f"all of {len(versions)} recorded versions are there", absent)
    other = tuple(f for one, found in there for f in identity(one, found))
    yield Check("identity", "keys, digests and versions are those of the records", other)
    strange = tuple(f for one, found in there for f in lineage(one, found))
    yield Check("lineage", "parents are those of the records", strange)
    lost = led_to_by_none(comparison.workspace.repository, [h.commit for _, h in there])
    edited = tuple(f for one, found in there for f in edits(one, found, lost))
    _tell_again(
        comparison.workspace, [f.id for f in (*absent, *edited) if f.repair == SYNC and f.id]
    )
    yield Check("edited", "descriptions, tags and properties are the manifests'", edited)
    yield Check("foreign", "parents that are tracked elsewhere are there", comparison.foreign())


def _tell_again(workspace: Workspace, ids: Iterable[str]) -> None:
    """Marks versions for `dsv sync`: it tells a registry only what it has not told yet."""
    wanted = list(ids)
    if not wanted:
        return
    with exclusive(workspace.repository, wait=True):
        told = Told.read(workspace)
        told.forget(wanted)
        told.write()


def _keys(workspace: Workspace) -> frozenset[str]:
    """The keys of every record at the tips of all branches, fetched ones among them."""
    found: set[str] = set()
    for root in tip_trees(workspace.repository, workspace.objects, workspace.config.manifests):
        records = Records(workspace, workspace.manifest_trees(root))
        for name in records.trees:
            with suppress(InputError):  # a broken record of another branch names nobody
                found |= {record.key for record in records.all(name)}
    return frozenset(found)


@dataclass
class Comparison:
    """The records at HEAD and the registry, each asked for once."""

    workspace: Workspace
    registry: Registry
    tip: str

    @cached_property
    def records(self) -> Records:
        """The records at HEAD."""
        root = self.workspace.objects.resolve(f"{self.tip}:{self.workspace.config.manifests}")
        return Records(self.workspace, self.workspace.manifest_trees(root) if root else {})

    @cached_property
    def versions(self) -> tuple[Recorded, ...]:
        """The recorded versions of this registry."""
        every = [(name, r) for name in self.records.trees for r in self.records.all(name)]
        by_id = {one: record for _, record in every for one in (record.id, *record.former_ids)}
        found = []
        for name in self.records.trees:
            own = [r for n, r in every if n == name and r.registry == self.registry.name]
            trees = stated_trees(self.workspace, self.tip, name, own)
            for r in own:
                said = self._said(name, trees[r.key]) if r.key in trees else None
                found.append(Recorded(name, r, said, current_parents(r, by_id)))
        return tuple(found)

    @cached_property
    def held(self) -> dict[str, Held]:
        """What the registry has of them, by ID."""
        found = self.registry.read(tuple(one.record.id for one in self.versions))
        return {held.id: held for held in found}

    @cached_property
    def there(self) -> tuple[Held, ...]:
        """What the registry has in the datasets of HEAD's manifests."""
        named = [self._said(name, tree) for name, tree in self.records.trees.items()]
        return self.registry.versions([one for one in named if one is not None])

    @cached_property
    def known(self) -> Known:
        """What this clone knows of versions."""
        pending = {
            item.key: "@".join(item.seen.snapshot.name)
            for item in unrecorded(self.workspace, self.tip).unregistered
            if item.key is not None
        }
        recorded = {
            r.key: f"{name}@{r.version}"
            for name in self.records.trees
            for r in self.records.all(name)
        }
        return Known(recorded, pending, clone_id(self.workspace.repository))

    def foreign(self) -> tuple[Finding, ...]:
        """What is wrong with parents that are tracked elsewhere."""
        named = {
            parent.id.removeprefix(FOREIGN): one
            for one in self.versions
            for parent in one.record.parents
            if parent.manifest is None
        }
        there = {held.id for held in self.registry.read(tuple(named))}
        return tuple(
            one.found(
                f"its parent {parent}, which is tracked elsewhere, was deleted in ClearML",
                f"ask whoever tracks it; else leave it out of parents: in the next {one.name}",
            )
            for parent, one in named.items()
            if parent not in there
        )

    def _said(self, name: str, tree: str) -> Declaration | None:
        where = self.workspace.path_of(name)
        with suppress(InputError):  # dsv check says what is wrong with it
            return self.workspace.manifest_at(tree, name, where).declaration
        return None
