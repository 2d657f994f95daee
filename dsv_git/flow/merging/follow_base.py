"""What a merged manifest was made from: the contents that its sources had then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from dsv_git.errors import InputError
from dsv_git.flow.history.named import named
from dsv_git.flow.merging.merged_from import merged_from
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.following import by_path
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.mounting import Mounting, Source
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.succession import registered


@dataclass(frozen=True)
class Former:
    """A state of the merged manifest, and its sources as it was merged from them. Both are empty
    where no such state is known for sure: then only what it left out on purpose is kept.
    `latest` are the sources that it names as it stands, as far as they are known at all."""

    ours: dict[str, Entry]
    sources: tuple[Source, ...]
    latest: tuple[Source, ...] = ()

    def placed(self, mounting: Mounting, names: Sequence[str]) -> tuple[Source, ...]:
        """The sources with their paths as the merged manifest has them; `names` are those that
        `mounting` is of."""
        return _placed(self.sources, mounting, names)

    def inherited(self, mounting: Mounting, names: Sequence[str]) -> set[tuple[str, str]]:
        """What it leaves out because a source did, by path and hash, placed likewise."""
        placed = _placed((*self.sources, *self.latest), mounting, names)
        return {(item.path, item.hash) for source in placed for item in source.dropped}


def _placed(
    sources: Iterable[Source], mounting: Mounting, names: Sequence[str]
) -> tuple[Source, ...]:
    def places() -> Iterator[Source]:
        for source in sources:
            if source.manifest in names:
                moves = mounting.moves[names.index(source.manifest)]
                same = len(moves) == len(source.data.roots) == 1
                own = {next(iter(source.data.roots)): next(iter(moves.values()))} if same else moves
                yield Mounting(mounting.roots, (own,)).placed(0, source)

    return tuple(places())


def former_state(workspace: Workspace, manifest: Manifest) -> Former:
    """The newest state of a merged manifest whose sources are known as they were: the manifest as
    it stands, else the registered version that it grew from.

    A source that is a draft may have changed since, and nobody knows how it was.
    """
    latest = [_best(workspace, parent) for parent in merged_from(workspace, manifest)]
    for state in _states(workspace, manifest):
        sources = merged_from(workspace, state)
        found = [_content(workspace, parent) for parent in sources]
        known = tuple(source for source in found if source is not None)
        if known and len(known) == len(found):
            return Former(by_path(state.entries), known, tuple(latest))
    return Former({}, (), tuple(latest))


def _states(workspace: Workspace, manifest: Manifest) -> Iterator[Manifest]:
    yield manifest
    for parent in manifest.declaration.parents:
        if parent.manifest == manifest.name:
            with suppress(InputError):
                yield named(workspace, str(parent)).manifest


def _content(workspace: Workspace, parent: Parent) -> Source | None:
    """A source as it was; None where that is not known."""
    there = workspace.manifest(parent.manifest)
    if there.declaration.version == parent.version and registered(there) is None:
        with suppress(InputError, KeyError):
            held = workspace.manifests_at("HEAD")[parent.manifest]
            if held.declaration.version == parent.version and held.digest == there.digest:
                return as_source(there)
        return None
    try:
        return as_source(named(workspace, str(parent)).manifest, parent.manifest)
    except InputError:
        return None


def _best(workspace: Workspace, parent: Parent) -> Source:
    """A source as it was, or as it is."""
    return _content(workspace, parent) or as_source(workspace.manifest(parent.manifest))


def as_source(manifest: Manifest, name: str | None = None) -> Source:
    """A manifest as a merge takes it."""
    declared = manifest.declaration
    dropped: tuple[Dropped, ...] = manifest.dropped
    own = name or manifest.name
    return Source(own, declared.version, declared.data, manifest.entries, dropped)
