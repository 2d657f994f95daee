"""What a registry of dataset versions must be able to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.record import RecordStats


@dataclass(frozen=True)
class Origin:
    """The commit that made a version, for the registry's own pages."""

    commit: str
    branch: str | None = None


@dataclass(frozen=True)
class Draft:
    """A version to be registered. `parents` are IDs; the manifest reads its entries when asked."""

    key: str
    manifest: Manifest
    parents: tuple[str, ...]
    stats: RecordStats
    origin: Origin


class Registry(Protocol):
    """A registry. Every method may raise Unreachable, with nothing half-done that counts."""

    @property
    def name(self) -> str:
        """What records say of where a version is registered."""

    def find(self, key: str) -> str | None:
        """The ID of the version with this key, or None."""

    def register(self, draft: Draft) -> str:
        """Registers a version, exactly once by its key, and gives its ID."""

    def archive(self, version_id: str) -> None:
        """Takes a version out of sight; it is never deleted."""
