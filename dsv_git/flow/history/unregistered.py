"""The versions that a commit's history holds without a record, and the walk that finds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dsv_git.flow.history.pending import Problem, pending
from dsv_git.flow.history.published import Publication
from dsv_git.flow.history.seen import Name, Seen
from dsv_git.flow.history.snapshots import Records, Snapshots
from dsv_git.flow.history.version_keys import Resolver
from dsv_git.flow.history.view import look
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.history import ShallowHistory
from dsv_git.manifest.record import Record

State = Literal["registered", "pending", "conflicting"]


@dataclass(frozen=True)
class Unregistered:
    """A version without a record: its key where its parents are known, why it cannot be registered,
    and the record of a former content of that name."""

    seen: Seen
    key: str | None
    state: State
    reason: str | None
    replaces: Record | None = None


@dataclass(frozen=True)
class Unrecorded:
    """What the walk to the pending versions found."""

    records: Records
    seen: Mapping[Name, Seen]
    unregistered: tuple[Unregistered, ...]
    broken: tuple[Problem, ...]


def unrecorded(workspace: Workspace, tip: str) -> Unrecorded:
    """The versions up to `tip` that have no record. In a shallow clone those that `tip` itself
    holds, for the rest cannot be told."""
    try:
        view = look(workspace, tip)
    except ShallowHistory:
        return _shallow(workspace, tip)
    ready, problems = pending(view.resolver)
    found = [Unregistered(item.seen, item.key, "pending", None, item.replaces) for item in ready]
    for problem in problems:
        name = (problem.manifest, problem.version)
        seen = view.resolver.seen[name]
        rivals = any(view.resolver.published(name[0], r) for r in view.records.of(*name))
        state: State = "conflicting" if rivals or seen.rivals else "pending"
        found.append(Unregistered(seen, view.resolver.key(seen.snapshot), state, problem.reason))
    return Unrecorded(view.records, view.resolver.seen, tuple(found), view.broken())


def _shallow(workspace: Workspace, tip: str) -> Unrecorded:
    root = workspace.objects.resolve(f"{tip}:{workspace.config.manifests}")
    records = Records(workspace, workspace.manifest_trees(root) if root else {})
    resolver = Resolver({}, records.of, Publication(workspace))
    snapshots = Snapshots(workspace).of(root, None)
    seen = {s.name: Seen(s, "", "") for s in snapshots if not resolver.registered(s)}
    found = tuple(Unregistered(one, None, "pending", None) for one in seen.values())
    return Unrecorded(records, seen, found, ())
