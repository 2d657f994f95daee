"""The versions that a tip's history holds: a walk back to where every version has its record."""

from __future__ import annotations

from dataclasses import dataclass

from dsv_git.flow.history.pending import Problem
from dsv_git.flow.history.published import Publication
from dsv_git.flow.history.seen import collect
from dsv_git.flow.history.snapshots import Records, Snapshots
from dsv_git.flow.history.version_keys import Resolver
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.gitrepo.history import DataCommit, walk


@dataclass(frozen=True)
class View:
    """The versions that a tip's history holds, as far as a walk from it had to look."""

    tip: DataCommit
    resolver: Resolver
    records: Records
    snapshots: Snapshots

    def broken(self) -> tuple[Problem, ...]:
        """The manifests of the tip that cannot be read."""
        return tuple(
            Problem(name, "?", str(self.snapshots.broken[name]), "dsv check HEAD")
            for name, tree in self.records.trees.items()
            if self.snapshots.one(name, tree) is None
        )


def look(workspace: Workspace, tip: str, *, unpushed_only: bool = False) -> View:
    """Walks back from `tip` to where every version has its record.

    With `unpushed_only` commits that a remote-tracking ref holds are left to `dsv sync`. Raises
    ShallowHistory.
    """
    repository, objects = workspace.repository, workspace.objects
    folder = workspace.config.manifests
    snapshots = Snapshots(workspace)
    unheld = refs.unheld(repository, tip) if unpushed_only else None
    root = objects.resolve(f"{tip}:{folder}")
    trees = workspace.manifest_trees(root) if root else {}
    records = Records(workspace, trees)
    names = frozenset(trees)

    published = Publication(workspace)
    recorded = Resolver({}, records.of, published)

    def known(commit: DataCommit) -> bool:
        if unheld is not None and commit.id not in unheld:
            return True
        found = snapshots.of(commit.manifests, names)
        return all(recorded.registered(snapshot) for snapshot in found)

    commits = walk(repository, objects, tip, folder, known)
    ours = (c for c in commits if unheld is None or c.id in unheld)
    seen = collect(
        ((c.id, snapshots.of(c.manifests, names)) for c in ours),
        lambda old, new: refs.is_ancestor(repository, old, new),
    )
    last = next(c for c in commits if c.id == tip)
    return View(
        last, Resolver(seen, records.of, published, whole=unheld is None), records, snapshots
    )
