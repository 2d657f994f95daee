"""The rows of a CSV file, each with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from dsv_git.errors import InputError

LONGEST: Final = 1 << 22
"""Characters of one cell: an image of 100,000 objects has a long one."""


def csv_reader(text: str, *, strict: bool) -> Iterator[list[str]]:
    """The rows of a text. The csv module has one limit for the whole process: who reads CSV does it
    with this one, so that none depends on who read before."""
    csv.field_size_limit(LONGEST)
    return csv.reader(io.StringIO(text, newline=""), strict=strict)


def numbered_rows(data: bytes, where: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, with the line that each begins in, counted from 1.

    Raises InputError with the line for what is not UTF-8 or no CSV.
    """
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


def same_length(cells: list[str], header: list[str], where: str) -> None:
    """Raises InputError, `where` with the line, for a row of another length than the header's."""
    if len(cells) != len(header):
        raise InputError(
            f"the row has {len(cells)} cells, the header {len(header)}",
            where=where,
            hint='a cell with a comma is written in quotes: "a,b"',
        )


def check_header(header: list[str], where: str, needed: str = "path") -> None:
    """Raises InputError, `where` with the line, for a header without the column `needed`, with a
    column that has no proper name, or one that is twice."""
    if needed not in header:
        names = ", ".join(repr(name) for name in header[:10])
        raise InputError(
            f"the table has no column {needed}: {names}" if header else "the table is empty",
            where=where,
            hint=f"the first line names the columns: {needed},label,split",
        )
    for name in header:
        if name != name.strip() or not name:
            raise InputError(
                f"not a column's name: {name!r}", where=where, hint="no spaces around the commas"
            )
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise InputError(f"the column {twice!r} is twice", where=where)
