"""Which versions others may rely on already: what is published is never changed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from dsv_git.errors import InputError
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.gitrepo.commits import published_commits
from dsv_git.manifest.record import VERSIONS, Record, RecordedParent, decode_record, record_path


@dataclass(frozen=True)
class Publication:
    """What the remote-tracking refs and HEAD say of versions, looked up once for many of them.

    An instance is the callable that `version_keys.Resolver` and `draft.next_version` take: it is
    asked about one record that is here. `dsv check` (the rule `version-bump`) asks the other way
    round, for every record under a name: also those that were only fetched, which a version here
    may contradict. And it takes children from the content under check, index or commit, where this
    takes HEAD's. So each has its own look-up over the same remote-tracking tips.
    """

    workspace: Workspace

    def __call__(self, manifest: str, record: Record) -> bool:
        """Whether a remote-tracking ref's tip holds the record, or another version's record names
        it as a parent."""
        return self._on_a_remote(manifest, record) or self._is_parent(manifest, record)

    def took(self, manifest: str, version: str) -> bool:
        """Whether a commit that a remote-tracking ref leads to had a record of the version: also
        one that was reverted, or removed, since. Its ID may be in use, and names that content."""
        repository = self.workspace.repository
        place = f"{self.workspace.path_of(manifest)}/{record_path(version)}"
        return bool(self._tips) and bool(published_commits(repository, place, 1))

    def _on_a_remote(self, manifest: str, record: Record) -> bool:
        folder = self.workspace.path_of(manifest)
        files = (record_path(record.version), record_path(record.version, record.key))
        return any(
            self._key(f"{tip}:{folder}/{file}") == record.key
            for tip in self._tips
            for file in files
        )

    def _is_parent(self, manifest: str, record: Record) -> bool:
        ids = {record.id, *record.former_ids}
        return any(
            parent.version == record.version and parent.manifest == manifest and parent.id in ids
            for parent in self._parents
        )

    def _key(self, blob: str) -> str | None:
        """The key of the record that a blob holds; None where there is no readable one."""
        found = self._record(blob)
        return found.key if found else None

    def _record(self, blob: str) -> Record | None:
        # A record that cannot be read names nobody; `dsv check` complains about it.
        with suppress(KeyError, InputError):
            return decode_record(self.workspace.objects.blob(blob), blob)
        return None

    @cached_property
    def _tips(self) -> tuple[str, ...]:
        return refs.remote_tips(self.workspace.repository)

    @cached_property
    def _parents(self) -> tuple[RecordedParent, ...]:
        """Every parent that a record at HEAD names."""
        objects = self.workspace.objects
        root = objects.resolve(f"HEAD:{self.workspace.config.manifests}")
        trees = self.workspace.manifest_trees(root) if root else {}
        blobs = (
            item.id
            for tree in trees.values()
            for item in objects.tree(f"{tree}:{VERSIONS}")
            if item.kind == "blob" and item.name.endswith(".json")
        )
        records = (self._record(blob) for blob in blobs)
        return tuple(parent for record in records if record for parent in record.parents)


def published(workspace: Workspace, manifest: str, record: Record) -> bool:
    """Whether a version is published: a remote-tracking ref's tip holds its record, or a record at
    HEAD, of any manifest, names it as a parent. `Publication` answers for many at once."""
    return Publication(workspace)(manifest, record)
