"""The rows of a CSV file of labels."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from dsv_git.errors import InputError
from dsv_git.scan.labels.table import Row

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def csv_rows(data: bytes, where: str) -> Iterator[Row]:
    """Reads rows below a header with a column `path`; an empty cell is absent.

    Raises InputError with the line for what is not UTF-8 or no CSV, for a header without `path`,
    and for a row of another length than the header's.
    """
    lines = _lines(data, where)
    _, header = next(lines, (1, []))
    _check_header(header, f"{where}:1")
    others = [
        (index, name) for index, name in enumerate(header) if name not in {"path", "label", "split"}
    ]
    path, label, split = (
        header.index(name) if name in header else None for name in ("path", "label", "split")
    )
    for line, cells in lines:
        if len(cells) != len(header):
            raise InputError(
                f"the row has {len(cells)} cells, the header {len(header)}",
                where=f"{where}:{line}",
                hint='a cell with a comma is written in quotes: "a,b"',
            )
        yield Row(
            line,
            cells[path] if path is not None else "",
            (cells[label],) if label is not None and cells[label] else (),
            (cells[split] or None) if split is not None else None,
            {name: cells[index] for index, name in others if cells[index]} if others else _NOTHING,
        )


def _lines(data: bytes, where: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, with the line that each begins in."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError("the text is not UTF-8", where=f"{where}:{line}") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"not CSV: {error}", where=f"{where}:{line}") from None


def _check_header(header: list[str], where: str) -> None:
    if "path" not in header:
        names = ", ".join(repr(name) for name in header[:10])
        raise InputError(
            f"the table has no column path: {names}" if header else "the table is empty",
            where=where,
            hint="the first line names the columns: path,label,split",
        )
    for name in header:
        if name != name.strip() or not name:
            raise InputError(
                f"not a column's name: {name!r}", where=where, hint="no spaces around the commas"
            )
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise InputError(f"the column {twice!r} is twice", where=where)
