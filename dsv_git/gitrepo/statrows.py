"""Rows of the stat cache, as columns: in memory, and as they are stored."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import msgspec

Columns = tuple[Sequence[str], Sequence[int], Sequence[int], Sequence[str]]
"""Files in columns: paths sorted by their UTF-8 bytes, sizes (bytes), mtimes (ns), hashes."""


class Rows(msgspec.Struct, frozen=True, array_like=True):
    """Columns as they are stored: two joined texts, two arrays of 64-bit integers."""

    paths: str
    hashes: str
    sizes: bytes
    mtimes_ns: bytes

    def __len__(self) -> int:
        return len(self.sizes) // 8


def pack(columns: Columns) -> Rows:
    """Columns for storing."""
    paths, sizes, mtimes, hashes = columns
    return Rows(
        "\0".join(paths),
        "\n".join(hashes),
        array("Q", sizes).tobytes(),
        array("q", mtimes).tobytes(),
    )


def integers(kind: str, data: bytes) -> array[int]:
    """A stored column of integers."""
    column = array(kind)
    column.frombytes(data)
    return column


def unpack(rows: Rows) -> Columns:
    """Stored columns."""
    if not rows.sizes:
        return [], [], [], []
    return (
        rows.paths.split("\0"),
        integers("Q", rows.sizes),
        integers("q", rows.mtimes_ns),
        rows.hashes.split("\n"),
    )
