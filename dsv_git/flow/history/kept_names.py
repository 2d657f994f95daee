"""Whose manifest a kept tree is: `refs/dsv/KEY` has no name in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from typing import Final

from dsv_git.errors import InputError
from dsv_git.flow.history.snapshots import Snapshots
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.every_record import every_record
from dsv_git.gitrepo.refs import KEPT, kept_keys
from dsv_git.gitrepo.tips import tip_trees
from dsv_git.manifest.identity import version_key
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.record import VERSIONS, decode_record

_MOST_TRIED: Final = 10_000
"""Sets of parents that are tried for one key; a version has few parents of few keys each."""


@dataclass
class KeptNames:
    """Ties kept manifests to names: by a record with their key anywhere in the history; for a key
    that no record has, by what the key itself was made from."""

    workspace: Workspace

    def find(self, name: str, version: str, key8: str) -> Iterator[tuple[str, Manifest]]:
        """The kept manifests of a name's version, each with its key."""
        for key in self._keys:
            if key.startswith(key8) and name in self._recorded.get(key, (name,)):
                with suppress(InputError):
                    manifest = self.manifest(key, name)
                    if manifest.declaration.version == version and self.is_of(key, name):
                        yield key, manifest

    def manifest(self, key: str, name: str) -> Manifest:
        """A kept manifest, read under a name."""
        ref = f"{KEPT}{key}"
        return self.workspace.manifest_at(ref, name, ref)

    def is_of(self, key: str, name: str) -> bool:
        """Whether a kept manifest is, or was, the named one's."""
        if key in self._recorded:
            return name in self._recorded[key]
        with suppress(InputError):
            manifest = self.manifest(key, name)
            declared = manifest.declaration
            if self.manifest(key, f"{name}-").declaration.dataset == declared.dataset:
                return (declared.project, declared.dataset) in self._places(name)
            return self._made(key, manifest)
        return False

    def name_of(self, key: str) -> str | None:
        """The name of a kept manifest, one of the working tree's first; None where nothing tells
        it."""
        former = sorted(self._recorded.get(key, ()))
        here = (name for name in self.workspace.names if self.is_of(key, name))
        return next(here, former[0] if former else None)

    def _made(self, key: str, manifest: Manifest) -> bool:
        """Whether a key is that of a manifest under the name that it was read with, its dataset
        being named so: for some choice of kept or recorded parents."""
        d = manifest.declaration
        digest = Snapshots(self.workspace).digest(manifest)
        choices = product(*(self._parent_keys(parent) for parent in d.parents))
        return any(
            version_key(d.project, d.dataset, d.version, digest, parents) == key
            for parents in islice(choices, _MOST_TRIED)
        )

    def _parent_keys(self, parent: Parent) -> Collection[str]:
        if parent.foreign:
            return (parent.foreign,)
        return [key for key in self._versions[parent.version] if key.startswith(parent.key8)]

    def _places(self, name: str) -> set[tuple[str, str]]:
        """The projects and datasets that the named manifest declares here and at all tips."""
        found = set()
        workspace = self.workspace
        with suppress(InputError):
            declared = workspace.manifest(name).declaration
            found.add((declared.project, declared.dataset))
        tips = tip_trees(workspace.repository, workspace.objects, workspace.path_of(name))
        for tree in tips:
            with suppress(InputError):
                declared = workspace.manifest_at(tree, name, name).declaration
                found.add((declared.project, declared.dataset))
        return found

    @cached_property
    def _keys(self) -> tuple[str, ...]:
        return tuple(sorted(kept_keys(self.workspace.repository)))

    @cached_property
    def _records(self) -> tuple[tuple[str, str, str], ...]:
        """The name, version and key of every record in the history."""
        workspace, found = self.workspace, dict[tuple[str, str, str], None]()
        folder = workspace.config.manifests
        for path, blob in every_record(workspace.repository, folder):
            name = path.removeprefix(f"{folder}/").rpartition(f"/{VERSIONS}/")[0]
            with suppress(InputError, KeyError):  # a broken one names nothing
                record = decode_record(workspace.objects.blob(blob), path)
                found[name, record.version, record.key] = None
        return tuple(found)

    @cached_property
    def _recorded(self) -> dict[str, set[str]]:
        """Key → the names below which a record has it."""
        found: dict[str, set[str]] = defaultdict(set)
        for name, _, key in self._records:
            found[key].add(name)
        return dict(found)

    @cached_property
    def _versions(self) -> dict[str, set[str]]:
        """Version → the keys that any manifest has for it."""
        found: dict[str, set[str]] = defaultdict(set)
        for _, version, key in self._records:
            found[version].add(key)
        for key in self._keys:
            with suppress(InputError):
                found[self.manifest(key, "any").declaration.version].add(key)
        return found
