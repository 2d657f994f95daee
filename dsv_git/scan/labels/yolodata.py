"""What describes a dataset of YOLO: `data.yaml`, or `classes.txt` with names alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError
from dsv_git.manifest import yamltext
from dsv_git.manifest.annotation_files import YOLO_NAMES
from dsv_git.manifest.yamltext import Reader, Scalar, Sequence, Value
from dsv_git.scan.labels.table import table_bytes

CLASSES: Final = YOLO_NAMES[-1]
"""What labelling programs call a file with a class name a line."""
SPLITS: Final = ("train", "val", "test")


@dataclass(frozen=True)
class YoloData:
    """The names of classes by their index, and where the images of each split are: folders, and
    lists of images (`.txt`), as places on this machine that need not exist."""

    place: Path
    names: Mapping[int, str]
    splits: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)


def is_description(name: str) -> bool:
    """Whether a declared source is a `data.yaml`, and not a folder of label files."""
    return name.endswith((".yaml", ".yml"))


def find_description(folder: Path, root: Path) -> Path:
    """The description that belongs to a folder of label files: in it, above it up to the data root,
    or where it lies elsewhere beside it or in the data root. Raises InputError where none is."""
    if folder.is_relative_to(root):
        above = len(folder.relative_to(root).parts)
        folders = [folder, *folder.parents[:above]]
    else:
        folders = [folder, folder.parent, root]
    for name in YOLO_NAMES:
        for one in folders:
            if (one / name).is_file():
                return one / name
    raise InputError(
        "nothing names the classes of these label files",
        where=str(folder),
        hint=f"put a {YOLO_NAMES[0]} with names: [cat, dog] beside them, or name one: "
        "labels: {yolo: data.yaml}",
    )


def read_description(place: Path) -> YoloData:
    """Reads a `data.yaml` or a `classes.txt`. Raises InputError with the file and the line."""
    text = _text(place)
    if place.name == CLASSES:
        lines = text.rstrip().split("\n")
        return YoloData(place, {n: line.strip() for n, line in enumerate(lines) if line.strip()})
    top, reader = yamltext.parse(text, str(place)), Reader(str(place))
    values = reader.given(top)
    if "names" not in values:
        raise InputError(
            "there are no names of classes", where=str(place), hint="names: [cat, dog]"
        )
    base = _base(place, reader.text(values["path"], "path") if "path" in values else "")
    splits: dict[str, tuple[Path, ...]] = {
        split: tuple(_place(base, text) for text in _texts(reader, values[split], split))
        for split in SPLITS
        if split in values
    }
    return YoloData(place, _names(reader, values["names"]), splits)


def _text(place: Path) -> str:
    data = table_bytes(place)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError("the text is not UTF-8", where=f"{place}:{line}") from None


def _names(reader: Reader, value: Value) -> dict[int, str]:
    """The names of classes: a list, or a mapping from their index."""
    if isinstance(value, Sequence):
        return dict(enumerate(reader.texts(value, "names")))
    names = {}
    for key, inner in reader.mapping(value, "names").pairs:
        if not (key.text.isascii() and key.text.isdigit() and len(key.text) < 10):
            raise reader.fail(key, f"not the index of a class: {key.text!r}")
        names[int(key.text)] = reader.text(inner, f"names.{key.text}")
    empty = [index for index, name in names.items() if not name]
    if empty or not names:
        raise reader.fail(value, f"class {empty[0]} has no name" if empty else "names is empty")
    return names


def _texts(reader: Reader, value: Value, split: str) -> tuple[str, ...]:
    if isinstance(value, Scalar):
        text = reader.text(value, split)
        return () if text in {"", "null", "~"} else (text,)
    return reader.texts(value, split)


def _base(place: Path, path: str) -> Path:
    """The folder that paths in a `data.yaml` are relative to: `path`, itself relative to the file.

    Where there is no such folder, as after a move to another machine, the file's own.
    """
    own = place.parent
    base = (own / path).resolve()
    return base if path and base.is_dir() else own.resolve()


def _place(base: Path, text: str) -> Path:
    """A split's place. `../` too much in front is forgiven, as Ultralytics does."""
    place = (base / text).resolve()
    if not place.exists() and text.startswith("../"):
        return (base / text[3:]).resolve()
    return place
