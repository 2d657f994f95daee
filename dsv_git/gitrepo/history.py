"""The commits that made data versions: a walk back from a tip that stops where all is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dsv_git.gitrepo.objects import Objects
from dsv_git.gitrepo.repository import Repository


@dataclass(frozen=True)
class DataCommit:
    """A commit as the walk sees it; `manifests` is the id of the manifests folder's tree."""

    id: str
    parents: tuple[str, ...]
    manifests: str | None


class ShallowHistory(Exception):
    """The walk came to the end of a shallow clone."""


def read_commit(objects: Objects, commit: str, folder: str) -> DataCommit:
    """One commit and the tree of its manifests folder."""
    found = objects.read(commit)
    assert found is not None, commit  # noqa: S101
    assert found[1] == "commit", commit  # noqa: S101
    headers = found[2].partition(b"\n\n")[0].decode("latin-1").split("\n")
    parents = tuple(line[7:] for line in headers if line.startswith("parent "))
    tree = objects.read(f"{found[0]}:{folder}")
    manifests = tree[0] if tree is not None and tree[1] == "tree" else None
    return DataCommit(found[0], parents, manifests)


def shallow_boundary(repository: Repository) -> frozenset[str]:
    """The commits whose parents a shallow clone lacks."""
    try:
        return frozenset((repository.common_dir / "shallow").read_text().split())
    except FileNotFoundError:
        return frozenset()


def walk(
    repository: Repository,
    objects: Objects,
    tip: str,
    folder: str,
    known: Callable[[DataCommit], bool],
) -> tuple[DataCommit, ...]:
    """The commits from `tip` back to those that `known` says need no further look, those included,
    parents before children.

    Work is proportional to what is not known yet. Raises ShallowHistory at a shallow boundary that
    is not known.
    """
    boundary = shallow_boundary(repository)
    visited: dict[str, DataCommit] = {}
    todo = [tip]
    while todo:
        commit = todo.pop()
        if commit in visited:
            continue
        found = visited[commit] = read_commit(objects, commit, folder)
        if known(found):
            visited[commit] = DataCommit(found.id, (), found.manifests)
        elif commit in boundary:
            raise ShallowHistory(commit)
        else:
            todo.extend(found.parents)
    return _parents_first(visited, tip)


def _parents_first(visited: dict[str, DataCommit], tip: str) -> tuple[DataCommit, ...]:
    """Depth-first postorder, without recursion: histories are long."""
    ordered: list[DataCommit] = []
    done: set[str] = set()
    stack: list[tuple[str, bool]] = [(tip, False)]
    while stack:
        commit, expanded = stack.pop()
        if expanded:
            ordered.append(visited[commit])
        elif commit not in done:
            done.add(commit)
            stack.append((commit, True))
            stack.extend((parent, False) for parent in reversed(visited[commit].parents))
    return tuple(ordered)
