"""The entries of a version with their files: the shared address, and the bytes on this machine."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

import xxhash

from dsv_git.errors import InputError, Unreachable
from dsv_git.flow.data.roots import inside, locations
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import printable
from dsv_git.scan.storage.opening import open_storage
from dsv_git.scan.storage.port import Storage

LARGEST = 50_000_000
"""Bytes of a file that is read whole, for a picture of it."""


@dataclass(frozen=True)
class StoredContent:
    """A version's content. Addresses are below the declared root or `data.url`, never below a
    clone's own override: others could not follow them."""

    workspace: Workspace
    manifest: Manifest
    parents: tuple[tuple[str, Manifest], ...] = ()
    """The parents that are tracked here: ID and manifest."""

    def __iter__(self) -> Iterator[Entry]:
        """Every entry, list by list."""
        for path in self.manifest.lists:
            yield from self.manifest.rows(path)

    def address(self, entry: Entry) -> str:
        """The shared address of an entry's file. ClearML's package takes the path behind `file://`
        as it is, so it is not quoted."""
        return address(self._base(entry.path), self._inner(entry.path))

    def read(self, entry: Entry) -> bytes | None:
        """The bytes of an entry's file, below this clone's override where it has one; nothing is
        asked again of a store that did not answer once."""
        if entry.size > LARGEST or self._silent:
            return None
        try:
            storage, path = self._stored(entry)
            with storage.open(path) as file:
                data = file.read(entry.size + 1)
        except Unreachable:
            self._silent.append(entry.path)
            return None
        except (InputError, OSError):
            return None
        algorithm, _, value = entry.hash.partition(":")
        other = algorithm == "xxh3" and xxhash.xxh3_128_hexdigest(data) != value
        return None if other or len(data) != entry.size else data

    def pieces(self, entry: Entry) -> Iterator[bytes]:
        """The bytes of an entry's file, held against its hash at the end."""
        algorithm, _, value = entry.hash.partition(":")
        known: dict[str, Callable[[], Any]] = {"xxh3": xxhash.xxh3_128, "sha256": hashlib.sha256}
        running = known[algorithm]() if algorithm in known else None
        try:
            storage, path = self._stored(entry)
            with storage.open(path) as file:
                while piece := file.read(1 << 20):
                    if running is not None:
                        running.update(piece)
                    yield piece
        except OSError as error:
            raise self._not_uploaded(entry, error.strerror or "it cannot be read") from None
        except InputError as error:
            raise self._not_uploaded(entry, error.message) from None
        if running is not None and running.hexdigest() != value:
            raise self._not_uploaded(entry, "it is another content than the manifest's")

    def inherited(self, entry: Entry) -> str | None:
        """The ID of a parent that has the same content under the same path."""
        wanted = _place_of(entry) if self._held else 0
        found = (one for one, held in self._held if wanted in held)
        return next(found, None)

    def _not_uploaded(self, entry: Entry, reason: str) -> InputError:
        name = self.manifest.name
        where = f"{name}: {printable(entry.path)}"
        return InputError(f"cannot be uploaded: {reason}", where=where, hint=f"dsv update {name}")

    @cached_property
    def _held(self) -> tuple[tuple[str, set[int]], ...]:
        return tuple(
            (one, set(map(_place_of, StoredContent(self.workspace, manifest))))
            for one, manifest in self.parents
        )

    @cached_property
    def _storages(self) -> dict[str, Storage]:
        data = self.manifest.declaration.data
        found = locations(self.workspace, self.manifest.name, data)
        return {mount: open_storage(place) for mount, place in found.items()}

    @cached_property
    def _silent(self) -> list[str]:
        """What was asked for where no store answered."""
        return []

    def _stored(self, entry: Entry) -> tuple[Storage, str]:
        mount, path = inside(self._storages, entry.path)
        return self._storages[mount], path

    def _base(self, path: str) -> str:
        data = self.manifest.declaration.data
        if data.url:
            return data.url
        mount = "" if "" in data.roots else path.partition("/")[0]
        return shared_root(self.workspace, data.roots.get(mount, ""))

    def _inner(self, path: str) -> str:
        data = self.manifest.declaration.data
        return path if data.url or "" in data.roots else path.partition("/")[2]


def _place_of(entry: Entry) -> int:
    """128 bits of an entry's path and hash: what a million rows may take in memory."""
    text = f"{entry.hash} {entry.path}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=16).digest(), "big")


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
