"""A whole manifest, read from wherever its files are: a folder, a commit's tree, the index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

import msgspec

from dsv_git.errors import InputError
from dsv_git.manifest import composing, declaration, dropped, filelist
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.identity import digest, list_digest
from dsv_git.manifest.layout import LISTS, SUFFIX, Layout
from dsv_git.manifest.parsing import parse_declaration
from dsv_git.manifest.record import VERSIONS, Record, decode_record

DECLARATION: Final = declaration.FILE
DROPPED: Final = dropped.FILE


class Files(Protocol):
    """A manifest's files. Paths are relative to the manifest's folder, `/` separates."""

    @property
    def where(self) -> str:
        """The folder, as a message names it."""

    def blobs(self) -> Mapping[str, str]:
        """Every file, with what identifies its content here (a blob's id), or an empty text."""

    def read(self, path: str) -> bytes:
        """A file's bytes. Raises KeyError where there is none."""


@dataclass(frozen=True)
class HeldFiles:
    """A manifest's files in memory."""

    held: Mapping[str, bytes]
    where: str

    def blobs(self) -> Mapping[str, str]:
        """Every file; what is in memory has no ids."""
        return dict.fromkeys(self.held, "")

    def read(self, path: str) -> bytes:
        """A file's bytes. Raises KeyError where there is none."""
        return self.held[path]


def is_list(path: str) -> bool:
    """Whether a manifest's file is one of its file lists."""
    return path.startswith(f"{LISTS}/") and path.endswith(SUFFIX)


@dataclass(frozen=True)
class Manifest:
    """A manifest as one place holds it. Lists are read when they are asked for."""

    name: str
    files: Files

    @cached_property
    def text(self) -> str:
        """`manifest.yaml` as it stands there. Raises InputError."""
        try:
            data = self.files.read(DECLARATION)
            return data.decode()
        except KeyError:
            raise InputError(f"there is no {DECLARATION}", where=self.files.where) from None
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise InputError("not UTF-8", where=f"{self._where(DECLARATION)}:{line}") from None

    @cached_property
    def declaration(self) -> Declaration:
        """What `manifest.yaml` declares. Raises InputError."""
        return parse_declaration(self.text, self.name, self._where(DECLARATION))

    @cached_property
    def lists(self) -> Mapping[str, str]:
        """The file lists, each with its blob's id (empty in a folder)."""
        return {path: blob for path, blob in sorted(self.files.blobs().items()) if is_list(path)}

    @property
    def layout(self) -> Layout:
        """How rows are spread over lists."""
        return self.declaration.layout

    def rows(self, path: str) -> tuple[Entry, ...]:
        """The entries of one list, with paths from the data root. Raises InputError."""
        try:
            prefix = self.layout.prefix(path)
        except ValueError as error:
            where = self._where(path)
            raise InputError(str(error), where=where, hint="dsv check --fix") from None
        rows = self.listed(path)
        if not prefix:
            return rows
        replace = msgspec.structs.replace
        return tuple(replace(row, path=prefix + row.path) for row in rows)

    def listed(self, path: str) -> tuple[Entry, ...]:
        """The entries of one list, with paths as it has them. Raises InputError where its bytes
        are not their one valid encoding."""
        return filelist.decode_entries(self.files.read(path), self._where(path))

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry, sorted by path."""
        found = [row for path in self.lists for row in self.rows(path)]
        found.sort(key=lambda entry: entry.path)
        return tuple(found)

    @cached_property
    def digest(self) -> str:
        """The digest of the lists, from their bytes."""
        return digest({path: list_digest(self.files.read(path)) for path in self.lists})

    @cached_property
    def dropped(self) -> tuple[Dropped, ...]:
        """What this version leaves out on purpose."""
        if DROPPED not in self.files.blobs():
            return ()
        return dropped.decode_dropped(self.files.read(DROPPED), self._where(DROPPED))

    @cached_property
    def records(self) -> Mapping[str, Record]:
        """Every record, by its file below the manifest."""
        return {
            path: decode_record(self.files.read(path), self._where(path))
            for path in sorted(self.files.blobs())
            if path.startswith(f"{VERSIONS}/") and path.endswith(".json")
        }

    def record(self, version: str, key: str | None = None) -> Record | None:
        """The record of a version, of that key where several have the name."""
        named = [record for record in self.records.values() if record.version == version]
        if key is not None:
            named = [record for record in named if record.key.startswith(key)]
        return named[0] if named else None

    def _where(self, path: str) -> str:
        return f"{self.files.where}/{path}"


def manifest_files(
    declaration_text: str, layout: Layout, entries: Iterable[Entry], left_out: Iterable[Dropped]
) -> dict[str, bytes]:
    """The files of a manifest, records apart: what a whole write puts into its folder.

    Raises InputError for names that collide, ValueError for a path that is twice.
    """
    files = {DECLARATION: declaration_text.encode()}
    for path, rows in layout.lists(entries).items():
        files[path] = filelist.encode_entries(rows.entries, below=rows.prefix)
    out = dropped.encode_dropped(left_out)
    if out:
        files[DROPPED] = out
    return files


def with_layout(text: str, layout: Layout) -> str:
    """`manifest.yaml` with another layout."""
    return composing.editor(text).set_flow("layout", composing.layout_value(layout)).text
