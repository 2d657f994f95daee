"""Whether git is in the middle of something, where a commit of ours would break the next step."""

from __future__ import annotations

from pathlib import Path

from dsv_git.gitrepo.repository import Repository


def in_the_middle(repository: Repository, event: str) -> str | None:
    """What git is in the middle of at a hook's `event`, or None where we may write.

    Measured inside the hooks of git 2.39: MERGE_HEAD is still there in post-merge, the state
    folder of a rebase still is in post-rewrite, and CHERRY_PICK_HEAD says nothing.
    """
    if event in {"post-merge", "post-rewrite"}:
        return None
    if event == "post-applypatch":
        return _in_a_mailbox(repository.git_dir / "rebase-apply")
    for name, what in (
        ("rebase-merge", "a rebase"),
        ("rebase-apply", "a rebase"),
        ("BISECT_LOG", "a bisect"),
    ):
        if (repository.git_dir / name).exists():
            return what
    several = _commands_left(repository.git_dir / "sequencer" / "todo") > 1
    return "a cherry-pick or revert of several commits" if several else None


def is_replaying(repository: Repository) -> bool:
    """Whether the commit that is being made merges, or repeats a commit that was made before."""
    names = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")
    return any((repository.git_dir / name).exists() for name in names)


def _in_a_mailbox(state: Path) -> str | None:
    """What `git am` says of itself: it is done at the last patch."""
    if (state / "rebasing").exists():
        return "a rebase"  # whose post-rewrite comes
    try:
        following, last = (int((state / name).read_text()) for name in ("next", "last"))
    except (FileNotFoundError, ValueError):
        return None
    return None if following >= last else "am"


def _commands_left(todo: Path) -> int:
    try:
        lines = todo.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return 0
    return sum(1 for line in lines if line.strip() and not line.startswith("#"))


def rebased_branch(repository: Repository) -> str | None:
    """The branch (a full ref) that a rebase is about to move to HEAD, or None.

    The apply backend calls post-rewrite while HEAD is still detached, and then moves the branch to
    wherever HEAD stands. It says nowhere which one that is, but the branch still stands at
    ORIG_HEAD; where several do, none is taken.
    """
    if not (repository.git_dir / "rebase-apply" / "rebasing").exists():
        return None
    asked = repository.git.attempt(
        "for-each-ref", "--format=%(refname)", "--points-at=ORIG_HEAD", "refs/heads"
    )
    names = asked.stdout.decode(errors="surrogateescape").splitlines()
    return names[0] if len(names) == 1 else None
