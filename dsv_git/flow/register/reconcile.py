"""The one reconcile behind every hook, `dsv sync` and CI: register what is pending, record it."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from dsv_git.flow.history.pending import Problem, pending
from dsv_git.flow.history.view import look
from dsv_git.flow.register.again import unlike
from dsv_git.flow.register.known import Told
from dsv_git.flow.register.order import Registered, order_of
from dsv_git.flow.register.recording import record
from dsv_git.flow.register.registrar import NOBODY, Watcher
from dsv_git.flow.register.started import registrar
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.landing import Target

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
    told: tuple[str, ...] = ()
    """What a registry was told of versions that it had already."""


def reconcile(
    workspace: Workspace,
    target: Target,
    branch: str,
    *,
    unpushed_only: bool = False,
    watcher: Watcher = NOBODY,
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
        workspace, view.records, target.commit, name, hook=unpushed_only, watcher=watcher
    ) as session:
        told = Told.read(workspace)
        refreshed = told.refresh(session, view, unpushed_only=unpushed_only)
        recorded = record(workspace, target, session, orders)
        told.registered(session, recorded.done, view, recorded.folded)
        told.write()
    troubles = (*problems, *recorded.failed, *refreshed.problems, *view.broken())
    return Outcome(
        recorded.registered, troubles, recorded.commit, recorded.made, told=refreshed.lines
    )
