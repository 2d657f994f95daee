"""Which names of a store are files of the data: a store takes any text for a name."""

from __future__ import annotations

from dsv_git.manifest.names import unsafe_path
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.refusals import is_utf8
from dsv_git.scan.storage.port import LeftOut


class Naming:
    """The choice among the names below a place."""

    def __init__(self, patterns: Patterns, left_out: LeftOut) -> None:
        self._matcher = patterns.matcher()
        self._left_out = left_out

    def takes(self, path: str, size: int) -> bool:
        """Whether the object of this name and size (bytes) is a file of the data. What stands for a
        folder is none; a name that no manifest may hold is told of, unless patterns exclude it."""
        if not path or (path.endswith("/") and not size):
            return False
        if self._matcher is not None and not self._matcher.takes(path):
            return False
        if unsafe_path(path) is not None or not is_utf8(path):
            self._left_out("unsafe-name", path)
            return False
        return True
