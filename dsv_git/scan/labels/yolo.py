"""Labels from the label files of YOLO, a text file an image.

An image's label file is where Ultralytics looks for it: the last `images` among the folders of its
path becomes `labels`, and its ending `.txt`. Or it lies beside the image, or in a folder of label
files that mirrors the folders of the images.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry, as_label
from dsv_git.scan.labels.labelled import Labelled, Listed
from dsv_git.scan.labels.yolodata import (
    CLASSES,
    YoloData,
    find_description,
    is_description,
    read_description,
)
from dsv_git.scan.labels.yolofile import read_objects
from dsv_git.scan.labels.yolosplits import LIST, YoloSplits
from dsv_git.scan.notices import SAMPLE, Kind, Notice, notice, shown
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.walk import list_names

IMAGES: Final = frozenset(
    "avif bmp dng gif heic heif jp2 jpeg jpg jxl mpo pfm png tif tiff webp".split()  # noqa: SIM905
)
"""Endings of images; Ultralytics reads these."""


class YoloSource:
    """A declared folder of label files or `data.yaml`, found on this machine."""

    def __init__(self, place: Path, root: Path) -> None:
        """`root` is the data root. Raises InputError for a description that is not there or
        cannot be read."""
        self.root = root.resolve()
        place = place.resolve()
        if is_description(place.name):
            self.data = read_description(place)
            swapped = Path(_swapped(f"{self.root}/")[:-1])
            twins = (swapped,) if swapped != self.root and swapped.is_dir() else ()
            self.folders: tuple[Path, ...] = (self.root, *twins)
        else:
            self.data = read_description(find_description(place, self.root))
            self.folders = (place,)

    @property
    def files(self) -> tuple[Path, ...]:
        """The files whose bytes decide beside the label files: the description, lists of images."""
        lists = (place for places in self.data.splits.values() for place in places)
        return (self.data.place, *(place for place in lists if place.suffix == LIST))

    def below(self, folder: Path) -> str | None:
        """A folder of label files as the beginning of entries' paths; None where it is not below
        the data root."""
        if not folder.is_relative_to(self.root):
            return None
        text = folder.relative_to(self.root).as_posix()
        return "" if text == "." else f"{text}/"


def read_yolo(
    place: Path, root: Path, paths: Sequence[str], unchanged: Mapping[str, Entry]
) -> Listed:
    """Reads the label files of the images among `paths`.

    `unchanged` has entries whose content is as it was when they were labelled by the same source:
    an image and a label file that are among them are not read again. Raises InputError with the
    file and the line for a label file that cannot be read.
    """
    source = YoloSource(place, root)
    splits, texts = YoloSplits(source.data, source.root), LabelFiles(source, paths)
    found: dict[str, Labelled] = {}
    for path in paths:
        if path.rpartition(".")[2].lower() not in IMAGES:
            continue
        text, split = texts.of(path), splits.of(path)
        former = unchanged.get(path) if texts.below(text) in unchanged else None
        if former is not None:
            found[path] = Labelled(former.label, split, former.ann)
        elif text is not None or split is not None:
            found[path] = _read(text, split, source.data)
    return Listed(found, tuple(_notices(splits, texts, paths)))


def _read(text: str | None, split: str | None, data: YoloData) -> Labelled:
    if text is None:
        return Labelled(split=split)
    try:
        descriptor = os.open(text, os.O_RDONLY | os.O_CLOEXEC)
        try:
            content = b""
            while block := os.read(descriptor, 1 << 18):
                content = content + block if content else block
        finally:
            os.close(descriptor)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=shown(text)) from None
    content = content.removeprefix(b"\xef\xbb\xbf")
    labels, annotations = read_objects(content, data.names, shown(text))
    return Labelled(as_label(labels), split, annotations)


class LabelFiles:
    """The label files that are there, and which image each belongs to."""

    def __init__(self, source: YoloSource, paths: Sequence[str]) -> None:
        self._root = f"{source.root}/"
        self._folders = [
            (f"{folder}/", frozenset(_texts(folder, source.below(folder), paths)))
            for folder in source.folders
        ]
        self._taken: set[str] = set()
        self._no_labels = {os.fspath(place) for place in source.files}

    def of(self, path: str) -> str | None:
        """The place of an image's label file, None where there is none."""
        stem = path.rpartition(".")[0]
        swapped = _swapped(f"/{stem}")[1:]
        for folder, names in self._folders:
            for name in self._names(folder, stem, swapped):
                if name in names:
                    self._taken.add(folder + name)
                    return folder + name
        return None

    def _names(self, folder: str, stem: str, swapped: str) -> Iterator[str]:
        """Where an image's label file may be in a folder of label files."""
        inside = (self._root + swapped).startswith(folder)
        if swapped != stem and inside:
            yield (self._root + swapped).removeprefix(folder) + LIST
        yield stem + LIST
        if swapped != stem and not inside:
            yield f"/{stem}".rpartition("/images/")[2] + LIST

    def below(self, text: str | None) -> str:
        """A label file as an entry's path; empty for none, and for one that is elsewhere."""
        return text.removeprefix(self._root) if text and text.startswith(self._root) else ""

    def without_image(self) -> list[str]:
        """Label files of no image: texts in the folders that hold label files."""
        holding = {place.rpartition("/")[0] for place in self._taken}
        every = (folder + name for folder, names in self._folders for name in names)
        return sorted(
            self.below(place) or place
            for place in every
            if place not in self._taken
            and place.rpartition("/")[0] in holding
            and place not in self._no_labels
            and not place.endswith(f"/{CLASSES}")
        )


def _texts(folder: Path, below: str | None, paths: Sequence[str]) -> Iterator[str]:
    """The texts in a folder of label files, whether or not they are entries too."""
    yield from list_names(folder, Patterns((f"*{LIST}",))).paths
    if below is not None:  # an entry may be a link that leads out of this folder
        for path in paths:
            if path.endswith(LIST) and path.startswith(below):
                yield path[len(below) :]


def _swapped(path: str) -> str:
    """A path with its last folder `images` called `labels`."""
    before, found, behind = path.rpartition("/images/")
    return f"{before}/labels/{behind}" if found else path


def _notices(splits: YoloSplits, texts: LabelFiles, paths: Sequence[str]) -> Iterator[Notice]:
    kinds: tuple[tuple[Kind, list[str]], ...] = (
        ("unmatched-label", [*texts.without_image(), *splits.unknown(paths)]),
        ("several-splits", splits.several),
        ("split-elsewhere", splits.elsewhere),
    )
    for kind, found in kinds:
        if found:
            yield notice(kind, found[:SAMPLE], len(found))
