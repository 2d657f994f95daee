"""Patterns of paths and of texts, in time that is proportional to both.

A pattern is cut at `/`; within a part `*`, `?` and `[abc]` are Python's `fnmatch`, whose regular
expressions never go back, and `**` takes any number of parts.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

Test = Callable[[str], bool]


def text_pattern(pattern: str) -> Test:
    """Tells whether a whole text matches: `*` takes any characters."""
    match = re.compile(fnmatch.translate(pattern)).match
    return lambda text: match(text) is not None


def path_pattern(pattern: str) -> Test:
    """Tells whether a path matches, as in a `.gitignore`: without a slash the file's name, else
    the path from the root; `train/` and `train/**` are all below that folder."""
    pattern = pattern.removeprefix("./")
    anchored = "/" in pattern.rstrip("/")
    if pattern.endswith("/"):
        pattern += "**"
    parts = pattern.lstrip("/").split("/")
    if not anchored and len(parts) == 1:
        name = text_pattern(parts[0])
        return lambda path: name(path.rpartition("/")[2])
    tests = tuple(None if part == "**" else text_pattern(part) for part in parts)
    tests = tests if anchored else (None, *tests)
    below = tests[-1] is None
    above = tests if below else tests[:-1]
    last = tests[-1] or (lambda _: True)

    @lru_cache(maxsize=1024)
    def reached(folder: str) -> bool:
        return _used_up(above, folder.split("/") if folder else [])

    def matches(path: str) -> bool:
        folder, _, name = path.rpartition("/")
        return reached(folder) and last(name)

    return matches


def _used_up(tests: Sequence[Test | None], parts: Sequence[str]) -> bool:
    """Whether the parts of a folder can use up all tests; None takes any number of parts."""
    states = _open(tests, {0})
    for part in parts:
        after = set()
        for n in states - {len(tests)}:
            test = tests[n]
            if test is None:
                after.add(n)
            elif test(part):
                after.add(n + 1)
        states = _open(tests, after)
    return len(tests) in states


def _open(tests: Sequence[Test | None], states: set[int]) -> set[int]:
    """The numbers of tests that come next, and those that do where `**` takes no part."""
    found = set(states)
    for n, test in enumerate(tests):
        if n in found and test is None:
            found.add(n + 1)
    return found
