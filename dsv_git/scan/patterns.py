"""Which files of a data root belong to a manifest: gitignore-style include and exclude."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass

from dsv_git.errors import InputError

Matches = Callable[[str], bool]


@dataclass(frozen=True)
class Patterns:
    """A file is in when `include` is empty or matches its path, and `exclude` does not."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def matcher(self) -> Matcher | None:
        """The compiled patterns, or None where every file is in.

        Raises InputError for a pattern that is none.
        """
        if not self.include and not self.exclude:
            return None
        return Matcher(_compile(self.include, "include"), *_exclusion(self.exclude))


@dataclass(frozen=True)
class Matcher:
    """Compiled patterns."""

    _included: Matches | None
    _excluded: Matches | None
    _prunes: bool

    def takes(self, path: str) -> bool:
        """Whether the file at this path (below the root, `/` separates) is in."""
        if self._excluded is not None and self._excluded(path):
            return False
        return self._included is None or self._included(path)

    def prunes(self, folder: str) -> bool:
        """Whether nothing below this folder can be in, so that it need not be read."""
        return self._prunes and self._excluded is not None and self._excluded(f"{folder}/")


def _exclusion(lines: tuple[str, ...]) -> tuple[Matches | None, bool]:
    """The exclusion, and whether a folder that it matches can be skipped as a whole.

    With a `!` among the patterns a file below an excluded folder may be in again.
    """
    return _compile(lines, "exclude"), not any(line.startswith("!") for line in lines)


def _compile(lines: tuple[str, ...], key: str) -> Matches | None:
    if not lines:
        return None
    from pathspec import GitIgnoreSpec  # 20 ms, only where there are patterns

    try:
        with warnings.catch_warnings():
            # `[[]` is a lawful pattern; its expression is one that a later Python may read anew.
            warnings.simplefilter("ignore", FutureWarning)
            spec = GitIgnoreSpec.from_lines(lines)
    except ValueError as error:
        raise InputError(f"not a gitignore pattern: {error}", where=f"data.{key}") from None
    patterns = [p for p in spec.patterns if p.include is not None]
    if not patterns:
        return None
    if not all(p.include for p in patterns):
        return spec.match_file
    # Without a `!` the order of patterns does not matter: one expression, four times as fast.
    texts = [p.regex.pattern for p in patterns if p.regex is not None]
    plain = (re.sub(r"\(\?P<\w+>", "(?:", text) for text in texts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        match = re.compile("|".join(f"(?:{text})" for text in plain)).match
    return lambda path: match(path) is not None
