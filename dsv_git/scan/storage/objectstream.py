"""A content that is fetched, as a stream that outlives a broken connection."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Final, NamedTuple

BREAKS: Final = 5
"""So often a stream is taken up again before it is given up."""


class Answer(NamedTuple):
    """A store's answer: the stamp of the file, the bytes that the body holds (None where the store
    does not say), the body."""

    stamp: str
    length: int | None
    body: Any


Request = Callable[[int, str], Answer]
"""Asks for the content from a byte on, of the file with this stamp if it is not empty."""
Read = Callable[[Any, int], bytes]
"""The next bytes of a body, so many at most; OSError where the connection broke."""
Close = Callable[[Any], object]


class ObjectStream(io.RawIOBase):
    """One request, and another one from where a connection broke: of the same file only."""

    def __init__(self, request: Request, read: Read, close: Close, stamp: str) -> None:
        super().__init__()
        self._request, self._read, self._close = request, read, close
        self._position = 0
        self._breaks = 0
        answer = request(0, stamp)
        self._stamp, self._length, self._body = answer

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes, 0 of them at the end."""
        if self._position == self._length:
            return 0
        data = self._next(len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def _next(self, size: int) -> bytes:
        while True:
            try:
                data = self._read(self._body, size)
                if data or self._length is None:
                    return data
                broken = OSError("the store ended the content too early")
            except OSError as error:
                broken = error
            self._breaks += 1
            if self._breaks > BREAKS or not self._stamp:
                raise broken
            self._close(self._body)
            self._body = self._request(self._position, self._stamp).body

    def close(self) -> None:
        """Gives up what was not read."""
        if not self.closed and self._position != self._length:
            self._close(self._body)
        super().close()
