"""Rows for files whose content the committed state does not know."""

from __future__ import annotations

import os
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dsv_git.scan.hashing import UNSETTLED, Hashed, settled
from dsv_git.scan.look import Source
from dsv_git.scan.pool import hash_files
from dsv_git.scan.statcache import Rows
from dsv_git.scan.walk import Names, unreadable

EVERY: Final = 1.0
"""Seconds between two writes to the journal: so much work a killed scan loses at most."""


@dataclass(frozen=True)
class Fresh:
    """Rows that are not committed: of new files, and of known ones with other stat data."""

    rows: Rows
    hashed_files: int
    hashed_bytes: int


def on_disk(source: Source, names: Names, path: str) -> tuple[int, int]:
    """Size and modification time of a file; of a link, the later of its own and its target's.

    Raises InputError where it vanished.
    """
    place = f"{source.root}/{path}"
    try:
        if path not in names.links:
            status = os.lstat(place)
            return status.st_size, status.st_mtime_ns
        status = os.stat(f"{source.root}/{names.links[path]}")  # noqa: PTH116 - as lstat
        return status.st_size, max(status.st_mtime_ns, os.lstat(place).st_mtime_ns)
    except OSError as error:
        raise unreadable(path, error) from None


def fresh_rows(source: Source, names: Names, paths: list[str]) -> Fresh:
    """The rows of these files that differ from the committed ones in size, time or content.

    A file is hashed where neither the committed row nor the journal speaks of its size and time.
    What is hashed goes to the journal at once.
    """
    remembered, unknown = _recall(source, names, paths)
    hashed = _hash(source, names, unknown)
    size = sum(hashed.sizes)
    rows = Rows(unknown, hashed.sizes, hashed.mtimes_ns, hashed.hashes)
    if remembered:
        rows = Rows.of(sorted([*remembered, *zip(*rows, strict=True)]))
    return Fresh(rows, len(unknown), size)


def _recall(
    source: Source, names: Names, paths: list[str]
) -> tuple[list[tuple[str, int, int, str]], list[str]]:
    """The rows that the journal knows, and the paths that nobody knows as they are now."""
    known, journal = source.cache.known, source.cache.journal
    if not known.paths and not journal:
        return [], paths
    remembered: list[tuple[str, int, int, str]] = []
    unknown: list[str] = []
    for path in paths:
        committed, hashed_since = known.get(path), journal.get(path)
        now = on_disk(source, names, path) if committed or hashed_since else None
        if committed and committed[:2] == now:
            continue
        if hashed_since and hashed_since[:2] == now:
            remembered.append((path, *hashed_since))
        else:
            unknown.append(path)
    return remembered, unknown


def _hash(source: Source, names: Names, paths: list[str]) -> Hashed:
    if not paths:
        return Hashed(array("Q"), array("q"), [])
    links = names.links
    places = [links.get(path, path) for path in paths] if links else paths
    with Notebook(source, names, paths) as notebook:
        hashed = hash_files(
            source.root, places, source.algorithm, notebook.keep, source.progress, source.executor
        )
    return _with_link_times(source, names, paths, hashed)


def _with_link_times(source: Source, names: Names, paths: Sequence[str], hashed: Hashed) -> Hashed:
    """The results with the times that `on_disk` gives: a link that is set anew is later."""
    for index, path in enumerate(paths if names.links else ()):
        if path in names.links and hashed.mtimes_ns[index] != UNSETTLED:
            mtime = settled(on_disk(source, names, path)[1], source.started_ns)
            hashed.mtimes_ns[index] = mtime
    return hashed


class Notebook:
    """Brings results to the journal once a second, and when the work is cut short."""

    def __init__(self, source: Source, names: Names, paths: list[str]) -> None:
        self._source = source
        self._names = names
        self._paths = paths
        self._waiting: list[tuple[Sequence[int], Hashed]] = []
        self._written = time.monotonic()

    def __enter__(self) -> Notebook:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._write()

    def keep(self, indexes: Sequence[int], part: Hashed) -> None:
        """Takes results."""
        self._waiting.append((indexes, part))
        if time.monotonic() - self._written >= EVERY:
            self._write()

    def _write(self) -> None:
        for indexes, part in self._waiting:
            paths = [self._paths[index] for index in indexes]
            hashed = _with_link_times(self._source, self._names, paths, part)
            self._source.cache.append(Rows(paths, *hashed))
        self._waiting.clear()
        self._written = time.monotonic()
