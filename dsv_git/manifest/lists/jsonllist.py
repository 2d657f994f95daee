"""A list of files as JSON Lines: one object a line, ours or another tool's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsv_git.manifest.entry import Label, PropValue, as_label
from dsv_git.manifest.filelist import canonical
from dsv_git.manifest.jsonrows import json_rows
from dsv_git.manifest.lists.csvlist import FIELDS, HASHES
from dsv_git.manifest.lists.listed import ListedFile, checked, named_hash

_MOST_INTEGER: Final = 2**53 - 1
_KNOWN: Final = {*FIELDS, *HASHES, "props"}


def jsonl_files(data: bytes, where: str) -> Iterator[ListedFile]:
    """The rows of JSON Lines, in their order; a null is absent. Raises InputError with the line."""
    return json_rows(data, where, "a row of a list", _file)


def _file(number: int, cells: dict[str, Any]) -> ListedFile:
    cells = {key: value for key, value in cells.items() if value is not None}
    path = _text(cells, "path")
    if path is None:
        raise ValueError("it has no path")
    size = cells.get("size")
    if size is not None and (isinstance(size, bool) or not isinstance(size, int)):
        raise ValueError(f"not a size in bytes: {size!r}")
    nested = cells.get("props", {})
    if not isinstance(nested, dict):
        raise ValueError("props is no object")
    named = {**nested, **{key: value for key, value in cells.items() if key not in _KNOWN}}
    props = {key: _prop(key, value) for key, value in named.items() if value is not None}
    label = _label(cells.get("label", []))
    found = _text(cells, "hash") or _hash(cells)
    return checked(
        ListedFile(
            number, path, size, found, label, _text(cells, "split"), _text(cells, "ann"), props
        )
    )


def _text(cells: dict[str, Any], key: str) -> str | None:
    value = cells.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key} is no text")
    return value or None


def _label(value: Any) -> Label | None:
    labels = value if isinstance(value, list) else [value]
    if not all(isinstance(label, str) for label in labels):
        raise ValueError("a label is a text, or a list of texts")
    if isinstance(value, list) and "" in labels:
        raise ValueError("a label is empty")
    return as_label([label for label in labels if label])


def _hash(cells: dict[str, Any]) -> str | None:
    for name in HASHES:
        text = _text(cells, name)
        if text is not None:
            return named_hash(name, text)
    return None


def _prop(key: str, value: object) -> PropValue:
    if not isinstance(value, (str, bool, int, float)):
        raise ValueError(f"{key!r} is nested: a prop is a text, a boolean or a number")
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) <= _MOST_INTEGER:
        return value
    # RFC 8785 writes a float such as 1e16 with all its digits; another number would lose some.
    try:
        if canonical(float(value)).decode() == str(value):
            return float(value)
    except (ValueError, OverflowError):
        pass
    raise ValueError(f"{key!r} is a number beyond 2^53: write it as a text")
