"""Registering versions, parents first, and the records that come of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeGuard

from dsv_git.errors import DsvError, ExitCode, InputError
from dsv_git.flow.history.contents import Contents
from dsv_git.flow.history.snapshots import Records
from dsv_git.flow.history.version_stats import ParentContent, version_stats
from dsv_git.flow.register.draft import VersionDraft, ancestors_of
from dsv_git.flow.register.order import Failed, Order, Registered
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.manifest.record import Record, RecordedParent
from dsv_git.registry.port import Ancestor, Registry


@dataclass
class Registration:
    """One run of registrations: a child finds the record of a parent registered just before."""

    workspace: Workspace
    records: Records
    registry: Registry
    branch: str | None

    def __post_init__(self) -> None:
        self._new: dict[str, tuple[str, Record]] = {}
        self._contents = Contents(self.workspace, self.records, {})

    def run(self, orders: Sequence[Order]) -> Iterator[Registered | Failed]:
        """Registers versions, or says of each why it stays pending."""
        failed: set[str] = set()
        before: Failed | None = None
        away: Failed | None = None
        for order in orders:
            lost = next((name for name, key in order.parents if key in failed), None)
            if lost is not None:
                reason = f"its parent of {lost} is not registered"
                outcome: Registered | Failed = _failed(order, reason, "dsv sync", 1)
            elif away is not None:
                outcome = _failed(order, away.reason, away.hint, away.code)
            else:
                outcome = self.attempt(order)
                if _still_away(outcome, before):
                    away = outcome
                before = outcome if isinstance(outcome, Failed) else None
            if isinstance(outcome, Failed):
                failed.add(order.key)
            yield outcome

    def attempt(self, order: Order) -> Registered | Failed:
        """Registers one version, or says why it stays pending."""
        try:
            return self._register(order)
        except DsvError as error:
            hint = error.hint or "dsv sync"
            return _failed(order, error.message, hint, int(error.exit_code))

    def _register(self, order: Order) -> Registered:
        workspace = self.workspace
        manifest = workspace.manifest_at(order.tree, order.manifest, order.manifest)
        parents = [self._parent(name, key) for name, key in order.parents]
        content = tuple(p for p in parents if isinstance(p, ParentContent))
        named = tuple(self._named(name, key) for name, key in order.parents)
        numbers = version_stats(manifest, content)
        prefix = f"{self.registry.name}:"
        ids = tuple(
            parent.id if parent.version else parent.id.removeprefix(prefix) for parent in named
        )
        draft = VersionDraft(
            workspace, order, manifest, numbers, content, ids, self.branch, self._ancestors
        )
        version_id = self.registry.register(draft)
        refs.keep_tree(workspace.repository, order.key, order.tree)
        record = Record(
            version=order.version,
            key=order.key,
            digest=order.digest,
            registry=self.registry.name,
            id=version_id,
            former_ids=tuple(one for one in order.former_ids if one != version_id),
            parents=tuple(sorted(named, key=lambda p: (p.manifest or "", p.version or "", p.id))),
            stats=numbers.record,
        )
        dataset = manifest.declaration.dataset
        self._new[order.key] = (dataset, record)
        return Registered(
            key=order.key,
            manifest=order.manifest,
            dataset=dataset,
            id=version_id,
            file=order.file,
            record=record,
            notes=draft.notes,
            replaces=tuple(one for one in order.replaces if one != version_id),
        )

    def _record(self, manifest: str, key: str) -> Record:
        found = self._new.get(key)
        if found is not None:
            return found[1]
        record = next((r for r in self.records.all(manifest) if r.key == key), None)
        if record is None:
            raise InputError(f"the parent {manifest} with the key {key[:8]} is not registered")
        if record.registry != self.registry.name:
            raise InputError(
                f"its parent {manifest}@{record.version} is registered in {record.registry} alone"
            )
        return record

    def _named(self, manifest: str, key: str) -> RecordedParent:
        """A parent as the record names it."""
        if not manifest:
            return RecordedParent(id=key)
        record = self._record(manifest, key)
        return RecordedParent(id=record.id, manifest=manifest, version=record.version)

    def _parent(self, manifest: str, key: str) -> ParentContent | str:
        """A parent's content; its ID where it is tracked elsewhere."""
        if not manifest:
            return key
        record = self._record(manifest, key)
        return ParentContent(self._contents.of_key(manifest, record), record)

    def _ancestors(self, ids: tuple[str, ...]) -> tuple[Ancestor, ...]:
        known = {**self._recorded, **_by_id(self._new.values())}
        return ancestors_of(ids, known, f"{self.registry.name}:")

    @cached_property
    def _recorded(self) -> Mapping[str, tuple[str, Record]]:
        """Every record of the tip, by each of its IDs, with its dataset."""
        found = []
        for name, tree in self.records.trees.items():
            manifest = self.workspace.manifest_at(tree, name, name)
            found += [(manifest.declaration.dataset, r) for r in self.records.all(name)]
        return _by_id(found)


def _by_id(found: Iterable[tuple[str, Record]]) -> dict[str, tuple[str, Record]]:
    return {
        one: (dataset, record)
        for dataset, record in found
        for one in (*record.former_ids, record.id)
    }


def _still_away(now: Registered | Failed, before: Failed | None) -> TypeGuard[Failed]:
    """Whether the registry failed twice in a row for one reason: to wait for each of a hundred
    versions would take hours."""
    if before is None or not isinstance(now, Failed) or now.code != ExitCode.UNREACHABLE:
        return False
    return before.reason == now.reason


def _failed(order: Order, reason: str, hint: str, code: int) -> Failed:
    return Failed(order.key, order.manifest, order.version, reason, hint, code)
