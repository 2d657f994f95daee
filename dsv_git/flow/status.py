"""`dsv status`: the data against the manifests, the manifests against git and the registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dsv_git.diff.changes import diff_entries
from dsv_git.errors import InputError
from dsv_git.flow.published import Publication
from dsv_git.flow.reconcile import look
from dsv_git.flow.scanning import DataScan
from dsv_git.flow.snapshots import Snapshots
from dsv_git.flow.versions import Pending, Problem, pending
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.gitrepo.history import ShallowHistory
from dsv_git.gitrepo.hooks import missing_hooks
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.succession import registered
from dsv_git.scan.progress import Progress
from dsv_git.scan.walk import walk

State = Literal["registered", "pending", "draft"]
SAMPLE = 5


@dataclass(frozen=True)
class DataState:
    """The data of a manifest against its entries.

    `way` says how it was compared: `known` (by what is remembered of each file's content), `size`
    (by path and size, where nothing was ever hashed here) or `none`.
    """

    way: Literal["known", "size", "none"]
    new: int = 0
    gone: int = 0
    changed: int = 0
    relabelled: int = 0
    sample: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def clean(self) -> bool:
        """Whether the data is what the manifest says, as far as could be told."""
        return self.way != "none" and not (self.new or self.gone or self.changed or self.relabelled)


@dataclass(frozen=True)
class ManifestState:
    """A manifest of the working tree. `draft` means that it is not committed as it stands."""

    manifest: str
    version: str
    state: State
    id: str | None
    published: bool
    files: int | None
    data: DataState


@dataclass(frozen=True)
class Status:
    """Everything that `dsv status` says."""

    manifests: tuple[ManifestState, ...]
    pending: tuple[str, ...]
    problems: tuple[Problem, ...]
    missing_hooks: tuple[str, ...]


def status(workspace: Workspace, names: tuple[str, ...], progress: Progress) -> Status:
    """Looks at some manifests, or at all. Raises InputError for one that cannot be read."""
    waiting: tuple[Pending, ...] = ()
    problems: tuple[Problem, ...] = ()
    head = refs.head(workspace.repository)
    trees: dict[str, str] = {}
    if head.commit is not None:
        root = workspace.objects.resolve(f"{head.commit}:{workspace.config.manifests}")
        trees = workspace.manifest_trees(root) if root else {}
        try:
            waiting, problems = pending(look(workspace, head.commit).resolver)
        except ShallowHistory:
            reason = "the history is shallow: what is pending cannot be told"
            problems = (Problem("*", "*", reason, "git fetch --unshallow"),)
    published = Publication(workspace)
    snapshots = Snapshots(workspace)
    states = []
    for name in names or workspace.names:
        manifest = workspace.manifest(name)
        committed = snapshots.one(name, trees[name]) if name in trees else None
        same = committed is not None and (
            committed.digest == manifest.digest and committed.declaration == manifest.declaration
        )
        record = registered(manifest)
        state: State = "draft" if not same else "registered" if record else "pending"
        if record and same:
            waits = {
                (p.seen.snapshot.manifest, p.seen.snapshot.declaration.version) for p in waiting
            }
            state = "pending" if (name, manifest.declaration.version) in waits else "registered"
        states.append(
            ManifestState(
                manifest=name,
                version=manifest.declaration.version,
                state=state,
                id=record.id if record else None,
                published=record is not None and published(name, record),
                files=record.stats.files if record else None,
                data=data_state(workspace, manifest, progress),
            )
        )
    return Status(
        tuple(states),
        tuple("@".join(item.seen.snapshot.name) for item in waiting),
        problems,
        missing_hooks(workspace.repository),
    )


def data_state(workspace: Workspace, manifest: Manifest, progress: Progress) -> DataState:
    """The data of one manifest on this machine against its entries."""
    try:
        source = DataScan.of(workspace, manifest.declaration)
        absent = [str(root) for root in source.roots.values() if not root.is_dir()]
        if absent:
            return DataState("none", reason=f"not on this machine: {', '.join(absent)}")
        if source.fresh():
            return _by_size(source, manifest)
        if source.known(source.token(manifest.digest)):
            found = source.changes(progress)
            paths = (*found.new, *found.gone, *found.changed)
            return DataState(
                "known", len(found.new), len(found.gone), len(found.changed), 0, paths[:SAMPLE]
            )
        return _by_content(source, manifest, progress)
    except InputError as error:
        return DataState("none", reason=str(error))


def _by_content(source: DataScan, manifest: Manifest, progress: Progress) -> DataState:
    """Where the memory is of another state of the manifest: scan, hash what is new, compare."""
    scanned = source.scan(progress)
    entries, _ = scanned.entries(manifest.entries, manifest.dropped)
    diff = diff_entries(manifest.entries, entries)
    if diff.is_empty:
        scanned.remember(manifest.digest)
    new = [c for c in diff.changes if c.before is None or c.before.path != c.path]
    gone = [c for c in diff.changes if c.after is None or (c.before and c.before.path != c.path)]
    both = [c for c in diff.changes if c.before and c.after and c.before.path == c.after.path]
    changed = [c for c in both if c.before and c.after and c.before.hash != c.after.hash]
    return DataState(
        "known",
        len(new),
        len(gone),
        len(changed),
        len(both) - len(changed),
        tuple(change.path for change in diff.changes[:SAMPLE]),
    )


def _by_size(source: DataScan, manifest: Manifest) -> DataState:
    """A fresh clone has hashed nothing: paths and sizes are all that can be compared quickly."""
    there: dict[str, int] = {}
    for mount, root in source.roots.items():
        prefix = f"{mount}/" if mount else ""
        for file in walk(root, source.patterns).files:
            there[prefix + file.path] = file.size
    out = {item.path for item in manifest.dropped}
    wanted = {entry.path: entry.size for entry in manifest.entries}
    new = sorted(there.keys() - wanted.keys() - out)
    gone = sorted(wanted.keys() - there.keys())
    changed = sorted(path for path in wanted.keys() & there.keys() if wanted[path] != there[path])
    sample = tuple([*new, *gone, *changed][:SAMPLE])
    return DataState("size", len(new), len(gone), len(changed), 0, sample)
