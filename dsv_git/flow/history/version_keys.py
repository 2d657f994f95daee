"""The keys of versions, from what a history names and what is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from dsv_git.flow.history.seen import Name, Seen, Snapshot
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.identity import version_key
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.record import Record


@dataclass
class Resolver:
    """Keys of versions, from what the history names and what is recorded."""

    seen: Mapping[Name, Seen]
    records: Callable[[str, str], Sequence[Record]]
    """The records at HEAD of a manifest's version, its own name first."""
    published: Callable[[str, Record], bool]
    whole: bool = True
    """Whether `seen` is all that is not recorded, and not what was never pushed alone."""
    current: frozenset[Name] | None = None
    """The versions that the tip itself holds; None means that all count."""
    _keys: dict[Name, str | None] = field(default_factory=dict)

    def key(self, snapshot: Snapshot) -> str | None:
        """The key of a content, or None where a parent of it cannot be found."""
        parents = self.parents(snapshot.declaration)
        if any(key is None for _, key in parents):
            return self._recorded(snapshot)
        d = snapshot.declaration
        keys = [key for _, key in parents if key is not None]
        return version_key(d.project, d.dataset, d.version, snapshot.digest, keys)

    def parents(self, declaration: Declaration) -> tuple[tuple[Parent, str | None], ...]:
        """Each declared parent with its key; `clearml:ID` stands for itself."""
        return tuple((p, p.foreign or self._parent_key(p)) for p in declaration.parents)

    def registered(self, snapshot: Snapshot) -> bool:
        """Whether a record with this content's key is there."""
        key = self.key(snapshot)
        return key is not None and any(r.key == key for r in self.records(*snapshot.name))

    def superseded(self, name: Name) -> bool:
        """Whether the tip has left a content behind whose name is published with another one: the
        published one is the version, and nothing is to be done about the other."""
        left = self.current is not None and name not in self.current
        return left and any(self.published(name[0], r) for r in self.records(*name))

    def has_record(self, parent: Parent, key: str) -> bool:
        """Whether a parent, as a child means it, is registered."""
        return any(r.key == key for r in self.records(parent.manifest, parent.version))

    def _parent_key(self, parent: Parent) -> str | None:
        name = (parent.manifest, parent.version)
        records = [r for r in self.records(*name) if r.key.startswith(parent.key8)]
        seen = self.seen.get(name)
        if seen is None or (records and self.published(parent.manifest, records[0])):
            return records[0].key if records else None
        if name not in self._keys:
            self._keys[name] = None  # a cycle of parents ends here, unresolved
            self._keys[name] = self.key(seen.snapshot)
        key = self._keys[name]
        if key is None or not key.startswith(parent.key8):
            return records[0].key if records else None
        return key

    def _recorded(self, snapshot: Snapshot) -> str | None:
        """The key of a recorded version whose parent's manifest is not here any more."""
        wanted = sorted(
            (p.manifest, p.version) for p in snapshot.declaration.parents if not p.foreign
        )
        for record in self.records(*snapshot.name):
            named = sorted((p.manifest or "", p.version or "") for p in record.parents if p.version)
            if record.digest == snapshot.digest and named == wanted:
                return record.key
        return None
