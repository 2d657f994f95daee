"""The one reconcile behind every hook, `dsv sync` and CI: register what is pending, record it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from dsv_git.errors import DsvError, InputError
from dsv_git.flow.contents import Contents
from dsv_git.flow.published import Publication
from dsv_git.flow.registries import open_registry
from dsv_git.flow.snapshots import Records, Snapshots
from dsv_git.flow.version_stats import ParentContent, version_stats
from dsv_git.flow.versions import Pending, Problem, Resolver, collect, pending
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.gitrepo.history import DataCommit, walk
from dsv_git.gitrepo.writeback import Target, fold, follow_up, stage
from dsv_git.manifest.record import Record, RecordedParent, encode_record, record_path
from dsv_git.registry.port import Draft, Origin, Registry

BRANCH: Final = "refs/heads/"


@dataclass(frozen=True)
class Registered:
    """A version that was registered just now."""

    manifest: str
    dataset: str
    id: str
    record: Record


@dataclass(frozen=True)
class Outcome:
    """What a reconcile did. `commit` is where the branch stands afterwards."""

    registered: tuple[Registered, ...] = ()
    problems: tuple[Problem, ...] = ()
    commit: str | None = None
    made: str | None = None
    """How the records were written: `fold`, `commit`, `stage` or `none`."""
    skipped: str | None = None
    """Why nothing was looked at."""


@dataclass(frozen=True)
class View:
    """The versions that a tip's history holds, as far as a walk from it had to look."""

    tip: DataCommit
    resolver: Resolver
    records: Records
    snapshots: Snapshots

    def broken(self) -> tuple[Problem, ...]:
        """The manifests of the tip that cannot be read."""
        return tuple(
            Problem(name, "?", str(self.snapshots.broken[name]), "dsv check HEAD")
            for name, tree in self.records.trees.items()
            if self.snapshots.one(name, tree) is None
        )


def look(workspace: Workspace, tip: str, *, unpushed_only: bool = False) -> View:
    """Walks back from `tip` to where every version has its record.

    With `unpushed_only` commits that a remote-tracking ref holds are left to `dsv sync`. Raises
    ShallowHistory.
    """
    repository, objects = workspace.repository, workspace.objects
    folder = workspace.config.manifests
    snapshots = Snapshots(workspace)
    unheld = refs.unheld(repository, tip) if unpushed_only else None
    root = objects.resolve(f"{tip}:{folder}")
    trees = workspace.manifest_trees(root) if root else {}
    records = Records(workspace, trees)
    names = frozenset(trees)

    published = Publication(workspace)
    recorded = Resolver({}, records.of, published)

    def known(commit: DataCommit) -> bool:
        if unheld is not None and commit.id not in unheld:
            return True
        found = snapshots.of(commit.manifests, names)
        return all(recorded.registered(snapshot) for snapshot in found)

    commits = walk(repository, objects, tip, folder, known)
    ours = (c for c in commits if unheld is None or c.id in unheld)
    seen = collect(
        ((c.id, snapshots.of(c.manifests, names)) for c in ours),
        lambda old, new: refs.is_ancestor(repository, old, new),
    )
    last = next(c for c in commits if c.id == tip)
    return View(
        last, Resolver(seen, records.of, published, whole=unheld is None), records, snapshots
    )


def reconcile(
    workspace: Workspace,
    target: Target,
    branch: str,
    *,
    unpushed_only: bool = False,
) -> Outcome:
    """Registers what is pending at `target` and writes the records back.

    Call it under the repository's lock. Raises DsvError with nothing written.
    """
    name = branch.removeprefix(BRANCH)
    if not any(fnmatchcase(name, pattern) for pattern in workspace.config.branches):
        return Outcome(skipped=f"the branch {name} is not among register.branches")
    view = look(workspace, target.commit, unpushed_only=unpushed_only)
    ready, problems = pending(view.resolver)
    registry = open_registry(workspace.config)
    session = _Session(workspace, view, registry, name)
    outcomes = [(item, session.attempt(item)) for item in ready]
    done = [(item, one) for item, one in outcomes if isinstance(one, Registered)]
    failed = [one for _, one in outcomes if isinstance(one, Problem)]
    troubles = [*problems, *failed, *view.broken()]
    registered = tuple(one for _, one in done)
    if not done:
        return Outcome((), tuple(troubles), target.commit)
    files = {
        f"{workspace.path_of(one.manifest)}/{record_path(one.record.version)}": encode_record(
            one.record
        )
        for one in registered
    }
    made = _way(workspace, target, [item for item, _ in done])
    commit = _write(workspace, target, files, made, registered)
    return Outcome(registered, tuple(troubles), commit, made)


@dataclass
class _Session:
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
        version_id = self.registry.register(draft)
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


def _way(workspace: Workspace, target: Target, items: Sequence[Pending]) -> str:
    """How the records are written: into the commit that made all of them, if that may change."""
    if workspace.config.writeback != "fold":
        return workspace.config.writeback
    own = all(item.seen.made_by == target.commit for item in items)
    if own and target.checked_out and not refs.held_by_remote(workspace.repository, target.commit):
        return "fold"
    return "commit"


def _write(
    workspace: Workspace,
    target: Target,
    files: dict[str, bytes],
    made: str,
    registered: Sequence[Registered],
) -> str:
    repository, objects = workspace.repository, workspace.objects
    if made == "fold":
        return fold(repository, objects, target, files)
    if made == "commit":
        return follow_up(repository, objects, target, files, _message(registered))
    if made == "stage":
        stage(repository, objects, target, files)
    return target.commit


def _message(registered: Sequence[Registered]) -> str:
    names = [f"{one.manifest}@{one.record.version}" for one in registered]
    few = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    lines = [f"{name}: {one.id}" for name, one in zip(names, registered, strict=True)]
    return f"Record data versions {few}\n\n" + "\n".join(lines) + "\n"
