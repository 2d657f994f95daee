"""What lies below a data root now, against what the cache remembers."""

from __future__ import annotations

import os
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dsv_git.scan.folders import pattern_seed, unchanged
from dsv_git.scan.hashing import Algorithm, Hashed
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.pool import hash_files
from dsv_git.scan.progress import Progress
from dsv_git.scan.statcache import Rows, StatCache
from dsv_git.scan.walk import Names, list_names, unreadable

if TYPE_CHECKING:
    from concurrent.futures import Executor

EVERY: Final = 1.0
"""Seconds between two writes to the journal: so much work a killed scan loses at most."""


@dataclass(frozen=True)
class Source:
    """A data root, the cache that remembers it, and how it is hashed."""

    root: Path
    cache: StatCache
    algorithm: Algorithm
    progress: Progress
    executor: Executor | None = None


@dataclass(frozen=True)
class Look:
    """A first look: the names there are, and the known files that may have changed."""

    names: Names
    new: list[str]
    gone: list[str]
    suspects: list[str]


@dataclass(frozen=True)
class Fresh:
    """Rows that are not committed: of new files, and of known ones with other stat data."""

    rows: Rows
    hashed_files: int
    hashed_bytes: int


def look(source: Source, patterns: Patterns) -> Look:
    """Reads the names below the root while the cache looks for changed files."""
    with source.cache.watching() as answer:
        known = source.cache.known
        if unchanged(os.fspath(source.root), known.marks, pattern_seed(patterns)):
            names = Names(known.paths, {}, known.marks, ())
            new, gone = set[str](), set[str]()
        else:
            names = list_names(source.root, patterns)
            new = set(names.paths).difference(known.paths)
            gone = set(known.paths).difference(names.paths)
        suspects = answer()
    if suspects is None:
        suspects = set(known.paths)
    return Look(names, sorted(new), sorted(gone), sorted(suspects - gone))


def on_disk(source: Source, names: Names, path: str) -> tuple[int, int]:
    """Size and modification time of a file. Raises InputError where it vanished."""
    try:
        status = os.stat(f"{source.root}/{names.links.get(path, path)}")  # noqa: PTH116 - hot
    except OSError as error:
        raise unreadable(path, error) from None
    return status.st_size, status.st_mtime_ns


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
    with Notebook(source.cache, paths) as notebook:
        return hash_files(
            source.root, places, source.algorithm, notebook.keep, source.progress, source.executor
        )


class Notebook:
    """Brings results to the journal once a second, and whatever ends the work."""

    def __init__(self, cache: StatCache, paths: list[str]) -> None:
        self._cache = cache
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
            self._cache.append(Rows([self._paths[index] for index in indexes], *part))
        self._waiting.clear()
        self._written = time.monotonic()
