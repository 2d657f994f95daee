"""Registering versions, parents first, and the records that come of it."""

from __future__ import annotations

from dataclasses import dataclass

from dsv_git.errors import DsvError, InputError
from dsv_git.flow.contents import Contents
from dsv_git.flow.pending import Pending, Problem
from dsv_git.flow.version_stats import ParentContent, version_stats
from dsv_git.flow.view import View
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.manifest.record import Record, RecordedParent
from dsv_git.registry.port import Draft, Origin, Registry


@dataclass(frozen=True)
class Registered:
    """A version that was registered just now."""

    manifest: str
    dataset: str
    id: str
    record: Record


@dataclass
class Registration:
    """One run of registrations: a child finds the record of a parent registered just before."""

    workspace: Workspace
    view: View
    registry: Registry
    branch: str

    def __post_init__(self) -> None:
        self._new: dict[str, Record] = {}
        self._contents = Contents(self.workspace, self.view.records, self.view.resolver.seen)

    def attempt(self, item: Pending) -> Registered | Problem:
        """Registers one version, or says why it stays pending."""
        try:
            return self._register(item)
        except DsvError as error:
            manifest, version = item.seen.snapshot.name
            hint = error.hint or "dsv sync"
            return Problem(manifest, version, error.message, hint, error.exit_code)

    def _register(self, item: Pending) -> Registered:
        snapshot = item.seen.snapshot
        parents = [self._parent(parent.manifest, key) for parent, key in item.parents]
        manifest = self._contents.manifest(snapshot)
        content = [p for p in parents if isinstance(p, ParentContent)]
        stats = version_stats(manifest, content)
        named = tuple(
            RecordedParent(id=key, manifest=None, version=None)
            if parent.foreign
            else self._recorded_parent(parent.manifest, key)
            for parent, key in item.parents
        )
        draft = Draft(
            item.key,
            manifest,
            tuple(parent.id for parent in named),
            stats,
            Origin(item.seen.made_by, self.branch),
        )
        version_id = self.registry.find(item.key) or self.registry.register(draft)
        former = item.replaces
        if former is not None and former.registry == self.registry.name:
            self.registry.archive(former.id)
        refs.keep_tree(self.workspace.repository, item.key, snapshot.tree)
        record = Record(
            version=snapshot.declaration.version,
            key=item.key,
            digest=snapshot.digest,
            registry=self.registry.name,
            id=version_id,
            former_ids=(),
            parents=tuple(sorted(named, key=lambda p: (p.manifest or "", p.version or "", p.id))),
            stats=stats,
        )
        self._new[item.key] = record
        return Registered(snapshot.manifest, snapshot.declaration.dataset, version_id, record)

    def _record(self, manifest: str, key: str) -> Record:
        found = self._new.get(key)
        if found is None:
            found = next((r for r in self.view.records.all(manifest) if r.key == key), None)
        if found is None:
            raise InputError(f"the parent {manifest} with the key {key[:8]} is not registered")
        return found

    def _recorded_parent(self, manifest: str, key: str) -> RecordedParent:
        record = self._record(manifest, key)
        return RecordedParent(id=record.id, manifest=manifest, version=record.version)

    def _parent(self, manifest: str, key: str) -> ParentContent | None:
        """A parent's content; None for one that is tracked elsewhere."""
        if not manifest:
            return None
        record = self._record(manifest, key)
        return ParentContent(self._contents.of_key(manifest, record), record)
