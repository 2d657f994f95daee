"""Rows for files whose content the committed state does not know."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dsv_git.scan.hashing import UNSETTLED, Hashed, settled
from dsv_git.scan.look import Source
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.pool import hash_files
from dsv_git.scan.reader import Reader
from dsv_git.scan.refusals import unreadable
from dsv_git.scan.statcache import Rows
from dsv_git.scan.walk import Names

EVERY: Final = 1.0
"""Seconds between two writes to the journal: so much work a killed scan loses at most."""


@dataclass(frozen=True)
class Fresh:
    """Rows that are not committed: of new files, and of known ones with other stat data."""

    rows: Rows
    hashed_files: int
    hashed_bytes: int


def on_disk(source: Source, links: Mapping[str, str], path: str) -> tuple[int, int]:
    """Size and modification time of a file; of a link, the later of its own and its target's.

    Raises InputError where it vanished.
    """
    place = f"{source.root}/{path}"
    try:
        if path not in links:
            status = os.lstat(place)
            return status.st_size, status.st_mtime_ns
        status = os.stat(f"{source.root}/{links[path]}")  # noqa: PTH116 - as lstat
        return status.st_size, max(status.st_mtime_ns, os.lstat(place).st_mtime_ns)
    except OSError as error:
        raise unreadable(path, error) from None


def fresh_rows(source: Source, names: Names, paths: list[str]) -> Fresh:
    """The rows of these files that differ from the committed ones in size, time or content.

    A file is hashed where neither the committed row nor the journal speaks of its size and time.
    """
    remembered, unknown = _recall(source, names, paths)
    hashed_paths: list[str] = []
    hashed = _hash(source, names.links, hashed_paths, [unknown] if unknown else [])
    rows = Rows(hashed_paths, *hashed)
    if remembered:
        rows = Rows.of(sorted([*remembered, *zip(*rows, strict=True)]))
    return Fresh(rows, len(unknown), sum(hashed.sizes))


def _recall(
    source: Source, names: Names, paths: list[str]
) -> tuple[list[tuple[str, int, int, str]], list[str]]:
    """The rows that the journal knows, and the paths that nobody knows as they are now."""
    known, journal = source.cache.known, source.cache.journal
    remembered: list[tuple[str, int, int, str]] = []
    unknown: list[str] = []
    for path in paths:
        committed, hashed_since = known.get(path), journal.get(path)
        now = on_disk(source, names.links, path) if committed or hashed_since else None
        if committed and committed[:2] == now:
            continue
        if hashed_since and hashed_since[:2] == now:
            remembered.append((path, *hashed_since))
        else:
            unknown.append(path)
    return remembered, unknown


def first_rows(source: Source, patterns: Patterns) -> tuple[Names, Fresh]:
    """The names below a root of which nothing is known, and all rows, hashed as names come in."""
    reader = Reader(os.fspath(source.root), patterns)
    paths: list[str] = []
    hashed = _hash(source, reader.links, paths, reader.blocks())
    names = Names(paths, reader.links, reader.marks, reader.notices)
    return names, Fresh(Rows(paths, *hashed), len(paths), sum(hashed.sizes))


def _hash(
    source: Source, links: Mapping[str, str], paths: list[str], blocks: Iterable[list[str]]
) -> Hashed:
    """Hashes the files of the blocks, whose paths are added to `paths`."""

    def places() -> Iterator[list[str]]:
        for block in blocks:
            paths.extend(block)
            yield [links.get(path, path) for path in block] if links else block

    with Notebook(source, links, paths) as notebook:
        hashed = hash_files(
            source.root,
            places(),
            source.algorithm,
            notebook.keep,
            source.progress,
            source.executor,
        )
    return _with_link_times(source, links, paths, hashed)


def _with_link_times(
    source: Source, links: Mapping[str, str], paths: Sequence[str], hashed: Hashed
) -> Hashed:
    """The results with the times that `on_disk` gives: a link that is set anew is later."""
    for index, path in enumerate(paths if links else ()):
        if path in links and hashed.mtimes_ns[index] != UNSETTLED:
            mtime = settled(on_disk(source, links, path)[1], source.started_ns)
            hashed.mtimes_ns[index] = mtime
    return hashed


class Notebook:
    """Brings results to the journal once a second, and when the work is cut short."""

    def __init__(self, source: Source, links: Mapping[str, str], paths: Sequence[str]) -> None:
        self._source = source
        self._links = links
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
            hashed = _with_link_times(self._source, self._links, paths, part)
            self._source.cache.append(Rows(paths, *hashed))
        self._waiting.clear()
        self._written = time.monotonic()
