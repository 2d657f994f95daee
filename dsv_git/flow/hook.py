"""What a git hook does: reconcile where git is at rest, in a few lines, never in the way."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from dsv_git.errors import DsvError
from dsv_git.flow.register.reconcile import Outcome, reconcile
from dsv_git.flow.register.summary import report
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.gitrepo.history import ShallowHistory
from dsv_git.gitrepo.ignore import untracked
from dsv_git.gitrepo.journal import recover
from dsv_git.gitrepo.landing import Target
from dsv_git.gitrepo.lock import exclusive
from dsv_git.gitrepo.operation import in_the_middle, rebased_branch
from dsv_git.gitrepo.state import clear_pending, mark_pending
from dsv_git.manifest.names import printable


def run_hook(
    workspace: Workspace, event: str, arguments: Sequence[str], hook_index: Path | None
) -> tuple[str, ...]:
    """Acts on a hook's `event`. Gives the lines to say; raises DsvError, or OSError for what the
    machine refuses (a full disk, a folder that may not be written), where all stays pending.

    Registers only commits that no remote-tracking ref holds: if every clone that pulls made a
    record commit of its own, they would all diverge.
    """
    repository = workspace.repository
    squash = event == "post-merge" and "1" in arguments
    if squash or in_the_middle(repository, event):
        return ()
    head = refs.head(repository)
    branch = head.branch or (rebased_branch(repository) if event == "post-rewrite" else None)
    if head.commit is None or branch is None:
        mark_pending(repository)
        return ("dsv: detached HEAD: data versions stay pending until a branch has them",)
    target = Target(head.commit, hook_index=hook_index)
    try:
        with exclusive(repository, wait=False):
            recover(repository)
            outcome = reconcile(workspace, target, branch, unpushed_only=True)
    except ShallowHistory:
        mark_pending(repository)
        return ("dsv: the history is shallow; data versions stay pending (git fetch --unshallow)",)
    except (DsvError, OSError):
        with suppress(OSError):  # the first reason is the one to tell; the hook's own mark stays
            mark_pending(repository)
        raise
    with suppress(OSError):  # a mark that is wrong costs the next hook one look
        if outcome.problems:
            mark_pending(repository)
        else:
            clear_pending(repository)
    return (*report(outcome), *_left_out(workspace, outcome))


def _left_out(workspace: Workspace, outcome: Outcome) -> tuple[str, ...]:
    """A line for a registered manifest some of whose files git does not have: `git commit -a`
    takes no new files, so the version is another one than the working tree's."""
    folders = {workspace.path_of(one.manifest) for one in outcome.registered}
    if not folders:
        return ()
    new = untracked(workspace.repository, sorted(folders))
    files = [path for path in new if path.endswith(".jsonl")]
    if not files:
        return ()
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    then = "git add manifests && git commit --amend"
    return (f"dsv: {printable(files[0])}{more} is not in the commit, nor in its version ({then})",)
