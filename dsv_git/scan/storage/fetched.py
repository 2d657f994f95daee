"""A stream from a store whose errors are messages."""

from __future__ import annotations

import io
from typing import Any, BinaryIO, Final, cast

from dsv_git.manifest.url import Url
from dsv_git.scan.storage.meaning import translated

BUFFER: Final = 64 << 10


class Fetched(io.RawIOBase):
    """A raw stream of the file `path` below `url`."""

    def __init__(self, raw: io.RawIOBase, url: Url, path: str) -> None:
        super().__init__()
        self._raw, self._url, self._path = raw, url, path

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """The next bytes. Raises DsvError."""
        with translated(self._url, self._path):
            return self._raw.readinto(buffer)

    def close(self) -> None:
        """Closes what it reads from."""
        if not self.closed:
            self._raw.close()
        super().close()


def fetched(raw: io.RawIOBase, url: Url, path: str) -> BinaryIO:
    """A buffered stream of a file."""
    return cast(BinaryIO, io.BufferedReader(Fetched(raw, url, path), BUFFER))
