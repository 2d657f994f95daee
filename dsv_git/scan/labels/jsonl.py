"""The rows of a JSON Lines file of labels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dsv_git.manifest.entry import PropValue
from dsv_git.manifest.jsonrows import json_rows
from dsv_git.scan.labels.table import Row

MOST_INTEGER: Final = 2**53 - 1
"""The largest integer that every reader of JSON keeps as it is (RFC 8785)."""


def jsonl_rows(data: bytes, where: str) -> Iterator[Row]:
    """Reads one object a line: `path`, and optionally `label` (a text or a list of texts), `split`,
    and props (texts, booleans, finite numbers). A null is absent, and so is an empty label or
    split. Raises InputError with the line."""
    return json_rows(data, where, "a row of labels", _row)


def _row(number: int, cells: dict[str, Any]) -> Row:
    path = cells.pop("path", None)
    if not isinstance(path, str):
        raise ValueError("it has no path" if path is None else "the path is not a text")
    labels = cells.pop("label", None)
    if not isinstance(labels, list):
        labels = [] if labels is None or labels == "" else [labels]
    if not all(isinstance(label, str) and label for label in labels):
        raise ValueError("a label is a text, or a list of texts")
    split = cells.pop("split", None)
    if split is not None and not isinstance(split, str):
        raise ValueError("a split is a text")
    props = {key: read_prop(key, value) for key, value in cells.items() if value is not None}
    return Row(number, path, tuple(labels), split or None, props)


def read_prop(key: str, value: object) -> PropValue:
    """The value of a prop. Raises ValueError for one that is nested or that JSON may not keep."""
    if not key:
        raise ValueError("a prop has no name")
    if not isinstance(value, (str, bool, int, float)):
        raise ValueError(f"{key!r} is nested: a prop is a text, a boolean or a number")
    if isinstance(value, int) and abs(value) > MOST_INTEGER:
        raise ValueError(f"{key!r} is a number beyond 2^53: write it as a text")
    return value
