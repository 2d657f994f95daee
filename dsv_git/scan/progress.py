"""How long work says how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told about work as it is done, from any thread."""

    def expect(self, files: int) -> None:
        """So many files are going to be hashed, or versions registered."""

    def advance(self, files: int, size: int) -> None:
        """So many of them, and bytes, are done now; a part of one reports 0 and its bytes."""


class Silent:
    """Progress that nobody watches."""

    def expect(self, files: int) -> None:
        """Nothing."""

    def advance(self, files: int, size: int) -> None:
        """Nothing."""
