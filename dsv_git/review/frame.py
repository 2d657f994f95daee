"""Entries as a pandas table. The only module that knows pandas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry

if TYPE_CHECKING:
    from pandas import DataFrame as DataFrame  # noqa: PLC0414 - what `Dataset.to_pandas` gives


def frame(entries: Sequence[Entry], files: Sequence[str] | None = None) -> DataFrame:
    """A row an entry; see `Dataset.to_pandas`. `files` is the column `file`, where it is wanted.

    Raises InputError where pandas is not installed.
    """
    try:
        import pandas
    except ImportError:
        raise InputError("pandas is not installed", hint="pip install pandas") from None
    columns: dict[str, list[Any]] = {
        "path": [entry.path for entry in entries],
        "size": [entry.size for entry in entries],
        "hash": [entry.hash for entry in entries],
        "label": [_listed(entry) for entry in entries],
        "split": [entry.split for entry in entries],
        "ann": [entry.ann for entry in entries],
    }
    for name in sorted({name for entry in entries for name in entry.props}):
        columns[f"props.{name}"] = [entry.props.get(name) for entry in entries]
    if files is not None:
        columns["file"] = list(files)
    # Left to itself pandas would make a number with gaps a float, and a flag with gaps anything.
    return pandas.DataFrame(
        {name: pandas.Series(values, dtype=_dtype(name)) for name, values in columns.items()}
    )


def _dtype(name: str) -> str:
    return "int64" if name == "size" else "object"


def _listed(entry: Entry) -> str | list[str] | None:
    return list(entry.label) if isinstance(entry.label, tuple) else entry.label
