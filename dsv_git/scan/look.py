"""What lies below a data root now, against what the cache remembers."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dsv_git.scan.folders import Folders, pattern_seed
from dsv_git.scan.hashing import Algorithm
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.progress import Progress
from dsv_git.scan.statcache import Known, StatCache
from dsv_git.scan.walk import Names, list_names

if TYPE_CHECKING:
    from concurrent.futures import Executor


@dataclass(frozen=True)
class Source:
    """A data root, the cache that remembers it, and how it is hashed."""

    root: Path
    cache: StatCache
    algorithm: Algorithm
    progress: Progress
    executor: Executor | None = None
    started_ns: int = field(default_factory=time.time_ns)


@dataclass(frozen=True)
class Look:
    """A first look: the names there are, and the known files that may have changed."""

    names: Names
    new: list[str]
    gone: list[str]
    suspects: list[str]


def look(source: Source, patterns: Patterns) -> Look:
    """Reads the names below the root while the cache looks for changed files."""
    with source.cache.watching() as answer:
        known = source.cache.known
        names = _as_marked(source, known, patterns) or list_names(source.root, patterns)
        suspects = answer()
    if suspects is None:
        suspects = set(known.paths)
    if names.paths is known.paths and not _are_files(source, suspects):
        names = list_names(source.root, patterns)
    if names.paths is known.paths:
        return Look(names, [], [], sorted(suspects))
    new = set(names.paths).difference(known.paths)
    gone = set(known.paths).difference(names.paths)
    return Look(names, sorted(new), sorted(gone), sorted(suspects - gone))


def _as_marked(source: Source, known: Known, patterns: Patterns) -> Names | None:
    """The committed names, where every folder still has its mark."""
    if not known.marks:
        return None
    root, cache = os.fspath(source.root), source.cache
    folders = Folders(root, pattern_seed(patterns), cache.stamps, source.started_ns)
    if not folders.unchanged(known.marks):
        return None
    if folders.learnt:
        cache.keep_stamps(folders.stamps)
    return Names(known.paths, {}, known.marks, ())


def _are_files(source: Source, paths: Iterable[str]) -> bool:
    """Whether these paths are regular files, as they were when the folders were marked."""
    try:
        return all(stat.S_ISREG(os.lstat(f"{source.root}/{path}").st_mode) for path in paths)
    except OSError:
        return False
