"""Versions that others registered, as far as they can be taken over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from dsv_git.manifest.lists import ListedFile
from dsv_git.registry.port import Held


@dataclass(frozen=True)
class Content:
    """The files of a version. `base` is the folder or URL that all of them lie below; empty where
    the registry stores them itself, or where they have none in common. `stored` counts those that
    it stores itself."""

    files: tuple[ListedFile, ...]
    base: str
    stored: int


@dataclass(frozen=True)
class Foreign:
    """A version that is there, whoever registered it. `held` has no key where that was not dsv;
    `author` is a name; `created` is RFC 3339 text. `parents` are IDs."""

    held: Held
    project: str
    dataset: str
    author: str
    created: str
    parents: tuple[str, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
    """Without what dsv says of every version itself."""

    @property
    def id(self) -> str:
        """Its ID."""
        return self.held.id


class Foreigners(Protocol):
    """A registry that versions are taken over from. Every method may raise Unreachable."""

    def family(self, ids: Iterable[str]) -> tuple[Foreign, ...]:
        """Versions with their whole ancestry, as far as it is there, parents first."""

    def versions(self, project: str, dataset: str) -> tuple[str, ...]:
        """The IDs of all complete versions of a dataset that are in sight, the oldest first."""

    def content(self, version: Foreign) -> Content:
        """The files of a version. Raises InputError for what cannot be read."""
