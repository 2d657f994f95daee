"""Which files a data root holds, read where it lies. Nothing is opened, nothing is changed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from dsv_git.scan.folders import Marks
from dsv_git.scan.notices import Notice
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.reader import Reader
from dsv_git.scan.refusals import RootMissing, unreadable

__all__ = ["Found", "Listing", "Names", "RootMissing", "list_names", "walk"]


class Found(NamedTuple):
    """A file on the disk: path below the root, size in bytes, modification time in ns."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Names:
    """The files below a root without their sizes: one folder read each, no file touched.

    `paths` are sorted by their UTF-8 bytes; `links` and `marks` are those of a Reader.
    """

    paths: Sequence[str]
    links: Mapping[str, str]
    marks: Marks
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class Listing:
    """The files below a root, sorted by the UTF-8 bytes of their paths."""

    files: tuple[Found, ...]
    notices: tuple[Notice, ...]


def walk(root: Path, patterns: Patterns) -> Listing:
    """Every file below `root` with size and modification time. Errors as of `list_names`."""
    names = list_names(root, patterns)
    base = os.fspath(root)
    found = []
    for path in names.paths:
        try:
            status = os.stat(f"{base}/{path}")  # noqa: PTH116 - a Path each would cost the double
        except OSError as error:
            raise unreadable(path, error) from None
        found.append(Found(path, status.st_size, status.st_mtime_ns))
    return Listing(tuple(found), names.notices)


def list_names(root: Path, patterns: Patterns) -> Names:
    """Every file below `root`.

    `.git` is never part of the data, wherever it is. A symbolic link to a regular file inside the
    root counts as that file; other links, devices, sockets and pipes are left out with a notice.
    Raises RootMissing, and InputError for what cannot be read or whose name is not UTF-8: a list
    that silently lacks a file would be worse than none.
    """
    reader = Reader(os.fspath(root), patterns)
    paths = list(chain.from_iterable(reader.blocks()))
    return Names(paths, reader.links, reader.marks, reader.notices)
