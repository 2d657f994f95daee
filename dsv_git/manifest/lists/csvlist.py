"""A list of files as CSV: a header, one row a file, a column for each field and each prop."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry, PropValue
from dsv_git.manifest.lists.cells import (
    label_cell,
    prop_cell,
    quoted,
    read_label,
    read_prop,
    read_text,
    text_cell,
)
from dsv_git.manifest.lists.csvrows import check_header, numbered_rows, same_length
from dsv_git.manifest.lists.listed import ListedFile, checked, named_hash

FIELDS: Final = ("path", "size", "hash", "label", "split", "ann")
HASHES: Final = ("xxh3", "sha256", "md5", "etag")
"""Columns of other lists that hold a hash without the name of its algorithm."""

_PROPS: Final = "props."
_ROWS: Final = 10_000
"""Rows that are given at once."""


def write_csv(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The parts of a CSV file of entries, sorted by path. Raises ValueError, as `write_list`."""
    ordered = sorted(entries, key=lambda entry: entry.path)
    props = sorted({name for entry in ordered for name in entry.props})
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*FIELDS, *map(_column, props)])
    before = None
    for count, entry in enumerate(ordered, start=1):
        if entry.path == before:
            raise ValueError(f"the path {before!r} is twice in a list")
        before = entry.path
        writer.writerow([*_cells(entry), *_prop_cells(entry, props)])
        if count % _ROWS == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _cells(entry: Entry) -> Iterator[str]:
    yield text_cell(entry.path)
    yield str(entry.size)
    yield entry.hash
    yield label_cell(entry.label)
    yield text_cell(entry.split) if entry.split else ""
    yield entry.ann or ""


def _prop_cells(entry: Entry, names: list[str]) -> Iterator[str]:
    for name in names:
        yield prop_cell(entry.props[name]) if name in entry.props else ""


def _column(prop: str) -> str:
    """The name of a prop's column: its own, unless that means something else here."""
    taken = not prop or prop in FIELDS or prop in HASHES or prop.startswith(_PROPS)
    name = _PROPS + prop if taken else prop
    return text_cell(name) if name == name.strip() else quoted(name)


def csv_files(data: bytes, where: str) -> Iterator[ListedFile]:
    """The rows of a CSV file, in its order. Raises InputError with the line."""
    rows = numbered_rows(data, where)
    line, header = next(rows, (1, []))
    check_header(header, f"{where}:{line}")
    read = _reader([read_text(name) for name in header])
    for line, cells in rows:
        same_length(cells, header, f"{where}:{line}")
        try:
            yield read(line, cells)
        except ValueError as error:
            raise InputError(str(error), where=f"{where}:{line}") from None


def _reader(header: list[str]) -> Callable[[int, list[str]], ListedFile]:
    at: dict[str, int] = {name: header.index(name) for name in (*FIELDS, *HASHES) if name in header}
    props = [
        (index, name.removeprefix(_PROPS)) for index, name in enumerate(header) if name not in at
    ]

    def cell(cells: list[str], name: str) -> str:
        return cells[at[name]] if name in at else ""

    def read(line: int, cells: list[str]) -> ListedFile:
        found: dict[str, PropValue] = {
            name: read_prop(cells[index]) for index, name in props if cells[index]
        }
        return checked(
            ListedFile(
                line,
                read_text(cell(cells, "path")),
                _size(cell(cells, "size")),
                cell(cells, "hash") or _hash(cells, at),
                read_label(cell(cells, "label")),
                read_text(cell(cells, "split")) or None,
                cell(cells, "ann") or None,
                found,
            )
        )

    return read


def _size(cell: str) -> int | None:
    if cell and not (cell.isascii() and cell.isdecimal() and len(cell) < 20):
        raise ValueError(f"not a size in bytes: {cell!r}")
    return int(cell) if cell else None


def _hash(cells: list[str], at: dict[str, int]) -> str | None:
    """The hash from the first column that is called after an algorithm and holds one."""
    for name in HASHES:
        if name in at and cells[at[name]]:
            return named_hash(name, cells[at[name]])
    return None
