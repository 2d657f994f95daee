"""Scanning a data root that is on no file system: one listing, and a read of each new content."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from dsv_git.manifest.declaration import Algorithm
from dsv_git.scan.fresh import EVERY
from dsv_git.scan.hashing import UNSETTLED
from dsv_git.scan.notices import Kind, Notice, notice
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.progress import Progress
from dsv_git.scan.refusals import RootMissing
from dsv_git.scan.remote_hashing import Row, hash_stored, stamp_number, store_checksum
from dsv_git.scan.scan import Answer, Changes, ScanResult
from dsv_git.scan.statcache import Rows, StatCache, Update
from dsv_git.scan.storage.port import Remote, Stored

_MISSING_HINT: Final = "is the URL right, and does include leave anything in?"


@dataclass(frozen=True)
class RemoteSource:
    """A remote root, the memory of it, and how it is hashed: `etag` takes the store's own checksum,
    and reads nothing."""

    storage: Remote
    patterns: Patterns
    algorithm: Algorithm
    cache: StatCache
    progress: Progress
    streams: int


@dataclass
class Listing:
    """What a listing gave: the files by path, in the order of the paths, and what is left out."""

    files: dict[str, Stored] = field(default_factory=dict)
    _left_out: dict[Kind, list[str]] = field(default_factory=dict)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What was left out."""
        kinds = sorted(self._left_out.items())
        return tuple(notice(kind, sorted(names), len(names)) for kind, names in kinds)

    def leave_out(self, kind: Kind, name: str) -> None:
        """Notes a name that is no file of the data."""
        self._left_out.setdefault(kind, []).append(name)


def list_remote(storage: Remote, patterns: Patterns) -> Listing:
    """Every file of a storage that the patterns take. Raises RootMissing where there is none: a
    store does not tell an empty folder from one that is not there."""
    listing = Listing()
    there = {file.path: file for file in storage.listing(patterns, listing.leave_out)}
    if not there and not listing.notices:
        raise RootMissing(f"there is nothing in {storage.where}", hint=_MISSING_HINT)
    folders = {path[:at] for path in there for at in _slashes(path)}
    for path in sorted(there):
        if path in folders:
            listing.leave_out("folder-too", path)
        else:
            listing.files[path] = there[path]
    return listing


def _slashes(path: str) -> Iterator[int]:
    at = path.find("/")
    while at >= 0:
        yield at
        at = path.find("/", at + 1)


def scan_remote(source: RemoteSource) -> ScanResult:
    """As `scan` of a folder: every file with its hash, read only where neither size and stamp are
    known. Interrupted and run again it reads little more than the rest."""
    cache, listing = source.cache, list_remote(source.storage, source.patterns)
    known, journal = _known(cache), cache.journal
    rows: list[Row] = []
    unknown: list[Stored] = []
    for path, file in listing.files.items():
        now = (file.size, stamp_number(file.stamp))
        row, since = known.get(path), journal.get(path)
        if now[1] != UNSETTLED and row is not None and row[:2] == now:
            continue
        if now[1] != UNSETTLED and since is not None and since[:2] == now:
            rows.append(Row(path, *since))
        else:
            unknown.append(file)
    hashed = list(_hash(source, unknown))
    rows = sorted([*rows, *hashed])
    new = [path for path in listing.files if path not in known]
    gone = [path for path in known if path not in listing.files]
    other = [row.path for row in rows if _is_other(known.get(row.path), row)]
    return ScanResult(
        Changes(tuple(new), tuple(gone), tuple(other)),
        Update(cache.known.token, Rows.of(rows), gone, {}),
        len(hashed) if source.algorithm != "etag" else 0,
        sum(row.size for row in hashed) if source.algorithm != "etag" else 0,
        listing.notices,
        list(listing.files),
        cache.known,
    )


def find_remote_changes(source: RemoteSource) -> Answer:
    """What changed since the state that the memory holds, from one listing: nothing is read. A file
    that was written anew counts as changed, whatever its content is."""
    listing, known = list_remote(source.storage, source.patterns), _known(source.cache)
    changed = []
    for path, file in listing.files.items():
        row = known.get(path)
        if row is not None and row[:2] != (file.size, stamp_number(file.stamp)):
            since = source.cache.journal.get(path)
            now = (file.size, stamp_number(file.stamp), row[2])
            if since != now:
                changed.append(path)
    new = tuple(path for path in listing.files if path not in known)
    gone = tuple(path for path in known if path not in listing.files)
    return Answer(Changes(new, gone, tuple(changed)), listing.notices)


def _known(cache: StatCache) -> dict[str, tuple[int, int, str]]:
    paths, sizes, stamps, hashes = cache.known.rows()
    return dict(zip(paths, zip(sizes, stamps, hashes, strict=True), strict=True))


def _is_other(known: tuple[int, int, str] | None, row: Row) -> bool:
    return known is not None and (known[0], known[2]) != (row.size, row.hash)


def _hash(source: RemoteSource, files: Sequence[Stored]) -> Iterator[Row]:
    """The rows of these files; what was read is remembered once a second, and when the work is cut
    short."""
    if source.algorithm == "etag":
        yield from (store_checksum(file, source.storage.where) for file in files)
        return
    waiting: list[Row] = []
    written = time.monotonic()
    found: Iterable[Row] = hash_stored(
        source.storage, files, source.algorithm, source.progress, source.streams
    )
    try:
        for row in found:
            waiting.append(row)
            yield row
            if time.monotonic() - written >= EVERY:
                source.cache.append(Rows.of(waiting))
                waiting, written = [], time.monotonic()
    except BaseException:
        source.cache.append(Rows.of(waiting))
        raise
