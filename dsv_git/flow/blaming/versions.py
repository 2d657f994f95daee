"""Which versions hold a file: each list is read once, however many versions share it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from dsv_git.errors import InputError
from dsv_git.flow.blaming.life import Event
from dsv_git.flow.blaming.walk import Track, holding, needle_of_hash
from dsv_git.flow.history.catalogue import Version, catalogue
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest


@dataclass(frozen=True)
class Holding:
    """A version that holds the file, and its row there."""

    name: str
    state: str
    id: str | None
    entry: Entry


def versions_holding(
    workspace: Workspace,
    tip: str,
    track: Track,
    name: str,
    events: Iterable[Event],
    now: Iterable[Entry],
) -> tuple[Holding, ...]:
    """The versions that the commit `tip` knows and that hold the file, the newest first: in the
    manifests that it was followed through by its paths there, in all others by its contents."""
    places, contents = _followed(track, name, events, now)
    found = _manifests(workspace, tip)
    hits = _hits(workspace, [m for _, m in found if m.name not in places], contents)
    rows_of: dict[tuple[str, str], tuple[Entry, ...]] = {}
    holdings: list[Holding] = []
    for version, manifest in found:
        paths = places.get(manifest.name)
        for path in _lists(manifest, paths, hits):
            key = (manifest.lists[path], path)
            if key not in rows_of:
                rows_of[key] = manifest.rows(path)
            holdings += (
                Holding(version.name, version.state, version.id, row)
                for row in rows_of[key]
                if (row.path in paths if paths is not None else row.hash in contents)
            )
    return tuple(holdings)


def _followed(
    track: Track, name: str, events: Iterable[Event], now: Iterable[Entry]
) -> tuple[dict[str, set[str]], set[str]]:
    """The paths that were followed, by manifest, and the contents that the file had."""
    if track.hash is not None:
        return {}, {track.hash}
    places = {name: set(track.paths)}
    contents = {row.hash for row in now}
    for event in events:
        rows = [row for row in (event.before, event.after) if row is not None]
        contents.update(row.hash for row in rows)
        places.setdefault(event.manifest, set()).update(row.path for row in rows)
    return places, contents


def _manifests(workspace: Workspace, tip: str) -> list[tuple[Version, Manifest]]:
    """The versions whose lists are in this clone."""
    found = catalogue(workspace, tip)
    manifests: list[tuple[Version, Manifest]] = []
    for version in found.versions:
        with suppress(InputError):
            manifests.append((version, found.manifest(version)))
    return manifests


def _hits(workspace: Workspace, manifests: Iterable[Manifest], contents: set[str]) -> set[str]:
    blobs = [blob for manifest in manifests for blob in manifest.lists.values()]
    needles = tuple(map(needle_of_hash, sorted(contents)))
    return {blob for blob, _ in holding(workspace.objects, blobs, needles)}


def _lists(manifest: Manifest, paths: set[str] | None, hits: set[str]) -> Iterator[str]:
    """The lists of a manifest that can hold the file: at some paths, or by its contents."""
    if paths is None:
        yield from (path for path, blob in manifest.lists.items() if blob in hits)
    else:
        named = {manifest.layout.place(path)[0] for path in paths}
        yield from sorted(named & manifest.lists.keys())
