"""Snapshots of manifests out of git's trees: read once each, lists known by their blobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dsv_git.errors import InputError
from dsv_git.flow.history.seen import Snapshot
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.state import add_digests, read_digests
from dsv_git.manifest.identity import digest, list_digest
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import encode_part
from dsv_git.manifest.record import VERSIONS, Record, decode_record


@dataclass
class Snapshots:
    """Reads the manifests of commits. Digests come from the bytes of a list once, then from its
    blob's id."""

    workspace: Workspace
    broken: dict[str, InputError] = field(default_factory=dict)
    """Manifests that could not be read, by name: the last error."""
    _known: dict[tuple[str, str], Snapshot | None] = field(default_factory=dict)
    _digests: dict[str, str] | None = None

    def of(self, manifests: str | None, names: frozenset[str] | None) -> tuple[Snapshot, ...]:
        """The readable manifests of a manifests folder's tree, of those `names`, or all."""
        if manifests is None:
            return ()
        trees = self.workspace.manifest_trees(manifests)
        found = (
            self.one(name, tree) for name, tree in trees.items() if names is None or name in names
        )
        return tuple(snapshot for snapshot in found if snapshot is not None)

    def one(self, name: str, tree: str) -> Snapshot | None:
        """One manifest's tree; None where it cannot be read."""
        if (name, tree) not in self._known:
            try:
                self._known[name, tree] = self._read(name, tree)
            except InputError as error:
                self.broken[name] = error
                self._known[name, tree] = None
        return self._known[name, tree]

    def _read(self, name: str, tree: str) -> Snapshot:
        manifest = self.workspace.manifest_at(tree, name, self.workspace.path_of(name))
        return Snapshot(name, tree, manifest.declaration, self.digest(manifest))

    def digest(self, manifest: Manifest) -> str:
        """A manifest's digest, reading only lists whose blobs were never seen here."""
        if self._digests is None:
            self._digests = read_digests(self.workspace.repository)
        new: dict[str, str] = {}
        for path, blob in manifest.lists.items():
            if blob not in self._digests:
                new[blob] = self._digests[blob] = list_digest(manifest.files.read(path))
        add_digests(self.workspace.repository, new)
        return digest({path: self._digests[blob] for path, blob in manifest.lists.items()})


@dataclass
class Records:
    """The records that a commit holds, each read when it is asked for."""

    workspace: Workspace
    trees: Mapping[str, str]
    """Manifest → the id of its tree at that commit."""
    _listed: dict[str, dict[str, str]] = field(default_factory=dict)
    _read: dict[str, Record] = field(default_factory=dict)

    def of(self, manifest: str, version: str) -> tuple[Record, ...]:
        """The records of a version, the one without a mark in its file name first."""
        stem = encode_part(version)
        files = self._files(manifest)
        names = [f"{stem}.json"] + [n for n in sorted(files) if n.startswith(f"{stem}#")]
        found = (self._record(manifest, name) for name in names if name in files)
        return tuple(record for record in found if record.version == version)

    def all(self, manifest: str) -> tuple[Record, ...]:
        """Every record of a manifest."""
        names = sorted(name for name in self._files(manifest) if name.endswith(".json"))
        return tuple(self._record(manifest, name) for name in names)

    def _files(self, manifest: str) -> dict[str, str]:
        if manifest not in self._listed:
            tree = self.trees.get(manifest)
            items = self.workspace.objects.tree(f"{tree}:{VERSIONS}") if tree else ()
            self._listed[manifest] = {i.name: i.id for i in items if i.kind == "blob"}
        return self._listed[manifest]

    def _record(self, manifest: str, file: str) -> Record:
        blob = self._files(manifest)[file]
        if blob not in self._read:
            where = f"{self.workspace.path_of(manifest)}/{VERSIONS}/{file}"
            self._read[blob] = decode_record(self.workspace.objects.blob(blob), where)
        return self._read[blob]
