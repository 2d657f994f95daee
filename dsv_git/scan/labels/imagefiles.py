"""Which entry a file name in an annotation file means."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError
from dsv_git.manifest.names import printable

_SHOWN: Final = 5


class ImageFiles:
    """The entries of the data, to be found by what annotation files call them."""

    def __init__(self, root: Path, paths: Sequence[str]) -> None:
        self._root = root.resolve()
        self._paths = frozenset(paths)
        self._by_end: dict[int, dict[str, list[str]]] = {}

    def find(self, name: str, folder: str | None, split: str) -> str | None:
        """The path of the entry that `name` means, None where the data does not hold it.

        Looked for as it is given below the root, below the annotation file's own folder, below the
        folder of the split's name, and at last as the end of any path. Raises InputError where
        several paths end so.
        """
        name = name.removeprefix("./")
        bases = ("", folder, split) if folder is not None else ("", split)
        for base in bases:
            path = posixpath.join(base, name)
            # An annotation file's folder may lie beside that of the images: ../images/1.jpg.
            path = posixpath.normpath(path) if "../" in path else path
            if path in self._paths:
                return path
        ends = self._ending(name)
        if len(ends) > 1:
            others = ", ..." if len(ends) > _SHOWN else ""
            named = ", ".join(map(printable, sorted(ends)[:_SHOWN]))
            raise InputError(
                f"the file name {name!r} may mean: {named}{others}",
                hint="file_name is a path below the data root",
            )
        return ends[0] if ends else None

    def folder(self, place: Path) -> str | None:
        """The folder of an annotation file below the root, None where it lies elsewhere."""
        try:
            return place.resolve().parent.relative_to(self._root).as_posix()
        except ValueError:
            return None

    def _ending(self, name: str) -> list[str]:
        """The paths whose last parts are those of `name`."""
        parts = name.count("/") + 1
        if parts not in self._by_end:
            ends: dict[str, list[str]] = {}
            for path in self._paths:
                _, *end = path.rsplit("/", parts)
                if len(end) == parts:
                    ends.setdefault("/".join(end), []).append(path)
            self._by_end[parts] = ends
        return self._by_end[parts].get(name, [])
