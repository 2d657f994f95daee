"""The rows of one `metadata.jsonl` or `metadata.csv`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
import xxhash

from dsv_git.errors import InputError
from dsv_git.manifest.entry import PropValue
from dsv_git.manifest.lists.csvrows import check_header, numbered_rows, same_length
from dsv_git.scan.labels.canonical import canonical
from dsv_git.scan.labels.jsonl import read_prop
from dsv_git.scan.labels.table import table_bytes
from dsv_git.scan.notices import shown

NAME: Final = "file_name"
CATEGORIES: Final = ("categories", "category", "labels", "label")
"""What the class of an object is called in `objects`, the first that is there."""

_decoder = msgspec.json.Decoder(dict[str, Any])


class MetadataRow(msgspec.Struct, frozen=True, gc=False):  # flat values, one an image
    """What a metadata file says of one image, and the line that it begins in, counted from 1."""

    line: int
    file_name: str
    labels: tuple[str, ...]
    split: str | None
    ann: str | None
    props: Mapping[str, PropValue]


def metadata_rows(place: Path) -> Iterator[MetadataRow]:
    """The rows of a metadata file, by its ending. Raises InputError with the line."""
    data, where = table_bytes(place), shown(str(place))
    rows = _csv(data, where) if place.suffix.lower() == ".csv" else _jsonl(data, where)
    for line, cells in rows:
        yield _described(line, cells, f"{where}:{line}")


def _jsonl(data: bytes, where: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            yield number, _decoder.decode(line)
        except (msgspec.MsgspecError, RecursionError, ValueError) as error:
            raise InputError(f"not a row of metadata: {error}", where=f"{where}:{number}") from None


def _csv(data: bytes, where: str) -> Iterator[tuple[int, dict[str, Any]]]:
    rows = numbered_rows(data, where)
    line, header = next(rows, (1, []))
    check_header(header, f"{where}:{line}", NAME)
    for line, cells in rows:
        same_length(cells, header, f"{where}:{line}")
        yield line, {name: cell for name, cell in zip(header, cells, strict=True) if cell}


def _described(line: int, cells: dict[str, Any], where: str) -> MetadataRow:
    try:
        return _row(line, cells)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not a row of metadata: {error}", where=where) from None


def _row(line: int, cells: dict[str, Any]) -> MetadataRow:
    cells = {name: value for name, value in cells.items() if value is not None}
    name, split = cells.pop(NAME, None), cells.pop("split", None)
    if not isinstance(name, str) or not name:
        raise ValueError(f"it has no {NAME}")
    if split is not None and not isinstance(split, str):
        raise ValueError("a split is a text")
    objects = _objects(cells.pop("objects", ()))
    labels = [
        _label(value) for key in ("label", "labels") for value in _several(cells.pop(key, ()))
    ]
    labels += [label for one in objects for label in _category(one)]
    nested = {key: cells.pop(key) for key in [*cells] if isinstance(cells[key], (list, dict))}
    ann = annotations_hash(objects, nested) if objects or nested else None
    props = {key: read_prop(key, value) for key, value in cells.items()}
    return MetadataRow(line, name, tuple(labels), split or None, ann, props)


def annotations_hash(objects: list[dict[str, Any]], nested: Mapping[str, Any]) -> str:
    """`xxh3:` and the XXH3-128 of the canonical JSON list of an image's objects, sorted, and after
    them each other column that is nested, as an object of its own. Raises ValueError for a number
    that JSON readers do not all keep."""
    texts = sorted(map(canonical, objects))
    texts += [canonical({key: nested[key]}) for key in sorted(nested)]
    return f"xxh3:{xxhash.xxh3_128_hexdigest(b'[' + b','.join(texts) + b']')}"


def _objects(value: Any) -> list[dict[str, Any]]:
    """The objects of an image one by one: from a mapping of columns, or a list of mappings."""
    if isinstance(value, dict):
        columns = {key: column for key, column in value.items() if column is not None}
        lengths = {len(c) if isinstance(c, list) else -1 for c in columns.values()}
        if len(lengths) > 1 or -1 in lengths:
            raise ValueError("the columns of objects are lists of one length")
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    if not isinstance(value, (list, tuple)) or not all(isinstance(one, dict) for one in value):
        raise ValueError("objects is a mapping of columns, or a list of mappings")
    return list(value)


def _category(one: Mapping[str, Any]) -> Iterator[str]:
    key = next((key for key in CATEGORIES if one.get(key) is not None), None)
    if key is not None:
        yield _label(one[key])


def _several(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _label(value: Any) -> str:
    """A label as text; a class may be given by its number."""
    if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
        raise ValueError(f"a label is a text or a whole number, not {value!r}")
    return str(value)
