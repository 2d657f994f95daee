"""Entries that are annotation files: equal ones are no duplicates, each belongs to its image."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.mounting import normal_root


def annotation_files(declaration: Declaration) -> Callable[[Entry], bool]:
    """Tells whether an entry is a file that the manifest's labels come from.

    The declared paths may be relative to the data root or to the top of the repository.
    """
    labels = declaration.labels
    if labels is None:
        return lambda _: False
    tables = [labels.table] if labels.table is not None else []
    files = {
        place
        for text in (*tables, *(labels.coco or {}).values())
        for place in _places(declaration, text)
    }
    folders = tuple(
        place.removesuffix(".") if place.endswith("/.") or place == "." else f"{place}/"
        for place in (_places(declaration, labels.yolo) if labels.yolo is not None else ())
    )

    def is_annotation_file(entry: Entry) -> bool:
        below = entry.path.startswith(folders) and entry.path.endswith(".txt")
        return entry.path in files or below

    return is_annotation_file


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
