"""Entries that are annotation files: equal ones are no duplicates, each belongs to its image."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.mounting import normal_root

YOLO_NAMES: Final = ("data.yaml", "data.yml", "dataset.yaml", "classes.txt")
"""What describes a folder of YOLO label files, the one that counts first."""


def annotation_files(declaration: Declaration) -> Callable[[Entry], bool]:
    """Tells whether an entry is a file that the manifest's labels come from.

    The declared paths may be relative to the data root or to the top of the repository. Where a
    `data.yaml` says which images there are, every text beside them is taken for a label file.
    """
    labels = declaration.labels
    if labels is None or labels.path is not None:
        return lambda _: False
    described = labels.yolo is not None and labels.yolo.endswith((".yaml", ".yml"))
    named = [labels.table, labels.yolo if described else None, *(labels.coco or {}).values()]
    files = {place for text in named if text for place in _places(declaration, text)}
    folders = () if labels.yolo is None else tuple(_folders(declaration, labels.yolo))
    folders = ("",) if described else folders
    names = {labels.metadata, *(YOLO_NAMES if labels.yolo is not None else ())}

    def is_annotation_file(entry: Entry) -> bool:
        name = entry.path.rpartition("/")[2]
        text = entry.path.startswith(folders) and entry.path.endswith(".txt")
        return text or name in names or entry.path in files

    return is_annotation_file


def _folders(declaration: Declaration, text: str) -> Iterator[str]:
    """What a declared folder is as the beginning of entries' paths."""
    for place in _places(declaration, text):
        yield place.removesuffix(".") if place.endswith("/.") or place == "." else f"{place}/"


def _places(declaration: Declaration, text: str) -> Iterator[str]:
    """What a declared path is among the entries' paths."""
    path = normal_root(text)
    for mount, declared in declaration.data.roots.items():
        prefix, root = (f"{mount}/" if mount else ""), normal_root(declared)
        yield prefix + path
        if path == root:
            yield f"{prefix}."
        elif path.startswith(f"{root}/"):
            yield prefix + path.removeprefix(f"{root}/")
