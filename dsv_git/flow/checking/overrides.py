"""What the messages of a change say yes to: `Data-Override:` lines of commits, and of one that is
being written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from dsv_git.checks.overrides import TRAILER, Override, named_rules
from dsv_git.errors import InputError
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.messages import changed_below, messages_with


def of_commits(
    workspace: Workspace, tips: tuple[str, ...], base: str | None, manifests: Iterable[str]
) -> tuple[Override, ...]:
    """The lines of the commits up to `tips` since `base` (without one: of the tips).

    A line counts for the manifests that its commit changed. A commit that changed none, made to
    say yes after the fact, says it of all.
    """
    return tuple(_of_commits(workspace, tips, base, tuple(manifests))) if tips else ()


def _of_commits(
    workspace: Workspace, tips: tuple[str, ...], base: str | None, manifests: tuple[str, ...]
) -> Iterator[Override]:
    folder = workspace.config.manifests
    for message in messages_with(workspace.repository, TRAILER, tips, base):
        paths = changed_below(workspace.repository, message.commit, folder)
        folders = {path[:end] for path in paths for end in _slashes(path)}
        touched = frozenset(folders.intersection(manifests))
        for rule in named_rules(message.text):
            yield Override(rule, f"commit {message.commit[:8]}", touched if paths else None)


def _slashes(path: str) -> list[int]:
    return [at for at, char in enumerate(path) if char == "/"]


def of_file(path: Path) -> tuple[Override, ...]:
    """The lines of the message file that git hands to a commit-msg hook. Raises InputError."""
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}",
            where=str(path),
            hint="--message takes the file with the commit's message",
        ) from None
    return tuple(Override(rule, "the commit's message") for rule in named_rules(text))
