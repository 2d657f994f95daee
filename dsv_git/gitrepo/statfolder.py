"""The folder that keeps the memory of one data root. What goes wrong in it is only forgotten."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from dsv_git.gitrepo.statfile import INDEX_TIME

Version = tuple[int, int, int]


class StateFolder:
    """Files that are read and written whole, and one that only grows. No method raises OSError."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def open(self, name: str) -> BinaryIO | None:
        """A file for reading."""
        try:
            return (self.place / name).open("rb")
        except OSError:
            return None

    def read(self, name: str) -> bytes:
        """A file's content, nothing where there is none."""
        try:
            return (self.place / name).read_bytes()
        except OSError:
            return b""

    def version(self, name: str) -> Version | None:
        """What is another when the file was written anew."""
        try:
            status = (self.place / name).stat()
        except OSError:
            return None
        return status.st_ino, status.st_ctime_ns, status.st_size

    def replace(self, name: str, data: bytes) -> bool:
        """Writes a file whole or not at all; says whether it could.

        There is no fsync: checksums tell what a crash spoilt, and all of it can be derived again.
        """
        import tempfile

        try:
            self.place.mkdir(parents=True, exist_ok=True)
            handle, new = tempfile.mkstemp(prefix=".dsv-", dir=self.place)
            try:
                with os.fdopen(handle, "wb") as out:
                    out.write(data)
                os.utime(new, (INDEX_TIME, INDEX_TIME))
                Path(new).replace(self.place / name)
            finally:
                Path(new).unlink(missing_ok=True)
        except OSError:
            return False
        return True

    def append(self, name: str, data: bytes, sound: int | None) -> None:
        """Adds to a file, of which only the first `sound` bytes are kept if that is given."""
        with suppress(OSError):
            self.place.mkdir(parents=True, exist_ok=True)
            with (self.place / name).open("ab") as out:
                if sound is not None and out.tell() > sound:
                    out.truncate(sound)
                out.write(data)

    def remove(self, name: str) -> None:
        """Removes a file if it is there."""
        with suppress(OSError):
            (self.place / name).unlink()
