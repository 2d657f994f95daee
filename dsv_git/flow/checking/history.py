"""What the repository knows besides the content that `dsv check` judges."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from dsv_git.checks.content import Held
from dsv_git.errors import InputError
from dsv_git.flow.history.snapshots import Snapshots
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.gitrepo.commits import published_commits
from dsv_git.gitrepo.history import shallow_boundary
from dsv_git.gitrepo.ranges import remote_branches
from dsv_git.manifest.declaration import FILE as DECLARATION
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import encode_part
from dsv_git.manifest.parsing import parse_declaration
from dsv_git.manifest.record import VERSIONS, decode_record, record_path

MOST: Final = 100
"""Commits of a version's record that are looked at; more than a few are nowhere."""


@dataclass(frozen=True)
class GitHistory:
    """Answers from the commits up to `tips`, the remote-tracking refs and the kept versions."""

    workspace: Workspace
    tips: tuple[str, ...]

    def digest(self, manifest: Manifest) -> str:
        """The digest of a manifest's lists; empty where a name of one is not UTF-8."""
        try:
            if all(manifest.lists.values()):
                return self._snapshots.digest(manifest)
            return manifest.digest
        except UnicodeEncodeError:
            return ""

    def remote_records(self, manifest: str, version: str) -> tuple[Held, ...]:
        """The records of a version at the tips of remote-tracking refs, each with its branch; where
        none has it, those that were there once (reverted, or removed, since)."""
        objects, stem = self.workspace.objects, encode_part(version)
        found: dict[str, Held] = {}
        for branch, tree in self._remotes:
            for item in objects.tree(f"{tree}:{manifest}/{VERSIONS}"):
                if item.name == f"{stem}.json" or item.name.startswith(f"{stem}#"):
                    with suppress(KeyError, InputError):
                        record = decode_record(objects.blob(item.id), item.name)
                        if record.version == version:
                            found.setdefault(record.key, Held(record, branch))
        return tuple(found.values()) or tuple(self._former_records(manifest, version))

    def _former_records(self, manifest: str, version: str) -> Iterator[Held]:
        if not self._remotes:
            return
        path = f"{self.workspace.path_of(manifest)}/{record_path(version)}"
        for commit in published_commits(self.workspace.repository, path, MOST):
            with suppress(KeyError, InputError):
                record = decode_record(self.workspace.objects.blob(f"{commit}:{path}"), path)
                if record.version == version:
                    yield Held(record, "it was, on a remote branch")

    def names(self, manifest: str, version: str) -> bool:
        """Whether a commit of the history has this version of this manifest."""
        path = f"{self.workspace.path_of(manifest)}/{DECLARATION}"
        if not self.tips:
            return False
        asked = ("rev-list", "--full-history", *self.tips, "--", path)
        seen: set[str] = set()
        for commit in self.workspace.repository.git.text("--literal-pathspecs", *asked).split():
            found = self.workspace.objects.read(f"{commit}:{path}")
            if found is None or found[0] in seen:
                continue
            seen.add(found[0])
            if version.encode() in found[2] and _version(found[2], manifest) == version:
                return True
        return False

    def keeps(self, key8: str) -> bool:
        """Whether a registered version whose key begins so is kept in this clone."""
        return any(key.startswith(key8) for key in refs.kept_keys(self.workspace.repository))

    def is_shallow(self) -> bool:
        """Whether the clone lacks a part of its history."""
        return bool(shallow_boundary(self.workspace.repository))

    @cached_property
    def _snapshots(self) -> Snapshots:
        return Snapshots(self.workspace)

    @cached_property
    def _remotes(self) -> tuple[tuple[str, str], ...]:
        """Each manifests folder at the tip of a remote-tracking ref once, with one such branch."""
        folder = self.workspace.config.manifests
        trees: dict[str, str] = {}
        for branch, commit in remote_branches(self.workspace.repository):
            tree = self.workspace.objects.resolve(f"{commit}:{folder}")
            if tree is not None:
                trees.setdefault(tree, branch)
        return tuple((branch, tree) for tree, branch in trees.items())


def _version(data: bytes, manifest: str) -> str | None:
    try:
        return parse_declaration(data.decode(), manifest, DECLARATION).version
    except (InputError, UnicodeDecodeError):
        return None
