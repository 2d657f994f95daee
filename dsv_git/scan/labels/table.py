"""Labels from a table: CSV with a header, or JSON Lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from dsv_git.errors import InputError
from dsv_git.manifest.entry import PropValue, as_label, same_props
from dsv_git.scan.labels.labelled import Labelled, Listed
from dsv_git.scan.notices import SAMPLE, notice


class Row(msgspec.Struct, frozen=True, gc=False):  # flat values, a million of them
    """One row of a table, and the line that it begins in, counted from 1."""

    line: int
    path: str
    labels: tuple[str, ...] = ()
    split: str | None = None
    props: Mapping[str, PropValue] = {}


def read_table(place: Path, paths: Sequence[str]) -> Listed:
    """Reads a table; several rows of one path are several objects of one image.

    Raises InputError with the file and the line for what is no table, and for rows of one path
    whose split or props differ.
    """
    if place.suffix.lower() == ".jsonl":
        from dsv_git.scan.labels.jsonl import jsonl_rows as rows
    else:
        from dsv_git.scan.labels.csvfile import csv_rows as rows

    found = _by_path(rows(table_bytes(place), str(place)), str(place))
    present = set(paths)
    strange = [path for path in found if path not in present]
    notices = (notice("unmatched-label", strange[:SAMPLE], len(strange)),) if strange else ()
    return Listed(found, notices)


_HEAD = 1 << 16
"""Bytes that tell a file of another kind, before all of it is in memory."""


def table_bytes(place: Path) -> bytes:
    """The bytes of a file of labels without the mark that some editors write in front."""
    try:
        with place.open("rb") as file:
            head = file.read(_HEAD)
            if len(head) == _HEAD and b"\0" in head:
                raise InputError("is no text", where=str(place), hint="a table has lines of text")
            return (head + file.read()).removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(place)) from None


def _by_path(rows: Iterable[Row], where: str) -> dict[str, Labelled]:
    firsts: dict[str, Row] = {}
    more: dict[str, list[str]] = {}
    for row in rows:
        path = row.path.removeprefix("./")
        if not path:
            raise InputError("the path is empty", where=f"{where}:{row.line}")
        first = firsts.setdefault(path, row)
        if first is not row:
            _agree(path, first, row, where)
            more.setdefault(path, []).extend(row.labels)
    return {
        path: Labelled(as_label((*row.labels, *more.get(path, ()))), row.split, None, row.props)
        for path, row in firsts.items()
    }


def _agree(path: str, first: Row, row: Row, where: str) -> None:
    if first.split == row.split and same_props(first.props, row.props):
        return
    what = "props" if first.split == row.split else "split"
    raise InputError(
        f"lines {first.line} and {row.line} give {path!r} different {what}",
        where=f"{where}:{row.line}",
        hint="rows of one path are its objects: only their labels may differ",
    )
