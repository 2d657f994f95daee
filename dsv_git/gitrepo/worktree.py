"""A manifest's files in the working tree, each with the id that its blob has or would have."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dsv_git.gitrepo.files import FolderFiles
from dsv_git.gitrepo.repository import Repository


def clean_blobs(repository: Repository, folder: str) -> dict[str, str]:
    """The blobs of the files below a folder that are on disk as the index has them, by path from
    the top. git compares stat data, and reads only where they leave it in doubt."""
    listed = repository.git.fields("ls-files", "-z", "-t", "-s", "-m", "--", f":(literal){folder}")
    found: dict[str, str] = {}
    changed: set[str] = set()
    for line in listed:
        facts, _, path = line.partition("\t")
        tag, _, blob, stage = facts.split(" ")
        if tag == "H" and stage == "0":
            found[path] = blob
        else:
            changed.add(path)
    return {path: blob for path, blob in found.items() if path not in changed}


@dataclass(frozen=True)
class WorktreeFiles:
    """The files of a folder of the working tree. What git knows to be clean is not read to tell
    its blob's id; the rest is hashed as git would without filters."""

    repository: Repository
    folder: FolderFiles
    clean: Mapping[str, str] = field(repr=False)
    """The ids of clean files, by path below the folder."""

    @classmethod
    def of(cls, repository: Repository, path: str, clean: Mapping[str, str]) -> WorktreeFiles:
        """The files of the folder `path`; `clean` has paths from the top, as `clean_blobs`."""
        start = f"{path}/"
        below = {
            name.removeprefix(start): blob for name, blob in clean.items() if name.startswith(start)
        }
        return cls(repository, FolderFiles(repository.top / path, path), below)

    @property
    def where(self) -> str:
        """The folder, as a message names it."""
        return self.folder.where

    @cached_property
    def _blobs(self) -> Mapping[str, str]:
        return {path: self.clean.get(path) or self._hashed(path) for path in self.folder.blobs()}

    def blobs(self) -> Mapping[str, str]:
        """Every file with its blob's id."""
        return self._blobs

    def read(self, path: str) -> bytes:
        """A file's bytes. Raises KeyError where it is not, InputError where it is unreadable."""
        return self.folder.read(path)

    @cached_property
    def _algorithm(self) -> str:
        return self.repository.config("extensions.objectformat") or "sha1"

    def _hashed(self, path: str) -> str:
        data = self.folder.read(path)
        whole = b"blob %d\0" % len(data) + data
        return hashlib.new(self._algorithm, whole, usedforsecurity=False).hexdigest()
