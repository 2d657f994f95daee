"""Which files still hold the contents that this clone remembers, told without reading them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from dsv_git.gitrepo.statindex import StatIndex
from dsv_git.scan.hashing import UNSETTLED
from dsv_git.scan.storage.checked import Wanted


def standing(memory: StatIndex, root: Path) -> Iterator[Wanted]:
    """The remembered files of a root whose size and modification time are as they were when they
    were hashed. git compares them, many at once; none is opened."""
    if not root.is_dir():
        return
    with memory.watching() as answer:
        known = memory.known
        paths, sizes, _, hashes = known.rows()
        suspects = answer() if paths else set()
    since = memory.journal
    if suspects is None:
        suspects = {path for path in paths if not _stands(root, path, known.get(path))}
    for path, size, text in zip(paths, sizes, hashes, strict=True):
        if path not in suspects and path not in since:
            yield Wanted(path, size, text)
    for path, row in since.items():
        if _stands(root, path, row):
            yield Wanted(path, row[0], row[2])


def _stands(root: Path, path: str, row: tuple[int, int, str] | None) -> bool:
    if row is None or row[1] == UNSETTLED:
        return False
    try:
        status = os.lstat(f"{root}/{path}")
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == row[:2]
