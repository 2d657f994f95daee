"""Finding contents in a place that nothing is known of: sizes first, then hashes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from dsv_git.errors import InputError
from dsv_git.scan.hashing import BLOCK
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.progress import Progress
from dsv_git.scan.storage.checked import Wanted, contents
from dsv_git.scan.storage.digests import new_digest
from dsv_git.scan.storage.folder import Folder
from dsv_git.scan.storage.port import Storage, Stored
from dsv_git.scan.storage.verifying import FEW, STREAMS
from dsv_git.scan.workers import processes, threads

CHUNK: Final = 500
"""Files of one task."""


def find(
    storage: Storage, wanted: Iterable[Wanted], known: Collection[str], progress: Progress
) -> dict[str, str]:
    """The hash and the path of those wanted contents that a place has, under whatever name.

    Only files of a wanted size are read, those first that have a wanted file's name; `known` are
    paths whose content is known to be none of them. Raises InputError and Unreachable where the
    place cannot be listed.
    """
    left = {one.hash: one for one in wanted}
    sizes = {one.size for one in left.values()}
    names = {one.path.rpartition("/")[2] for one in left.values()}
    algorithms = sorted({text.partition(":")[0] for text in left} - {"etag"})
    there = [
        stored
        for stored in storage.files(Patterns())
        if stored.size in sizes and stored.path not in known
    ]
    same_name = [one for one in there if one.path.rpartition("/")[2] in names]
    found: dict[str, str] = {}
    for group in (same_name, [one for one in there if one not in set(same_name)]):
        if not left or not algorithms:
            break
        asked = {one.size for one in left.values()}
        files = sorted(one for one in group if one.size in asked)
        for text, path in _hashes(storage, files, algorithms, progress):
            if text in left:
                found[text] = path
                del left[text]
    return found


def _hashes(
    storage: Storage, files: Sequence[Stored], algorithms: Sequence[str], progress: Progress
) -> Iterable[tuple[str, str]]:
    progress.expect(len(files))
    paths = [stored.path for stored in files]
    if not isinstance(storage, Folder):
        with threads(lambda: None, STREAMS) as streams:
            for part in streams.map(lambda path: _streamed(storage, path, algorithms), paths):
                progress.advance(1, 0)
                yield from part
        return
    root = str(storage.base)
    rows = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    if len(paths) <= FEW:
        for row in rows:
            yield from contents(root, row, algorithms)
        progress.advance(len(paths), 0)
        return
    with processes() as pool:
        futures = [pool.submit(contents, root, row, algorithms) for row in rows]
        for row, future in zip(rows, futures, strict=True):
            part = future.result()
            progress.advance(len(row), 0)
            yield from part


def _streamed(storage: Storage, path: str, algorithms: Sequence[str]) -> list[tuple[str, str]]:
    digests = {algorithm: new_digest(algorithm) for algorithm in algorithms}
    try:
        with storage.open(path) as stream:
            while block := stream.read(BLOCK):
                for digest in digests.values():
                    digest.update(block)
    except InputError:
        return []
    return [(f"{name}:{digest.hexdigest()}", path) for name, digest in digests.items()]
