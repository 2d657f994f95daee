"""The one reconcile behind every hook, `dsv sync` and CI: register what is pending, record it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from dsv_git.flow.pending import Problem, pending
from dsv_git.flow.register.again import unlike
from dsv_git.flow.register.known import Told
from dsv_git.flow.register.order import Failed, Order, Registered, order_of
from dsv_git.flow.register.started import registrar
from dsv_git.flow.view import look
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.gitrepo.landing import Target
from dsv_git.gitrepo.writeback import fold, follow_up, stage
from dsv_git.manifest.record import encode_record

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
    verbose: bool = False,
) -> Outcome:
    """Registers what is pending at `target` and writes the records back.

    Call it under the repository's lock. Raises DsvError with nothing written.
    """
    name = branch.removeprefix(BRANCH)
    if not any(fnmatchcase(name, pattern) for pattern in workspace.config.branches):
        return Outcome(skipped=f"the branch {name} is not among register.branches")
    view = look(workspace, target.commit, unpushed_only=unpushed_only)
    ready, problems = pending(view.resolver)
    orders = [order_of(item, workspace.config.registry) for item in ready]
    if not unpushed_only:
        orders = [*unlike(workspace, view), *orders]
    with registrar(
        workspace, view.records, target.commit, name, hook=unpushed_only, verbose=verbose
    ) as session:
        told = Told.read(workspace)
        told.refresh(session, view, unpushed_only=unpushed_only)
        by_key = {order.key: order for order in orders}
        outcomes = list(session.register(orders)) if orders else []
        done = [one for one in outcomes if isinstance(one, Registered)]
        failed = [one.problem for one in outcomes if isinstance(one, Failed)]
        made = _way(workspace, target, [by_key[one.key] for one in done]) if done else None
        commit = _write(workspace, target, made, done) if made else target.commit
        told.registered(
            session,
            [(by_key[one.key], one) for one in done],
            view,
            commit if made == "fold" else None,
        )
        told.write()
    troubles = (*problems, *failed, *view.broken())
    return Outcome(tuple(done), troubles, commit, made)


def _way(workspace: Workspace, target: Target, orders: Sequence[Order]) -> str:
    """How the records are written: into the commit that made all of them, if that may change."""
    if workspace.config.writeback != "fold":
        return workspace.config.writeback
    own = all(order.commit == target.commit and not order.former_ids for order in orders)
    if own and target.checked_out and not refs.held_by_remote(workspace.repository, target.commit):
        return "fold"
    return "commit"


def _write(
    workspace: Workspace, target: Target, made: str, registered: Sequence[Registered]
) -> str:
    repository, objects = workspace.repository, workspace.objects
    files = {
        f"{workspace.path_of(one.manifest)}/{one.file}": encode_record(one.record)
        for one in registered
    }
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
