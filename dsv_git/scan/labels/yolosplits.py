"""Which split an image is in, by a `data.yaml`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from dsv_git.scan.labels.table import table_bytes
from dsv_git.scan.labels.yolodata import YoloData

LIST = ".txt"
"""How a list of images ends."""


class YoloSplits:
    """The splits of a `data.yaml`, as folders and files below the data root.

    An image that several splits name is in the first of train, val and test.
    """

    def __init__(self, data: YoloData, root: Path) -> None:
        """Reads the lists of images. Raises InputError for one that cannot be read."""
        self._root = root.resolve()
        self._by_path: dict[str, str] = {}
        self._folders: list[tuple[str, str]] = []
        self._known: dict[str, tuple[str, ...]] = {}
        self.elsewhere: list[str] = []
        """Places that are not there, or not below the data root."""
        self.several: list[str] = []
        """Images that several splits name, as far as they were asked for."""
        for split, places in data.splits.items():
            for place in places:
                self._add(split, place)

    def _add(self, split: str, place: Path) -> None:
        if place.suffix == LIST and place.is_file():
            for path in listed(place, self._root):
                if self._by_path.setdefault(path, split) != split:
                    self.several.append(path)
            return
        below = self._below(place)
        if below is None or not place.is_dir():
            self.elsewhere.append(f"{split}: {place}")
        else:
            self._folders.append((below, split))

    def _below(self, place: Path) -> str | None:
        """A place as the beginning of paths, None where it is not below the data root."""
        try:
            below = place.relative_to(self._root).as_posix()
        except ValueError:
            # The data root may be a part of what the split names.
            return "" if self._root.is_relative_to(place) else None
        return "" if below == "." else f"{below}/"

    def of(self, path: str) -> str | None:
        """The split of an image."""
        folder = path.rpartition("/")[0]
        if folder not in self._known:
            found = (split for below, split in self._folders if f"{folder}/".startswith(below))
            self._known[folder] = tuple(dict.fromkeys(found))
        splits, listed = self._known[folder], self._by_path.get(path)
        if listed is not None:
            return listed
        if len(splits) > 1:
            self.several.append(path)
        return splits[0] if splits else None

    def unknown(self, paths: Iterable[str]) -> list[str]:
        """What the lists of images name, and is none of these paths."""
        present = frozenset(paths)
        return [path for path in self._by_path if path not in present]


def listed(place: Path, root: Path) -> list[str]:
    """The images of a list, a path a line from the list's own folder, as paths below the data root.

    What is elsewhere stays as it is written.
    """
    folder, top = os.fspath(place.parent), f"{root}/"
    found = []
    for line in table_bytes(place).decode(errors="surrogateescape").split("\n"):
        text = line.strip()
        if text:
            image = os.path.normpath(f"{folder}/{text}" if text[0] != "/" else text)
            found.append(image.removeprefix(top) if image.startswith(top) else text)
    return found
