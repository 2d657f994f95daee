"""A slow network: bytes per second both ways, seconds before each answer."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

PIECE = 16 * 1024


@dataclass(frozen=True)
class Throttle:
    """`bandwidth` in bytes per second, None for no limit; `latency` in seconds for each call."""

    bandwidth: float | None
    latency: float
    ended: threading.Event

    def delay(self) -> None:
        """Waits for the latency."""
        if self.latency:
            self.ended.wait(self.latency)

    def wait_for(self, size: int) -> None:
        """Waits as long as so many bytes take."""
        if self.bandwidth and not self.ended.is_set():
            self.ended.wait(size / self.bandwidth)

    def incoming(self, stream: Any) -> Any:
        """A body that comes no faster than the bandwidth."""
        return SlowBody(stream, self) if self.bandwidth else stream

    def outgoing(self, content: Iterable[bytes]) -> Iterable[bytes]:
        """An answer that goes no faster than the bandwidth."""
        if not self.bandwidth:
            return content
        return self._pieces(content)

    def _pieces(self, content: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in content:
            for start in range(0, len(chunk), PIECE):
                piece = chunk[start : start + PIECE]
                self.wait_for(len(piece))
                yield piece


@dataclass(frozen=True)
class SlowBody:
    """A stream that gives small pieces and waits after each."""

    stream: Any
    throttle: Throttle

    def read(self, size: int = -1) -> bytes:
        """At most 16 KiB at a time."""
        return self._slow(self.stream.read(min(size, PIECE) if size >= 0 else -1))

    def readline(self, size: int = -1) -> bytes:
        """A line."""
        return self._slow(self.stream.readline(size))

    def _slow(self, content: bytes) -> bytes:
        self.throttle.wait_for(len(content))
        return content
