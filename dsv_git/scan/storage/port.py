"""The port to a place that holds files under paths.

A data root is one, and so is a folder or bucket that keeps copies. Paths are relative to the place,
`/` separates. They come from manifests: an implementation refuses those that are not safe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from dsv_git.errors import InputError
from dsv_git.manifest.names import printable, unsafe_path
from dsv_git.scan.notices import Kind
from dsv_git.scan.patterns import Patterns


class Stored(NamedTuple):
    """A file in a storage: its path, its size in bytes, and its stamp, a text that is another one
    after the file was written (a modification time, an ETag); empty where the place has none."""

    path: str
    size: int
    stamp: str


class Changed(InputError):
    """The file is another one than was listed."""


class Storage(Protocol):
    """A place that holds files. Every method raises InputError for what cannot be read or written,
    and Unreachable where the place does not answer. Any thread may call any method."""

    @property
    def where(self) -> str:
        """The place in a message: a folder or a URL, without credentials, printable."""

    def files(self, patterns: Patterns) -> Iterator[Stored]:
        """Every file that the patterns take, in no order. Raises RootMissing where there is no such
        place."""

    def stat(self, path: str) -> Stored | None:
        """One file, or None where it is not there."""

    def open(self, path: str, stamp: str = "") -> BinaryIO:
        """A stream of a file's content from its start, to be closed. Raises Changed where the file
        has another stamp than the one given."""

    def local(self, path: str) -> Path | None:
        """Where the file is on this machine, whether or not it is there; None for a place that is
        elsewhere."""

    def put(self, path: str, content: BinaryIO) -> None:
        """Stores a content whole or not at all, in place of what was there."""

    def delete(self, path: str) -> None:
        """Removes a file; one that is not there is no error."""


LeftOut = Callable[[Kind, str], object]
"""Is told what a listing leaves out: why, and under which name it is there."""


class Remote(Storage, Protocol):
    """A storage that is on no file system: what a listing says of a file is all that is known."""

    def listing(self, patterns: Patterns, left_out: LeftOut) -> Iterator[Stored]:
        """As `files`, and says what it leaves out."""


def safe(path: str) -> str:
    """The path itself. Raises InputError for one that is not safe."""
    reason = unsafe_path(path)
    if reason is not None:
        raise InputError(f"the path {printable(path)!r} {reason}", hint="dsv check")
    return path


def changed(path: str) -> Changed:
    """What to say of a file that is another one than was listed."""
    return Changed(
        f"{printable(path)} changes while it is read", hint="run again when nothing writes to it"
    )
