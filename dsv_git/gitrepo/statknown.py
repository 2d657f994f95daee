"""The committed state of a data root in memory: stored rows, and what was put over them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from dsv_git.gitrepo.statrows import Columns, Rows, integers

Row = tuple[int, int, str]
"""Size in bytes, modification time in ns, hash."""

Update = tuple[str, Columns, Collection[str], Mapping[str, int]]
"""The token of the state that it is made from; rows to put in, sorted by path; paths to take out;
the marks of all folders."""


@dataclass(frozen=True)
class Known:
    """The rows of an index, less `taken`, under those of `put`. Columns are read when asked for."""

    token: str
    base: Rows
    marks: Mapping[str, int]
    put: Mapping[str, Row]
    taken: frozenset[str]

    def __len__(self) -> int:
        return len(self.base) + len(self._added) - len(self.taken)

    @cached_property
    def paths(self) -> list[str]:
        """Every path, sorted by its UTF-8 bytes."""
        if not self._added and not self.taken:
            return self._base_paths
        kept = [path for path in self._base_paths if path not in self.taken]
        return sorted(kept + self._added)

    def get(self, path: str) -> Row | None:
        """The row of one path."""
        if path in self.put:
            return self.put[path]
        index = self._index(path)
        if index is None or path in self.taken:
            return None
        return self._sizes[index], self._mtimes_ns[index], self._hashes[index]

    def rows(self) -> Columns:
        """Every row, sorted by the paths."""
        stored = (self._base_paths, self._sizes, self._mtimes_ns, self._hashes)
        if not self.put and not self.taken:
            return stored
        row_of = {
            path: (size, mtime, text) for path, size, mtime, text in zip(*stored, strict=True)
        }
        row_of.update(self.put)
        rows = [row_of[path] for path in self.paths]
        return (
            self.paths,
            [row[0] for row in rows],
            [row[1] for row in rows],
            [row[2] for row in rows],
        )

    def rows_with(self, contents: Collection[str]) -> dict[str, Row]:
        """The rows whose hash is one of `contents`. Mostly none is, and that is told quickly."""
        found = {}
        if not set(contents).isdisjoint(self._hashes):
            stored = zip(self._base_paths, self._sizes, self._mtimes_ns, self._hashes, strict=True)
            for path, size, mtime, text in stored:
                if text in contents and path not in self.put and path not in self.taken:
                    found[path] = size, mtime, text
        found.update((path, row) for path, row in self.put.items() if row[2] in contents)
        return found

    def overlay(self) -> Columns:
        """What was put over the stored rows."""
        paths = sorted(self.put)
        rows = [self.put[path] for path in paths]
        return paths, [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows]

    def changed(self, token: str, update: Update) -> Known:
        """The state with rows put in and paths taken out, under another name."""
        _, fresh, gone, marks = update
        put = dict(self.put)
        for path, size, mtime, text in zip(*fresh, strict=True):
            put[path] = (size, mtime, text)
        for path in gone:
            put.pop(path, None)
        taken = self.taken.union(path for path in gone if self._index(path) is not None)
        return Known(token, self.base, marks, put, taken.difference(put))

    @cached_property
    def _added(self) -> list[str]:
        return [path for path in self.put if self._index(path) is None]

    def _index(self, path: str) -> int | None:
        paths = self._base_paths
        index = bisect_left(paths, path)
        return index if index < len(paths) and paths[index] == path else None

    @cached_property
    def _base_paths(self) -> list[str]:
        return self.base.paths.split("\0") if len(self.base) else []

    @cached_property
    def _sizes(self) -> array[int]:
        return integers("Q", self.base.sizes)

    @cached_property
    def _mtimes_ns(self) -> array[int]:
        return integers("q", self.base.mtimes_ns)

    @cached_property
    def _hashes(self) -> Sequence[str]:
        return self.base.hashes.split("\n") if len(self.base) else []
