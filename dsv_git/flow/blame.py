"""`dsv blame`: one file's biography, from the commits that changed its row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dsv_git.errors import InputError
from dsv_git.flow.blaming.life import Event, Lives
from dsv_git.flow.blaming.versions import Holding, versions_holding
from dsv_git.flow.blaming.walk import Track
from dsv_git.flow.history.catalogue import not_committed
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.commits import newest_touching
from dsv_git.gitrepo.history import shallow_boundary
from dsv_git.gitrepo.refs import head
from dsv_git.manifest.entry import Entry, is_hash
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import printable
from dsv_git.manifest.yamltext import nearest

_MOST_NAMES = 2000
"""Paths that a mistyped one is compared with."""


@dataclass(frozen=True)
class Biography:
    """What happened to a file, oldest first; its rows at HEAD (none: it left); and the versions of
    all manifests that hold it. `asked` is a path, or a hash.

    `cut` says that the history in this shallow clone begins after the file came.
    """

    manifest: str
    asked: str
    now: tuple[Entry, ...]
    events: tuple[Event, ...]
    versions: tuple[Holding, ...]
    cut: bool = False


def blame(workspace: Workspace, name: str, what: str) -> Biography:
    """The biography of a file of the manifest `name`: `what` is its path below the data root, one
    that it had, or the hash of a content.

    Raises InputError for an unknown manifest, and for a file that it never had.
    """
    tip = head(workspace.repository).commit
    if tip is None:
        raise not_committed(workspace, name, ())
    found = workspace.manifests_at(tip)
    folder = workspace.path_of(name)
    if name not in found and not newest_touching(
        workspace.repository, tip, f":(top,literal){folder}"
    ):
        raise not_committed(workspace, name, found)
    manifest = found.get(name)
    for asked in _readings(manifest, what):
        track = Track(hash=asked) if is_hash(asked) else Track(frozenset({asked}))
        events, track, now = _life(workspace, manifest, name, tip, track)
        if events or now:
            break
    else:
        raise _unknown(manifest, name, what)
    boundary = shallow_boundary(workspace.repository)
    return Biography(
        manifest=name,
        asked=asked,
        now=now,
        events=events,
        versions=versions_holding(workspace, tip, track, name, events, now),
        cut=any(event.commit.id in boundary for event in events),
    )


def _readings(manifest: Manifest | None, what: str) -> Iterable[str]:
    """What a person may mean: a path below the root, or with the root in front, as a shell has
    it."""
    yield what
    roots = manifest.declaration.data.roots if manifest is not None else {}
    for mount, root in roots.items():
        start = root.rstrip("/") + "/"
        if what.removeprefix("./").startswith(start):
            inner = what.removeprefix("./")[len(start) :]
            yield f"{mount}/{inner}" if mount else inner


def _life(
    workspace: Workspace, manifest: Manifest | None, name: str, tip: str, track: Track
) -> tuple[tuple[Event, ...], Track, tuple[Entry, ...]]:
    """Follows a track, and where its path is no more, also the paths that the file left for."""
    while True:
        lives = Lives(workspace)
        events = lives.of(name, tip, track)
        now = _rows(manifest, track)
        further = lives.left - track.paths
        if now or track.hash is not None or not further:
            return events, track, now
        track = replace(track, paths=track.paths | further)


def _rows(manifest: Manifest | None, track: Track) -> tuple[Entry, ...]:
    if manifest is None:
        return ()
    lists: Iterable[str] = manifest.lists
    if track.hash is None:
        places = {manifest.layout.place(path)[0] for path in track.paths}
        lists = sorted(places & manifest.lists.keys())
    return tuple(
        row
        for path in lists
        if any(needle in manifest.files.read(path) for needle in track.needles)
        for row in manifest.rows(path)
        if track.meets(row)
    )


def _unknown(manifest: Manifest | None, name: str, what: str) -> InputError:
    """The error of a file that a manifest never had; it names the nearest one."""
    if is_hash(what):
        return InputError(f"{name} never had the content {what}", hint="dsv blame N PATH")
    entries = manifest.entries if manifest is not None else ()
    folder, _, last = what.rpartition("/")
    alike = [e.path for e in entries if e.path.rpartition("/")[2] == last]
    beside = [e.path for e in entries if e.path.rpartition("/")[0] == folder]
    near = nearest(what, [*alike, *beside, *(e.path for e in entries)][:_MOST_NAMES])
    return InputError(
        f"{name} never had the file {printable(what)}",
        hint=f"did you mean {printable(near)}?"
        if near
        else "a path below the data root, or a hash",
    )
