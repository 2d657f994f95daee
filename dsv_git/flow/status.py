"""`dsv status`: the data against the manifests, the manifests against git and the registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from dsv_git.errors import InputError
from dsv_git.flow.background import Background
from dsv_git.flow.data_state import DataLook, DataState
from dsv_git.flow.published import Publication
from dsv_git.flow.snapshots import Snapshots
from dsv_git.flow.versions import Pending, Problem, pending
from dsv_git.flow.view import look
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.history import ShallowHistory
from dsv_git.gitrepo.hooks import missing_hooks
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.succession import registered
from dsv_git.scan.progress import Progress

State = Literal["registered", "pending", "draft", "broken"]


@dataclass(frozen=True)
class VersionState:
    """A manifest of the working tree against git and its records.

    `draft` means that it is not committed as it stands, `broken` that it cannot be read (`reason`).
    `files` is what the record says, None without one.
    """

    manifest: str
    version: str | None
    state: State
    id: str | None = None
    published: bool = False
    files: int | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class ManifestState(VersionState):
    """The same, with the data of it."""

    data: DataState


@dataclass(frozen=True)
class Status:
    """Everything that `dsv status` says. Problems are of versions that cannot be registered."""

    manifests: tuple[ManifestState, ...]
    pending: tuple[str, ...]
    problems: tuple[Problem, ...]
    missing_hooks: tuple[str, ...]


@dataclass(frozen=True)
class _History:
    """What git and the records say, the data apart."""

    versions: Mapping[str, VersionState]
    waiting: tuple[Pending, ...]
    problems: tuple[Problem, ...]
    missing_hooks: tuple[str, ...]


def status(workspace: Workspace, names: tuple[str, ...], progress: Progress) -> Status:
    """Looks at some manifests, or at all. One that cannot be read does not hide the others.

    Raises InputError for a name that is none.
    """
    manifests = [workspace.manifest(name) for name in names or workspace.names]
    # Both wait for git most of the time: the history in a thread, the data here.
    history = Background(partial(_history, workspace, manifests))
    looks = [DataLook(workspace, manifest, progress) for manifest in manifests]
    quick = [one.quick() for one in looks]
    found = history.result()
    data = [state or one.thorough() for state, one in zip(quick, looks, strict=True)]
    return Status(
        tuple(
            ManifestState(**vars(found.versions[manifest.name]), data=state)
            for manifest, state in zip(manifests, data, strict=True)
        ),
        tuple("@".join(item.seen.snapshot.name) for item in found.waiting),
        found.problems,
        found.missing_hooks,
    )


def _history(workspace: Workspace, manifests: Sequence[Manifest]) -> _History:
    snapshots, trees = Snapshots(workspace), _committed(workspace)
    waiting, problems = _pending(workspace) if trees else ((), ())
    names = {item.seen.snapshot.name for item in waiting}
    published = Publication(workspace)
    versions = {}
    for manifest in manifests:
        tree = trees.get(manifest.name)
        try:
            committed = snapshots.one(manifest.name, tree) if tree else None
            same = committed is not None and (
                committed.digest == manifest.digest
                and committed.declaration == manifest.declaration
            )
            waits = (manifest.name, manifest.declaration.version) in names
            state = _version(manifest, published, same=same, waits=waits)
        except InputError as error:
            state = VersionState(manifest.name, None, "broken", reason=str(error))
        versions[manifest.name] = state
    return _History(versions, waiting, problems, missing_hooks(workspace.repository))


def _committed(workspace: Workspace) -> Mapping[str, str]:
    """The manifests of HEAD, with their trees."""
    root = workspace.objects.resolve(f"HEAD:{workspace.config.manifests}")
    return workspace.manifest_trees(root) if root else {}


def _pending(
    workspace: Workspace,
) -> tuple[tuple[Pending, ...], tuple[Problem, ...]]:
    """What HEAD holds unregistered, and what of it cannot be registered."""
    try:
        commit = workspace.objects.resolve("HEAD^{commit}")
        view = look(workspace, commit or "HEAD")
        waiting, problems = pending(view.resolver)
        return waiting, (*problems, *view.broken())
    except ShallowHistory:
        reason = "the history is shallow, so what is pending cannot be told"
        return (), (Problem("*", "*", reason, "git fetch --unshallow"),)
    except InputError as error:
        return (), (Problem("*", "*", error.message, error.hint or "dsv check HEAD"),)


def _version(
    manifest: Manifest, published: Publication, *, same: bool, waits: bool
) -> VersionState:
    record = registered(manifest)
    state: State = "draft"
    if same:
        state = "registered" if record and not waits else "pending"
    return VersionState(
        manifest.name,
        manifest.declaration.version,
        state,
        record.id if record else None,
        record is not None and published(manifest.name, record),
        record.stats.files if record else None,
    )
