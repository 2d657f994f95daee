"""Which versions the commits of a history hold, which of them have a record, which are pending.

Pure but for what it is given: snapshots of manifests, commit by commit, and the records at HEAD.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dsv_git.errors import ExitCode
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.identity import version_key
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.record import Record

Name = tuple[str, str]
"""A manifest's name and a version."""


@dataclass(frozen=True)
class Snapshot:
    """A manifest as one commit holds it; `tree` is the id of its folder's tree."""

    manifest: str
    tree: str
    declaration: Declaration
    digest: str

    @property
    def name(self) -> Name:
        """The manifest and the version."""
        return self.manifest, self.declaration.version

    @property
    def content(self) -> tuple[object, ...]:
        """What tells this version from another of the same name."""
        d = self.declaration
        return d.project, d.dataset, d.version, self.digest, tuple(sorted(d.parents))


@dataclass(frozen=True)
class Seen:
    """A version in the history: its content by the last commit that names it, the commit that
    made that content, and other contents of commits on parallel branches."""

    snapshot: Snapshot
    made_by: str
    last: str
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """A version that cannot be registered as it stands, and why."""

    manifest: str
    version: str
    reason: str
    hint: str
    code: ExitCode = ExitCode.PROBLEMS


@dataclass(frozen=True)
class Pending:
    """A version to register: its key, its parents as they are, and the record it replaces."""

    seen: Seen
    key: str
    parents: tuple[tuple[Parent, str], ...]
    """Each parent with its key (or `clearml:ID`)."""
    replaces: Record | None = None


def collect(
    commits: Iterable[tuple[str, Sequence[Snapshot]]], is_ancestor: Callable[[str, str], bool]
) -> dict[Name, Seen]:
    """The versions that some commits name, parents before children.

    The content of a version is that of the last commit that names it; a commit that is no
    descendant of another that names it with other content is its rival.
    """
    seen: dict[Name, Seen] = {}
    for commit, snapshots in commits:
        for snapshot in snapshots:
            former = seen.get(snapshot.name)
            if former is None:
                seen[snapshot.name] = Seen(snapshot, commit, commit)
            elif former.snapshot.content == snapshot.content:
                seen[snapshot.name] = Seen(snapshot, former.made_by, commit, former.rivals)
            elif is_ancestor(former.last, commit):
                rivals = tuple(r for r in former.rivals if not is_ancestor(r, commit))
                seen[snapshot.name] = Seen(snapshot, commit, commit, rivals)
            elif not is_ancestor(commit, former.last):
                rivals = (*former.rivals, commit)
                seen[snapshot.name] = Seen(former.snapshot, former.made_by, former.last, rivals)
    return seen


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


def pending(resolver: Resolver) -> tuple[tuple[Pending, ...], tuple[Problem, ...]]:
    """What is to be registered, parents before children, and what cannot be."""
    todo: list[Pending] = []
    problems: list[Problem] = []
    for name in _parents_first(resolver.seen):
        found = resolver.seen[name]
        if resolver.registered(found.snapshot) or resolver.superseded(name):
            continue
        outcome = _one(resolver, found)
        (todo if isinstance(outcome, Pending) else problems).append(outcome)  # type: ignore[arg-type]
    blocked = {(problem.manifest, problem.version) for problem in problems}
    ready: list[Pending] = []
    for item in todo:
        waits = next(
            (
                parent
                for parent, key in item.parents
                if (parent.manifest, parent.version) in blocked
                and not resolver.has_record(parent, key)
            ),
            None,
        )
        if waits is None:
            ready.append(item)
        else:
            name = item.seen.snapshot.name
            blocked.add(name)
            problems.append(Problem(*name, f"its parent {waits} is not registered", "dsv status"))
    return tuple(ready), tuple(problems)


def _one(resolver: Resolver, found: Seen) -> Pending | Problem:
    manifest, version = found.snapshot.name
    parents = resolver.parents(found.snapshot.declaration)
    lost = next((parent for parent, key in parents if key is None), None)
    if lost is not None:
        if not resolver.whole:
            return Problem(manifest, version, f"its parent {lost} has no record yet", "dsv sync")
        reason = f"its parent {lost} is nowhere in this history"
        return Problem(manifest, version, reason, f"git fetch, or correct parents of {manifest}")
    records = resolver.records(manifest, version)
    held = next((r for r in records if resolver.published(manifest, r)), None)
    if held is not None:
        reason = f"{version} is published with another content"
        return Problem(manifest, version, reason, f"dsv bump {manifest}")
    if found.rivals:
        reason = f"{version} has another content in {found.rivals[0][:10]}, on another branch"
        return Problem(manifest, version, reason, f"dsv bump {manifest}")
    key = resolver.key(found.snapshot)
    assert key is not None  # noqa: S101
    known = tuple((parent, text) for parent, text in parents if text is not None)
    return Pending(found, key, known, records[0] if records else None)


def _parents_first(seen: Mapping[Name, Seen]) -> list[Name]:
    ordered: dict[Name, None] = {}
    for start in seen:
        stack = [(start, False)]
        open_names: set[Name] = set()
        while stack:
            name, expanded = stack.pop()
            if expanded:
                ordered[name] = None
            elif name not in ordered and name not in open_names and name in seen:
                open_names.add(name)
                stack.append((name, True))
                parents = seen[name].snapshot.declaration.parents
                stack.extend(((p.manifest, p.version), False) for p in parents if not p.foreign)
    return list(ordered)
