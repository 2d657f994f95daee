"""The data of a machine against a manifest, as somebody looked who can."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Drift:
    """How many files differ from the entries by path and size, and some of their paths. `unread`
    says why nobody could look, else it is empty."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    sample: tuple[str, ...] = ()
    unread: str = ""

    @property
    def count(self) -> int:
        """All differences."""
        return self.new + self.changed + self.gone
