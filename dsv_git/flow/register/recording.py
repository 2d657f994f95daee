"""Registering orders and writing their records back: into the commit, or into one that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dsv_git.flow.history.pending import Problem
from dsv_git.flow.register.order import Failed, Order, Registered
from dsv_git.flow.register.registrar import Registrar
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.gitrepo.landing import Target
from dsv_git.gitrepo.writeback import fold, follow_up, stage
from dsv_git.manifest.record import encode_record


@dataclass(frozen=True)
class Recorded:
    """What was registered and recorded, and what failed. `commit` is where the branch stands."""

    done: tuple[tuple[Order, Registered], ...]
    failed: tuple[Problem, ...]
    commit: str
    made: str | None
    """How records were written: `fold`, `commit`, `stage`, `none`; None where there are none."""

    @property
    def registered(self) -> tuple[Registered, ...]:
        """The versions that were registered."""
        return tuple(one for _, one in self.done)

    @property
    def folded(self) -> str | None:
        """The commit that the records were folded into."""
        return self.commit if self.made == "fold" else None


def record(
    workspace: Workspace, target: Target, registrar: Registrar, orders: Sequence[Order]
) -> Recorded:
    """Registers versions, parents first, and writes their records. Raises DsvError with nothing
    written; what is registered by then is found by its key the next time."""
    by_key = {order.key: order for order in orders}
    outcomes = list(registrar.register(orders)) if orders else []
    done = tuple((by_key[one.key], one) for one in outcomes if isinstance(one, Registered))
    failed = tuple(one.problem for one in outcomes if isinstance(one, Failed))
    if not done:
        return Recorded((), failed, target.commit, None)
    made = _way(workspace, target, [order for order, _ in done])
    commit = _write(workspace, target, made, [one for _, one in done])
    return Recorded(done, failed, commit, made)


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
