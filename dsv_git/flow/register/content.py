"""The entries of a version with their files: the shared address, and the bytes on this machine."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import xxhash

from dsv_git.errors import InputError
from dsv_git.flow.roots import locate, roots
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest

LARGEST = 50_000_000
"""Bytes of a file that is read whole, for a picture of it."""


@dataclass(frozen=True)
class StoredContent:
    """A version's content. Addresses are below the declared root or `data.url`, never below a
    clone's own override: others could not follow them."""

    workspace: Workspace
    manifest: Manifest

    def __iter__(self) -> Iterator[Entry]:
        """Every entry, list by list."""
        for path in self.manifest.lists:
            yield from self.manifest.rows(path)

    def address(self, entry: Entry) -> str:
        """The shared address of an entry's file. ClearML's package takes the path behind `file://`
        as it is, so it is not quoted."""
        return address(self._base(entry.path), self._inner(entry.path))

    def read(self, entry: Entry) -> bytes | None:
        """The bytes of an entry's file, below this clone's override where it has one."""
        try:
            place = locate(self._folders, entry.path)
            if entry.size > LARGEST or place.stat().st_size != entry.size:
                return None
            if not place.resolve().is_relative_to(self._resolved(entry.path)):
                return None
            data = place.read_bytes()
        except (InputError, OSError):
            return None
        algorithm, _, value = entry.hash.partition(":")
        other = algorithm == "xxh3" and xxhash.xxh3_128_hexdigest(data) != value
        return None if other else data

    @cached_property
    def _folders(self) -> dict[str, Path]:
        return roots(self.workspace, self.manifest.name, self.manifest.declaration.data)

    def _resolved(self, path: str) -> Path:
        mount = "" if "" in self._folders else path.partition("/")[0]
        return self._folders[mount].resolve()

    def _base(self, path: str) -> str:
        data = self.manifest.declaration.data
        if data.url:
            return data.url
        mount = "" if "" in data.roots else path.partition("/")[0]
        return shared_root(self.workspace, data.roots.get(mount, ""))

    def _inner(self, path: str) -> str:
        data = self.manifest.declaration.data
        return path if data.url or "" in data.roots else path.partition("/")[2]


def shared_root(workspace: Workspace, declared: str) -> str:
    """A declared root as others reach it: a URL as it is, a folder as an absolute one."""
    if "://" in declared:
        return declared
    return posixpath.normpath(posixpath.join(workspace.repository.top.as_posix(), declared))


def address(base: str, path: str) -> str:
    """The address of a file below a root: `file://` before a folder's, quoted for the web."""
    scheme = base.partition("://")[0] if "://" in base else ""
    if scheme in {"http", "https"}:
        return f"{base.rstrip('/')}/{quote(path)}"
    return f"{'' if scheme else 'file://'}{base.rstrip('/')}/{path}"
