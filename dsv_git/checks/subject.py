"""One manifest under check, with what it was before the change that is judged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from dsv_git.checks.delta import Delta, delta
from dsv_git.checks.listfile import ListFile
from dsv_git.checks.repeats import Repeat, repeats
from dsv_git.errors import InputError
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.manifest import DECLARATION, DROPPED, Manifest
from dsv_git.manifest.names import decode_part, encode_part
from dsv_git.manifest.record import VERSIONS, Record, decode_record


@dataclass(frozen=True)
class Subject:
    """A manifest of the content under check.

    `before` is the manifest that the change starts from. A file with another blob than there, or
    with no known one (in the working tree), is looked at.
    """

    manifest: Manifest
    before: Manifest | None = None

    @property
    def name(self) -> str:
        """The manifest's name."""
        return self.manifest.name

    def file(self, path: str) -> str:
        """A path below the manifest, from the top of the repository."""
        return f"{self.manifest.files.where}/{path}"

    @cached_property
    def reading(self) -> Declaration | InputError:
        """What `manifest.yaml` declares, or why it cannot be read."""
        return _declaration(self.manifest)

    @property
    def declaration(self) -> Declaration | None:
        """What `manifest.yaml` declares, None where it cannot be read: `format` tells of that."""
        return None if isinstance(self.reading, InputError) else self.reading

    @cached_property
    def declared_before(self) -> Declaration | None:
        """What `manifest.yaml` declared before the change, if that can be read."""
        found = _declaration(self.before) if self.before is not None else None
        return None if isinstance(found, InputError) else found

    def is_new(self, path: str) -> bool:
        """Whether a file has to be looked at: the change made it what it is."""
        if self.before is None:
            return True
        return self.before.files.blobs().get(path) != self.manifest.files.blobs()[path]

    @cached_property
    def touched(self) -> bool:
        """Whether the change is one of this manifest."""
        if self.before is None:
            return True
        return dict(self.manifest.files.blobs()) != dict(self.before.files.blobs())

    @cached_property
    def lists(self) -> tuple[str, ...]:
        """The lists to read: those that the change wrote, all where it changed the layout."""
        if self.is_new(DECLARATION):
            now, former = self.declaration, self.declared_before
            if now is not None and (former is None or now.layout != former.layout):
                return tuple(self.manifest.lists)
        return tuple(path for path in self.manifest.lists if self.is_new(path))

    @cached_property
    def delta(self) -> Delta | None:
        """What the change did to the entries; None for a first version, and where a list cannot be
        read."""
        return delta(self.before, self.manifest) if self.before is not None else None

    @cached_property
    def repeats(self) -> tuple[Repeat, ...]:
        """The contents that the change brought and that are there more than once."""
        return repeats(self)

    def list_file(self, path: str) -> ListFile:
        """Reads one list."""
        layout = self.declaration.layout if self.declaration is not None else None
        data = self.manifest.files.read(path)
        return ListFile(self.name, self.manifest.files.where, path, data, layout)

    @cached_property
    def dropped(self) -> bytes | None:
        """`dropped.jsonl`, if there is one to look at."""
        there = DROPPED in self.manifest.files.blobs() and self.is_new(DROPPED)
        return self.manifest.files.read(DROPPED) if there else None

    @cached_property
    def new_records(self) -> dict[str, Record | InputError]:
        """The records to look at, by file, each read or with the reason why it cannot be."""
        found: dict[str, Record | InputError] = {}
        for path in record_files(self.manifest):
            if self.is_new(path):
                try:
                    found[path] = decode_record(self.manifest.files.read(path), self.file(path))
                except InputError as error:
                    found[path] = error
        return found


def _declaration(manifest: Manifest) -> Declaration | InputError:
    try:
        return manifest.declaration
    except InputError as error:
        return error


def record_files(manifest: Manifest) -> list[str]:
    """The files of a manifest's records, the one without a mark in its name first."""
    return sorted(
        (p for p in manifest.files.blobs() if p.startswith(f"{VERSIONS}/") and p.endswith(".json")),
        key=lambda path: path.removesuffix(".json"),
    )


def records_of(manifest: Manifest, version: str) -> Iterator[Record]:
    """The readable records of one version; no other file is read."""
    stem = f"{VERSIONS}/{encode_part(version)}"
    for path in record_files(manifest):
        if path == f"{stem}.json" or path.startswith(f"{stem}#"):
            yield from (r for r in _readable(manifest, path) if r.version == version)


def recorded_versions(manifest: Manifest) -> Iterator[str]:
    """The versions that have a record, by the names of the files alone."""
    for path in record_files(manifest):
        stem = path.partition("/")[2].removesuffix(".json").partition("#")[0]
        with suppress(ValueError):
            yield decode_part(stem)


def all_records(manifest: Manifest) -> Iterator[Record]:
    """Every readable record."""
    for path in record_files(manifest):
        yield from _readable(manifest, path)


def _readable(manifest: Manifest, path: str) -> Iterator[Record]:
    with suppress(InputError):
        yield decode_record(manifest.files.read(path), path)
