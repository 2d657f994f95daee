"""Which files still hold the contents that this clone remembers, told without reading them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from dsv_git.gitrepo.statindex import StatIndex
from dsv_git.gitrepo.statknown import Row
from dsv_git.scan.hashing import UNSETTLED
from dsv_git.scan.storage.checked import Wanted

MANY: Final = 2000
"""From so many files on git is asked for all of them, which is quicker."""


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


def held_in(memory: StatIndex, root: Path, contents: Collection[str]) -> set[str]:
    """Those of some contents that a root should still hold. In difference to `standing` a file that
    was so fresh when it was hashed that its time proves nothing counts, if it has its size."""
    since = memory.journal
    known = memory.known.rows_with(contents)
    rows = {path: row for path, row in known.items() if path not in since}
    rows |= {path: row for path, row in since.items() if row[2] in contents}
    if len(rows) > MANY:
        found = {one.hash for one in standing(memory, root) if one.hash in contents}
        rows = {path: row for path, row in rows.items() if row[1] == UNSETTLED}
    else:
        found = set()
    found |= {row[2] for path, row in rows.items() if _stands(root, path, row, fresh=True)}
    return found


def _stands(root: Path, path: str, row: Row | None, *, fresh: bool = False) -> bool:
    if row is None or (row[1] == UNSETTLED and not fresh):
        return False
    try:
        status = os.lstat(f"{root}/{path}")
    except OSError:
        return False
    return status.st_size == row[0] and row[1] in (status.st_mtime_ns, UNSETTLED)
