"""Contents that a manifest knows by the hash of another tool.

An imported entry keeps its `md5:` or `sha256:`. A scan hashes by the manifest's own algorithm, so
the two would never be equal: all of the data would look modified. Here a scanned file is hashed
once more by the algorithm of the entry that it may be, and takes that entry's hash where it is its
content. Which hashes are of one content is remembered in this clone, so that no file is read so
twice.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.state import add_alike, read_alike
from dsv_git.manifest.entry import Entry
from dsv_git.scan.storage.checked import Inside
from dsv_git.scan.storage.digests import new_digest

PROVABLE: Final = ("md5", "sha256", "xxh3")
"""Hashes that bytes alone can be held against; an `etag` is a store's own."""
_BLOCK: Final = 1 << 20


def with_their_hashes(
    workspace: Workspace,
    roots: Mapping[str, object],
    algorithm: str,
    files: tuple[Entry, ...],
    former: Sequence[Entry],
) -> tuple[Entry, ...]:
    """Scanned files, those with the hash of a former entry whose content they are: under its path,
    or under a new one where a former file of that size is gone. Only files of folders are read."""
    own = f"{algorithm}:"
    theirs = {e.path: e for e in former if not e.hash.startswith(own) and _provable(e.hash)}
    if not theirs:
        return files
    known = {entry.path for entry in former}
    here = {entry.path for entry in files}
    gone = {entry.size for path, entry in theirs.items() if path not in here}
    maybe = [
        entry
        for entry in files
        if (theirs[entry.path].size == entry.size if entry.path in theirs else False)
        or (entry.path not in known and entry.size in gone)
    ]
    wanted = {entry.hash for entry in theirs.values()}
    found = _alike(workspace, roots, maybe, {one.partition(":")[0] for one in wanted})
    replaced = {
        entry.path: same
        for entry in maybe
        if (same := next((one for one in found.get(entry.hash, ()) if one in wanted), None))
    }
    return tuple(
        msgspec.structs.replace(entry, hash=replaced[entry.path])
        if entry.path in replaced
        else entry
        for entry in files
    )


def _provable(content: str) -> bool:
    return content.startswith(PROVABLE)


def _alike(
    workspace: Workspace,
    roots: Mapping[str, object],
    files: Sequence[Entry],
    algorithms: Collection[str],
) -> Mapping[str, Collection[str]]:
    """What the contents of files are by other algorithms: hash → hashes."""
    from concurrent.futures import ThreadPoolExecutor

    known = read_alike(workspace.repository)

    def lacks(content: str) -> list[str]:
        have = {one.partition(":")[0] for one in known.get(content, ())}
        return [one for one in algorithms if one not in have]

    todo = {entry.hash: entry for entry in files if lacks(entry.hash)}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = pool.map(lambda e: (e.hash, list(_digests(roots, e, lacks(e.hash)))), todo.values())
        new = {content: found for content, found in rows if found}
    add_alike(workspace.repository, new)
    return {content: {*known.get(content, ()), *new.get(content, ())} for content in {*known, *new}}


def _digests(
    roots: Mapping[str, object], entry: Entry, algorithms: Collection[str]
) -> Iterator[str]:
    """The hashes of a file as it lies; none where it cannot be read, or is another one by now."""
    mount, inner = ("", entry.path) if "" in roots else entry.path.split("/", 1)
    root = roots.get(mount)
    if not isinstance(root, Path):
        return
    wanted = entry.hash.partition(":")[0]
    running = {one: new_digest(one) for one in (*algorithms, wanted)}
    try:
        with os.fdopen(Inside(str(root)).open(inner), "rb") as file:
            while block := file.read(_BLOCK):
                for digest in running.values():
                    digest.update(block)
    except OSError:
        return
    if f"{wanted}:{running[wanted].hexdigest()}" == entry.hash:
        for one in algorithms:
            yield f"{one}:{running[one].hexdigest()}"
