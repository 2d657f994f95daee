"""A bucket or container of any store that fsspec knows, as a storage.

A listing is the store's own; a content is one request for its facts and one for each 8 MiB.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, BinaryIO, Final

from dsv_git.scan.patterns import Patterns
from dsv_git.scan.storage.elsewhere import Elsewhere
from dsv_git.scan.storage.fetched import fetched
from dsv_git.scan.storage.meaning import translated
from dsv_git.scan.storage.naming import Naming
from dsv_git.scan.storage.port import LeftOut, Stored, changed, safe
from dsv_git.scan.storage.remote import file_system

BLOCK: Final = 8 << 20
"""Bytes of one request."""
PART: Final = 64 << 20
"""Bytes of one part of an upload; a content that is smaller is one request."""
_STAMPS: Final = ("etag", "ETag", "generation", "md5Hash", "last_modified", "updated", "created")


@dataclass(frozen=True)
class Blobs(Elsewhere):
    """The files of a store below a path. A stamp is the first that the store has of an ETag, a
    generation, a checksum, a time."""

    @cached_property
    def _system(self) -> Any:
        return file_system(self.url, self.streams)

    @cached_property
    def _base(self) -> str:
        return str(self._system._strip_protocol(str(self.url))).rstrip("/")

    def _file(self, path: str) -> str:
        return f"{self._base}/{safe(path)}"

    def listing(self, patterns: Patterns, left_out: LeftOut) -> Iterator[Stored]:
        """As of the port; a path that no file has is a place without files."""
        naming = Naming(patterns, left_out)
        with translated(self.url):
            found = self._system.find(self._base, detail=True)
        for name, facts in found.items():
            path, size = name.removeprefix(f"{self._base}/"), int(facts["size"] or 0)
            if naming.takes(path, size):
                yield Stored(path, size, _stamp(facts))

    def stat(self, path: str) -> Stored | None:
        """As of the port."""
        place = self._file(path)
        with translated(self.url, path):
            try:
                found = self._system.info(place)
            except FileNotFoundError:
                return None
        if found.get("type") == "directory":
            return None
        return Stored(path, int(found["size"]), _stamp(found))

    def open(self, path: str, stamp: str = "") -> BinaryIO:
        """As of the port. What is longer than one request is looked at again at its end."""
        with translated(self.url, path):
            place = self._file(path)
            file = self._system.open(place, "rb", block_size=BLOCK, cache_type="readahead")
            now = _stamp(getattr(file, "details", None) or self._system.info(place))
        if stamp and stamp != now:
            file.close()
            raise changed(path)
        return fetched(_Unchanged(self, path, file, now), self.url, path)

    def put(self, path: str, content: BinaryIO) -> None:
        """As of the port: a file is there when its last byte is."""
        place, data = self._file(path), content.read(PART)
        with translated(self.url, path):
            if len(data) < PART:
                self._system.pipe_file(place, data)
                return
            out = self._system.open(place, "wb", block_size=PART)
            try:
                while data:
                    out.write(data)
                    data = content.read(PART)
            except BaseException:
                with suppress(Exception):
                    out.discard()
                out.closed = True  # else its end would store what there is
                raise
            out.close()

    def delete(self, path: str) -> None:
        """As of the port."""
        with translated(self.url, path), suppress(FileNotFoundError):
            self._system.rm_file(self._file(path))


def _stamp(facts: Mapping[str, Any]) -> str:
    found = next((facts[key] for key in _STAMPS if facts.get(key)), "")
    return str(found.timestamp() if isinstance(found, datetime) else found).strip('"')


class _Unchanged(io.RawIOBase):
    """A file that is read in several requests: at its end it must be the one that it was."""

    def __init__(self, blobs: Blobs, path: str, file: Any, stamp: str) -> None:
        super().__init__()
        self._blobs, self._path, self._file, self._stamp = blobs, path, file, stamp
        self._position = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes."""
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        if not data and self._position > BLOCK:
            now = self._blobs.stat(self._path)
            if now is None or now.stamp != self._stamp:
                raise changed(self._path)
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()
        super().close()
