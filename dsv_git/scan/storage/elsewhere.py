"""What all places share that are on no file system."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from dsv_git.manifest.names import printable
from dsv_git.manifest.url import Url
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.storage.port import LeftOut, Stored, safe


@dataclass(frozen=True)
class Elsewhere(ABC):
    """A place with a URL, from which so many files are read at once."""

    url: Url
    streams: int = 32

    @property
    def where(self) -> str:
        """The URL."""
        return printable(str(self.url))

    @abstractmethod
    def listing(self, patterns: Patterns, left_out: LeftOut) -> Iterator[Stored]:
        """As of the port."""

    def files(self, patterns: Patterns) -> Iterator[Stored]:
        """As of the port."""
        return self.listing(patterns, lambda _kind, _name: None)

    def local(self, path: str) -> None:
        """As of the port: nowhere on this machine."""
        safe(path)
