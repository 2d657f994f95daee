"""A folder of this machine, a mounted one among them, as a storage."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dsv_git.errors import InputError
from dsv_git.manifest.names import printable
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.refusals import unreadable
from dsv_git.scan.storage.port import Stored, changed, safe
from dsv_git.scan.walk import walk


@dataclass(frozen=True)
class Folder:
    """A folder. A symbolic link in it counts where it leads to a regular file inside."""

    base: Path

    @property
    def where(self) -> str:
        """The folder, printable."""
        return printable(str(self.base))

    def files(self, patterns: Patterns) -> Iterator[Stored]:
        """As of the port; the stamp is the modification time in ns."""
        for found in walk(self.base, patterns).files:
            yield Stored(found.path, found.size, str(found.mtime_ns))

    def stat(self, path: str) -> Stored | None:
        """As of the port; what is no regular file inside the folder is not there."""
        place = self.local(path)
        try:
            status = place.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise unreadable(path, error) from None
        if not place.is_file() or not self._is_inside(place):
            return None
        return Stored(path, status.st_size, str(status.st_mtime_ns))

    def open(self, path: str, stamp: str = "") -> BinaryIO:
        """As of the port."""
        place = self.local(path)
        if not self._is_inside(place):
            raise InputError(f"{printable(path)} leads out of {self.where}", hint="dsv check")
        try:
            file = place.open("rb")
        except OSError as error:
            raise unreadable(path, error) from None
        if stamp and stamp != str(os.fstat(file.fileno()).st_mtime_ns):
            file.close()
            raise changed(path)
        return file

    def local(self, path: str) -> Path:
        """The file's place. Raises InputError for a path that is not safe."""
        return self.base / safe(path)

    def put(self, path: str, content: BinaryIO) -> None:
        """As of the port: a temporary file beside it, fsync, rename."""
        place = self.local(path)
        if not self._is_inside(place.parent):
            raise InputError(f"{printable(path)} leads out of {self.where}", hint="dsv check")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=place.parent, prefix=".dsv-")
        except OSError as error:
            raise unwritable(place, error) from None
        try:
            with os.fdopen(descriptor, "wb") as out:
                shutil.copyfileobj(content, out, 1 << 20)
                out.flush()
                os.fsync(out.fileno())
            Path(temporary).replace(place)
        except OSError as error:
            raise unwritable(place, error) from None
        finally:
            Path(temporary).unlink(missing_ok=True)

    def delete(self, path: str) -> None:
        """As of the port; folders that are empty then go too."""
        place = self.local(path)
        if not self._is_inside(place.parent):
            raise InputError(f"{printable(path)} leads out of {self.where}", hint="dsv check")
        try:
            place.unlink(missing_ok=True)
        except OSError as error:
            raise unwritable(place, error) from None
        with suppress(OSError):
            for parent in place.relative_to(self.base).parents:
                if parent.parts:
                    (self.base / parent).rmdir()

    def _is_inside(self, place: Path) -> bool:
        """Whether a place is below the folder with all symbolic links followed."""
        return place.resolve().is_relative_to(self.base.resolve())


def unwritable(place: Path, error: OSError) -> InputError:
    """What to say when a file cannot be written."""
    return InputError(
        f"cannot write {printable(str(place))}: {error.strerror or error}",
        hint="make room, or make the folder writable, and run again",
    )
