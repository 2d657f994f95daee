"""What manifests say of registered versions: in the newest commit that names each."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dsv_git.flow.history.snapshots import Snapshots
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.commits import touching
from dsv_git.gitrepo.refs import KEPT
from dsv_git.manifest.record import Record


def stated_trees(
    workspace: Workspace, tip: str, name: str, records: Collection[Record]
) -> Mapping[str, str]:
    """The trees of a manifest that say last what its versions are, by the versions' keys.

    The history up to `tip` is read as far back as needed; a version that is not in it is told by
    the tree that is kept of it, and is left out where there is none.
    """
    snapshots, objects = Snapshots(workspace), workspace.objects
    wanted = {(record.version, record.digest): record.key for record in records}
    path = workspace.path_of(name)
    found: dict[str, str] = {}
    for commit in reversed(touching(workspace.repository, tip, path)):
        if not wanted:
            break
        tree = objects.resolve(f"{commit}:{path}")
        snapshot = snapshots.one(name, tree) if tree else None
        key = wanted.pop((snapshot.name[1], snapshot.digest), None) if snapshot else None
        if key is not None and tree is not None:
            found[key] = tree
    for key in wanted.values():
        kept = objects.resolve(f"{KEPT}{key}")
        if kept is not None:
            found[key] = kept
    return found
