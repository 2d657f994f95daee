"""Whether folders still hold the names they held, asked without looking at any file.

A mark is a hash of all names in a folder. Where every folder below a root has its mark of last
time, no file came and none went; a file that another kind of thing replaced under its name is
found by whoever looks at the files themselves.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import xxhash

from dsv_git.scan.patterns import Patterns

Marks = Mapping[str, int]
"""The mark of each folder (path below the root, the root's own is empty)."""


def pattern_seed(patterns: Patterns) -> int:
    """A number for the patterns: other patterns, other marks."""
    return xxhash.xxh3_64_intdigest(repr(patterns).encode("utf-8", "surrogatepass"))


def mark(names: str, seed: int) -> int:
    """The mark of a folder with these names, sorted, with `/` between. Never 0, below 2**64."""
    return xxhash.xxh3_64_intdigest(os.fsencode(names), seed) | 1


def unchanged(root: str, marks: Marks, seed: int) -> bool:
    """Whether each folder holds the names it held. False where there are no marks."""
    try:
        return bool(marks) and all(
            mark(_names(f"{root}/{folder}"), seed) == known for folder, known in marks.items()
        )
    except OSError:
        return False


def _names(folder: str) -> str:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        names = os.listdir(handle)  # noqa: PTH208 - of the folder that was opened, links not followed
    finally:
        os.close(handle)
    if ".git" in names:
        names.remove(".git")
    names.sort()
    return "/".join(names)
