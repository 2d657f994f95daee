"""The one reconcile behind every hook, `dsv sync` and CI: register what is pending, record it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from dsv_git.flow.pending import Pending, Problem, pending
from dsv_git.flow.registration import Registered, Registration
from dsv_git.flow.registries import open_registry
from dsv_git.flow.view import look
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.gitrepo.landing import Target
from dsv_git.gitrepo.writeback import fold, follow_up, stage
from dsv_git.manifest.record import encode_record, record_path

BRANCH: Final = "refs/heads/"


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
    session = Registration(workspace, view, registry, name)
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
