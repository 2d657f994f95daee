"""The messages of commits that have a word in them, and the paths that such a commit changed."""

from __future__ import annotations

import os
from dataclasses import dataclass

from dsv_git.gitrepo.repository import Repository


@dataclass(frozen=True)
class Message:
    """A commit's whole id and its whole message."""

    commit: str
    text: str


def messages_with(
    repository: Repository, word: str, tips: tuple[str, ...], base: str | None
) -> tuple[Message, ...]:
    """The commits up to `tips` and not up to `base` whose message has a line that begins with
    `word`, in any case; of the tips alone where there is no base."""
    reach = ("--no-walk", *tips) if base is None else (*tips, f"^{base}")
    out = repository.git.run(
        "log", "-z", "--format=%H%n%B", "--encoding=UTF-8", "-i", f"--grep=^{word}", *reach, "--"
    )
    found = [os.fsdecode(part).partition("\n") for part in out.split(b"\0") if part]
    return tuple(Message(commit, text) for commit, _, text in found)


def changed_below(repository: Repository, commit: str, folder: str) -> tuple[str, ...]:
    """The paths below `folder` (given below it) that a commit changed against its first parent."""
    asked = ("diff-tree", "-r", "-z", "--root", "-m", "--first-parent", "--name-only")
    out = repository.git.fields(
        "--literal-pathspecs", *asked, "--no-commit-id", commit, "--", f"{folder}/"
    )
    return tuple(path.removeprefix(f"{folder}/") for path in out)
