"""Whether git is in the middle of something, where a commit of ours would break the next step."""

from __future__ import annotations

from dsv_git.gitrepo.repository import Repository


def in_the_middle(repository: Repository, event: str) -> str | None:
    """What git is in the middle of at a hook's `event`, or None where we may write.

    Measured inside the hooks of git 2.39: MERGE_HEAD is still there in post-merge, the state
    folder of a rebase still is in post-rewrite, and CHERRY_PICK_HEAD says nothing.
    """
    git_dir = repository.git_dir
    if event in {"post-merge", "post-rewrite"}:
        return None
    if event == "post-applypatch":
        state = git_dir / "rebase-apply"
        if (state / "rebasing").exists():
            return "a rebase"  # whose post-rewrite comes
        try:
            following, last = (int((state / name).read_text()) for name in ("next", "last"))
        except (FileNotFoundError, ValueError):
            return None
        return None if following >= last else "am"
    for name, what in (
        ("rebase-merge", "a rebase"),
        ("rebase-apply", "a rebase"),
        ("BISECT_LOG", "a bisect"),
    ):
        if (git_dir / name).exists():
            return what
    try:
        commands = (git_dir / "sequencer" / "todo").read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return None
    steps = [line for line in commands if line.strip() and not line.startswith("#")]
    return "a cherry-pick or revert of several commits" if len(steps) > 1 else None


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
