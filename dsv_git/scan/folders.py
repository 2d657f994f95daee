"""Whether folders still hold the names they held, asked without looking at any file.

A mark is a hash of all names in a folder. Where every folder below a root has its mark of last
time, no file came and none went. A folder's names are read only where its stat data do not prove
that they are the same (see `dsv_git.scan.stamps`). A file that another kind of thing replaced
under its name is found by whoever looks at the files themselves.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import xxhash

from dsv_git.scan.patterns import Patterns
from dsv_git.scan.stamps import Stamp, Stamps, exact_devices, lasts, stamp

Marks = Mapping[str, int]
"""The mark of each folder (path below the root, the root's own is empty)."""


def pattern_seed(patterns: Patterns) -> int:
    """A number for the patterns: other patterns, other marks."""
    return xxhash.xxh3_64_intdigest(repr(patterns).encode("utf-8", "surrogatepass"))


def mark(names: str, seed: int) -> int:
    """The mark of a folder with these names, sorted, with `/` between. Never 0, below 2**64."""
    return xxhash.xxh3_64_intdigest(os.fsencode(names), seed) | 1


class Folders:
    """Folders asked for their names. `stamps` are those of the folders that were seen unchanged,
    where they prove it the next time; `learnt` says whether they are others than before."""

    def __init__(self, root: str, seed: int, former: Stamps, now_ns: int) -> None:
        """`former` are the stamps of an earlier time, `now_ns` is any time before the asking."""
        self.stamps: dict[str, Stamp] = {}
        self._root = root
        self._seed = seed
        self._former = former
        self._now_ns = now_ns
        self._devices: frozenset[int] = frozenset()

    @property
    def learnt(self) -> bool:
        """Whether it is worth while to keep the stamps."""
        return self.stamps != self._former

    def unchanged(self, marks: Marks) -> bool:
        """Whether each folder holds the names it held. False where there are no marks."""
        if not marks:
            return False
        self._devices = exact_devices()
        try:
            return all(self._holds(folder, known) for folder, known in marks.items())
        except OSError:
            return False

    def _holds(self, folder: str, known: int) -> bool:
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(f"{self._root}/{folder}", flags)
        try:
            status = os.fstat(handle)  # before the names are read: what comes later shows
            mine = stamp(known, status)
            exact = status.st_dev in self._devices
            if not (exact and self._former.get(folder) == mine):
                if mark(_names(handle), self._seed) != known:
                    return False
                exact = exact and lasts(status, self._now_ns)
        finally:
            os.close(handle)
        if exact:
            self.stamps[folder] = mine
        return True


def _names(handle: int) -> str:
    names = os.listdir(handle)
    if ".git" in names:
        names.remove(".git")
    names.sort()
    return "/".join(names)
