"""Scanning a data root: its files as entries, and what changed since the last time."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dsv_git.manifest.entry import Entry
from dsv_git.scan.fresh import first_rows, fresh_rows, on_disk
from dsv_git.scan.hashing import Algorithm
from dsv_git.scan.look import Look, Source, look
from dsv_git.scan.notices import Notice
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.progress import Progress
from dsv_git.scan.statcache import Known, Rows, StatCache, Update

if TYPE_CHECKING:
    from concurrent.futures import Executor


@dataclass(frozen=True)
class Changes:
    """Paths on the disk against the state that the cache holds, each tuple sorted."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]
    """Other content; a file that was only touched is not among them."""

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.changed)


@dataclass(frozen=True)
class Answer:
    """What `find_changes` found."""

    changes: Changes
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class ScanResult:
    """A data root as it lies.

    `changes` are against the state that the cache held; `cache.commit(token, result.update)` makes
    the cache hold this one.
    """

    changes: Changes
    update: Update
    hashed_files: int
    hashed_bytes: int
    notices: tuple[Notice, ...]
    _paths: Sequence[str] = field(repr=False)
    _known: Known = field(repr=False)

    @cached_property
    def files(self) -> tuple[Entry, ...]:
        """Every file as an entry without label, sorted by its path's UTF-8 bytes."""
        with _no_collection():
            fresh_paths, fresh_sizes, _, fresh_hashes = self.update.fresh
            if not self._known.paths:
                return tuple(map(Entry, fresh_paths, fresh_sizes, fresh_hashes))
            paths, sizes, _, hashes = self._known.rows()
            if not self.changes:
                return tuple(map(Entry, paths, sizes, hashes))
            size_of = dict(zip(paths, sizes, strict=True))
            hash_of = dict(zip(paths, hashes, strict=True))
            size_of.update(zip(fresh_paths, fresh_sizes, strict=True))
            hash_of.update(zip(fresh_paths, fresh_hashes, strict=True))
            return tuple([Entry(path, size_of[path], hash_of[path]) for path in self._paths])

    @cached_property
    def changed_files(self) -> tuple[Entry, ...]:
        """The entries of the new and changed files alone, sorted."""
        wanted = {*self.changes.new, *self.changes.changed}
        paths, sizes, _, hashes = self.update.fresh
        rows = zip(paths, sizes, hashes, strict=True)
        return tuple(Entry(*row) for row in rows if row[0] in wanted)


def scan(
    root: Path,
    patterns: Patterns,
    algorithm: Algorithm,
    cache: StatCache,
    progress: Progress,
    executor: Executor | None = None,
) -> ScanResult:
    """Every file below `root` with its content hash; hashes only what the cache does not know.

    Interrupted and run again it hashes little more than the rest. Raises InputError for what
    cannot be read or does not stop changing.
    """
    source = Source(root, cache, algorithm, progress, executor)
    if cache.known.paths or cache.journal:
        seen = look(source, patterns)
        fresh = fresh_rows(source, seen.names, sorted([*seen.new, *seen.suspects]))
    else:
        names, fresh = first_rows(source, patterns)
        seen = Look(names, list(names.paths), [], [])
    changed = _other_content(cache, fresh.rows).difference(seen.new)
    return ScanResult(
        Changes(tuple(seen.new), tuple(seen.gone), tuple(sorted(changed))),
        Update(cache.known.token, fresh.rows, seen.gone, seen.names.marks),
        fresh.hashed_files,
        fresh.hashed_bytes,
        seen.names.notices,
        seen.names.paths,
        cache.known,
    )


def find_changes(
    root: Path, patterns: Patterns, algorithm: Algorithm, cache: StatCache, progress: Progress
) -> Answer:
    """What changed below `root` since the state that the cache holds.

    New files are not hashed; known ones only where the size is the same and the time is not. What
    was merely touched is remembered, so that the next question is quick again.
    """
    source = Source(root, cache, algorithm, progress)
    seen = look(source, patterns)
    other_size = set()
    for path in seen.suspects:
        row = cache.known.get(path)
        if row is None or row[0] != on_disk(source, seen.names.links, path)[0]:
            other_size.add(path)
    doubtful = [path for path in seen.suspects if path not in other_size]
    fresh = fresh_rows(source, seen.names, doubtful)
    other_content = _other_content(cache, fresh.rows)
    touched = [row for row in zip(*fresh.rows, strict=True) if row[0] not in other_content]
    renamed = bool(seen.new or seen.gone)
    marks = cache.known.marks if renamed else seen.names.marks
    if touched or marks != cache.known.marks:
        cache.touch(Update(cache.known.token, Rows.of(touched), (), marks))
    changed = tuple(sorted({*other_size, *other_content}))
    return Answer(Changes(tuple(seen.new), tuple(seen.gone), changed), seen.names.notices)


def _other_content(cache: StatCache, fresh: Rows) -> set[str]:
    """The known paths whose size or hash is not the committed one."""
    known = cache.known
    if not known.paths:
        return set()
    other = set()
    for path, size, content in zip(fresh.paths, fresh.sizes, fresh.hashes, strict=True):
        row = known.get(path)
        if row is not None and (row[0], row[2]) != (size, content):
            other.add(path)
    return other


@contextmanager
def _no_collection() -> Iterator[None]:
    """No garbage collection while many small objects are made: it doubles the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
