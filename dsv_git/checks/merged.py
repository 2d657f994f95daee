"""A merge: what came together, where from, and what it gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dsv_git.manifest.manifest import Manifest

Manifests = Mapping[str, Manifest]
"""Manifests by their names."""


@dataclass(frozen=True)
class Merged:
    """A merge, made or under way. `what` names it in a message, `sides` are its parents, `bases`
    their merge bases. Manifests in `unfinished` are in conflict, and not judged."""

    what: str
    sides: tuple[Manifests, ...]
    bases: tuple[Manifests, ...]
    result: Manifests
    unfinished: frozenset[str] = frozenset()

    def manifests(self) -> Iterator[str]:
        """The manifests that a side has."""
        names = {name for side in self.sides for name in side}
        yield from sorted(names - self.unfinished)
