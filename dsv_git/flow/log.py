"""`dsv log`: the versions of one manifest or of all, with the commits that made them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dsv_git.flow.history.catalogue import Version, catalogue, not_committed
from dsv_git.flow.history.pending import Problem
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.commits import CommitFacts, describe_all
from dsv_git.gitrepo.refs import head


@dataclass(frozen=True)
class Logged:
    """A version and the commit that made it, where this clone has it."""

    version: Version
    commit: CommitFacts | None


@dataclass(frozen=True)
class Log:
    """Versions, the newest first, children before their parents; `more` were left out by a limit.

    `broken` are the manifests that cannot be read.
    """

    versions: tuple[Logged, ...] = ()
    more: int = 0
    broken: tuple[Problem, ...] = ()


def log(
    workspace: Workspace,
    name: str | None = None,
    *,
    limit: int | None = None,
    lineage: bool = False,
) -> Log:
    """The versions that HEAD knows, of the manifest `name` or of all. With `lineage` the ancestors
    of those versions are among them, whatever manifest they are of.

    Raises InputError for an unknown manifest.
    """
    tip = head(workspace.repository).commit
    if tip is None:
        if name is not None:
            raise not_committed(workspace, name, ())
        return Log()
    found = catalogue(workspace, tip)
    versions = found.versions
    if name is not None:
        if name not in found.records.trees:
            raise not_committed(workspace, name, found.records.trees)
        wanted = {v.name for v in versions if v.manifest == name}
        if lineage:
            wanted = _with_ancestors(versions, wanted)
        versions = tuple(v for v in versions if v.name in wanted)
    shown = tuple(map(found.with_stats, versions[:limit]))
    facts = describe_all(workspace.repository, (v.made_by for v in shown if v.made_by))
    logged = tuple(Logged(v, facts[v.made_by] if v.made_by else None) for v in shown)
    return Log(logged, len(versions) - len(shown), found.found.broken)


def _with_ancestors(versions: Iterable[Version], wanted: set[str]) -> set[str]:
    parents = {v.name: [p.name for p in v.parents] for v in versions}
    found, todo = set[str](), list(wanted)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += parents.get(name, ())
    return found
