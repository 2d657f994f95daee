"""The hash of a content by the algorithm that its entry names: what proves that bytes are right."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import BinaryIO, Final

from dsv_git.manifest.url import Url
from dsv_git.scan.hashing import BLOCK, Hasher, new_hasher
from dsv_git.scan.storage.port import Storage

_MD5_ETAG: Final = re.compile(r'"?([0-9a-f]{32})"?').fullmatch


def new_digest(algorithm: str) -> Hasher:
    """A hash under way: of `xxh3`, `sha256` or `md5`."""
    if algorithm == "md5":
        import hashlib

        return hashlib.md5(usedforsecurity=False)
    return new_hasher("sha256" if algorithm == "sha256" else "xxh3")(b"")


class Proof:
    """Takes a content piece by piece, and tells whether it is the one that a hash names."""

    def __init__(self, wanted: str) -> None:
        self._algorithm, _, self._wanted = wanted.partition(":")
        self._digest = new_digest(self._algorithm if self._algorithm != "etag" else "md5")
        self.size = 0
        """Bytes so far."""

    def update(self, data: bytes | memoryview) -> None:
        """The next piece."""
        self._digest.update(data)
        self.size += len(data)

    def holds(self) -> bool | None:
        """Whether it is that content; None where the bytes cannot tell.

        An `etag` is a store's own text. Of a content that was stored in one piece, unencrypted, it
        is the MD5 in hexadecimal (Amazon S3, API reference, "Object": ETag), so a match proves the
        content, and another text proves nothing.
        """
        found = self._digest.hexdigest()
        if self._algorithm != "etag":
            return found == self._wanted
        told = _MD5_ETAG(self._wanted)
        return True if told is not None and told[1] == found else None


def prove(stream: BinaryIO, wanted: str, report: Callable[[int], object]) -> Proof:
    """Reads a stream to its end. `report` is called with the bytes of every block."""
    proof = Proof(wanted)
    while block := stream.read(BLOCK):
        proof.update(block)
        report(len(block))
    return proof


def lists_files(storage: Storage) -> bool:
    """Whether a storage can say which files it holds: a web server cannot."""
    url = getattr(storage, "url", None)
    return not (isinstance(url, Url) and url.is_web)


def proves_by_stamp(storage: Storage) -> bool:
    """Whether the stamps of a storage are checksums of its own: those of an object store are."""
    url = getattr(storage, "url", None)
    return isinstance(url, Url) and not url.is_web
