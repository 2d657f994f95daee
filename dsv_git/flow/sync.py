"""`dsv sync`: everything pending, whoever made it, and the way to the remote."""

from __future__ import annotations

from typing import Final

from dsv_git.errors import InputError, Unreachable
from dsv_git.flow.register.reconcile import BRANCH, Outcome, reconcile
from dsv_git.flow.register.registrar import NOBODY, Watcher
from dsv_git.flow.register.summary import Summary, nothing_done, summary
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.gitrepo.command import GitFailed
from dsv_git.gitrepo.history import ShallowHistory
from dsv_git.gitrepo.journal import recover
from dsv_git.gitrepo.landing import Target
from dsv_git.gitrepo.lock import exclusive
from dsv_git.gitrepo.remote import Remote, remote_of
from dsv_git.gitrepo.state import clear_pending, mark_pending

TRIES: Final = 8
"""How often a push that lost a race is done anew."""


def sync(
    workspace: Workspace,
    *,
    branch: str | None = None,
    push: bool = False,
    watcher: Watcher = NOBODY,
) -> Summary:
    """Registers and records what `branch` (default: the checked-out one) holds.

    With `push` the branch and the kept versions go to its remote; a lost race is done anew where
    no working tree of ours shows the branch. Raises Unreachable, InputError.
    """
    repository = workspace.repository
    head = refs.head(repository)
    name = branch or (head.branch or "").removeprefix(BRANCH)
    if not name:
        raise InputError(
            "HEAD is detached, so there is no branch to record on", hint="dsv sync --branch NAME"
        )
    shown = head.branch == f"{BRANCH}{name}"
    remote = remote_of(repository, name)
    if push and remote is None:
        raise InputError("there is no remote to push to", hint="git remote add origin URL")
    if head.commit is None and shown:
        return nothing_done("nothing to register: no commit yet")
    try:
        with exclusive(repository, wait=True):
            recover(repository)
            outcome = _run(workspace, name, shown, remote if push else None, watcher)
    except ShallowHistory:
        mark_pending(repository)
        raise Unreachable(
            "the history is shallow: which versions are pending cannot be told",
            hint="git fetch --unshallow",
        ) from None
    (mark_pending if outcome.problems else clear_pending)(repository)
    return summary(outcome, outcome.skipped or "everything is registered")


def _run(
    workspace: Workspace, name: str, shown: bool, remote: Remote | None, watcher: Watcher
) -> Outcome:
    if remote is None:
        target = _target(workspace, name, shown, None)
        return reconcile(workspace, target, f"{BRANCH}{name}", watcher=watcher)
    for attempt in range(TRIES):
        remote.fetch(name)
        target = _target(workspace, name, shown, remote)
        outcome = reconcile(workspace, target, f"{BRANCH}{name}", watcher=watcher)
        assert outcome.commit is not None or outcome.skipped  # noqa: S101
        try:
            remote.push_kept()
            remote.push(name, outcome.commit or target.commit)
        except GitFailed as failed:
            lost_race = "rejected" in failed.stderr or "failed to update ref" in failed.stderr
            if shown or not lost_race or attempt == TRIES - 1:
                hint = "git pull --rebase, then dsv sync --push" if shown else None
                raise Unreachable(failed.message, hint=hint) from None
        else:
            return outcome
    raise AssertionError("unreachable")


def _target(workspace: Workspace, name: str, shown: bool, remote: Remote | None) -> Target:
    """Where to write: the checked-out branch; else the remote's tip of it; else the local one."""
    repository = workspace.repository
    if shown:
        commit = refs.head(repository).commit
        assert commit is not None  # noqa: S101
        return Target(commit)
    tip = workspace.objects.resolve(f"{remote.tracking(name)}^{{commit}}") if remote else None
    local = workspace.objects.resolve(f"{BRANCH}{name}^{{commit}}")
    if tip is None and local is None:
        raise InputError(f"there is no branch {name!r}")
    if tip is None:
        assert local is not None  # noqa: S101
        return Target(local, f"{BRANCH}{name}")
    return Target(tip, None)
