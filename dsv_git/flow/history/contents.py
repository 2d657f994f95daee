"""Where the lists of a registered version are: kept by key, in the walk, or back in the history."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dsv_git.errors import InputError
from dsv_git.flow.history.seen import Name, Seen, Snapshot
from dsv_git.flow.history.snapshots import Records, Snapshots
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.refs import KEPT, kept_like
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.record import Record


def kept_by_id(workspace: Workspace, version_id: str) -> str | None:
    """The ref that keeps the manifest of a local ID, though no record at HEAD names it any more:
    the version was replaced, or its commit was dropped."""
    registry, colon, start = version_id.partition(":")
    local = registry == "local" and colon and re.fullmatch("[0-9a-f]{32}", start)
    return kept_like(workspace.repository, start) if local else None


@dataclass(frozen=True)
class Contents:
    """Finds the manifest, lists and all, of versions by their record."""

    workspace: Workspace
    records: Records
    seen: Mapping[Name, Seen]

    def manifest(self, snapshot: Snapshot) -> Manifest:
        """The manifest of a snapshot."""
        where = self.workspace.path_of(snapshot.manifest)
        return self.workspace.manifest_at(snapshot.tree, snapshot.manifest, where)

    def of_key(self, name: str, record: Record) -> Manifest:
        """The manifest of a registered version. Raises InputError where its lists are not here."""
        tree = self.tree_of_key(name, record)
        return self.workspace.manifest_at(tree, name, f"{name}@{record.version}")

    def tree_of_key(self, name: str, record: Record) -> str:
        """The tree of that manifest. Raises InputError."""
        tree = self.workspace.objects.resolve(f"{KEPT}{record.key}")
        seen = self.seen.get((name, record.version))
        if tree is None and seen is not None and seen.snapshot.digest == record.digest:
            tree = seen.snapshot.tree
        if tree is None:
            tree = self._in_history(name, record)
        if tree is None:
            raise InputError(
                f"the lists of {name}@{record.version} are not in this clone",
                hint="git fetch origin '+refs/dsv/*:refs/dsv/*', then dsv sync",
            )
        return tree

    def _in_history(self, name: str, record: Record) -> str | None:
        """The tree of the newest commit whose manifest has the record's version and digest."""
        path = self.workspace.path_of(name)
        git = self.workspace.repository.git
        commits = git.text("rev-list", "--full-history", "HEAD", "--", path).split()
        snapshots = Snapshots(self.workspace)
        for commit in commits:
            tree = self.workspace.objects.resolve(f"{commit}:{path}")
            found = snapshots.one(name, tree) if tree else None
            if (
                found is not None
                and found.declaration.version == record.version
                and found.digest == record.digest
            ):
                return tree
        return None
