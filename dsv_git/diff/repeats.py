"""Which contents a version has more than once, with little memory for each entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import xxhash

_DIGEST: Final = 16
_ROW: Final = _DIGEST + 8


class Repeats:
    """Hashes and sizes, 24 bytes for each: 128 bits of the hash's own hash, and the size.

    They are kept in 256 parts by their first byte, so that only one part at a time is taken apart
    into objects.
    """

    def __init__(self) -> None:
        self._parts = [bytearray() for _ in range(256)]

    def add(self, content: str, size: int) -> None:
        """One more file with the hash `content`, of `size` bytes."""
        # What is no valid text is refused elsewhere; here it must only not fail.
        digest = xxhash.xxh3_128_digest(content.encode("utf-8", "surrogatepass"))
        self._parts[digest[0]] += digest + size.to_bytes(8, "big")

    def totals(self) -> tuple[int, int, int]:
        """How many contents are there more than once, how many files are beyond the first of their
        content, in the order of `add`, and how many bytes these have."""
        groups = files = size = 0
        for part in self._parts:
            seen: set[bytes] = set()
            repeated: set[bytes] = set()
            for digest, own in _rows(bytes(part)):
                if digest in seen:
                    repeated.add(digest)
                    files += 1
                    size += own
                else:
                    seen.add(digest)
            groups += len(repeated)
        return groups, files, size


def _rows(part: bytes) -> Iterator[tuple[bytes, int]]:
    for start in range(0, len(part), _ROW):
        middle = start + _DIGEST
        yield part[start:middle], int.from_bytes(part[middle : start + _ROW], "big")
