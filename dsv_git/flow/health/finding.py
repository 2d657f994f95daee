"""What `dsv doctor` says: checks, and what each found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dsv_git.errors import DsvError

Level = Literal["problem", "note"]


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be, and what to type; or, as a note, something to know.

    `version` is `manifest@version`, `id` the one in the registry; each where there is one.
    """

    message: str
    repair: str
    version: str | None = None
    id: str | None = None
    level: Level = "problem"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: `said` is what holds where nothing is wrong."""

    name: str
    said: str
    findings: tuple[Finding, ...] = ()

    @property
    def fine(self) -> bool:
        """Whether there is no problem."""
        return all(one.level != "problem" for one in self.findings)


def refused(error: DsvError, repair: str, version: str | None = None) -> Finding:
    """What an error says; `repair` is for one that does not say what to type."""
    place = f"{error.where}: " if error.where else ""
    return Finding(f"{place}{error.message}", error.hint or repair, version)
