"""Manifests of the working tree against what git and the records say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dsv_git.errors import InputError
from dsv_git.flow.history.manifest_state import State, VersionState
from dsv_git.flow.history.pending import Pending, Problem, pending
from dsv_git.flow.history.published import Publication
from dsv_git.flow.history.snapshots import Snapshots
from dsv_git.flow.history.view import look
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.history import ShallowHistory
from dsv_git.gitrepo.hook_state import missing_hooks
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.succession import registered


@dataclass(frozen=True)
class History:
    """What git and the records say, the data apart."""

    versions: Mapping[str, VersionState]
    waiting: tuple[Pending, ...]
    problems: tuple[Problem, ...]
    missing_hooks: tuple[str, ...]


def version_states(workspace: Workspace, manifests: Sequence[Manifest]) -> History:
    """Looks at manifests of the working tree, and at what HEAD holds unregistered."""
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
            state = _version(workspace, manifest, published, same=same, waits=waits)
        except InputError as error:
            state = VersionState(manifest.name, None, "broken", reason=str(error))
        versions[manifest.name] = state
    return History(versions, waiting, problems, missing_hooks(workspace.repository))


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
    workspace: Workspace, manifest: Manifest, published: Publication, *, same: bool, waits: bool
) -> VersionState:
    record = registered(manifest)
    other = record is not None and record.registry != workspace.config.registry
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
        elsewhere=record.registry if record is not None and other else None,
    )
