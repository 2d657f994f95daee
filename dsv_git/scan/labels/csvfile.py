"""The rows of a CSV file of labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from dsv_git.manifest.lists.csvrows import check_header, numbered_rows, same_length
from dsv_git.scan.labels.table import Row

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def csv_rows(data: bytes, where: str) -> Iterator[Row]:
    """Reads rows below a header with a column `path`; an empty cell is absent.

    Raises InputError with the line for what is not UTF-8 or no CSV, for a header without `path`,
    and for a row of another length than the header's.
    """
    lines = numbered_rows(data, where)
    _, header = next(lines, (1, []))
    check_header(header, f"{where}:1")
    others = [
        (index, name) for index, name in enumerate(header) if name not in {"path", "label", "split"}
    ]
    path, label, split = (
        header.index(name) if name in header else None for name in ("path", "label", "split")
    )
    for line, cells in lines:
        same_length(cells, header, f"{where}:{line}")
        yield Row(
            line,
            cells[path] if path is not None else "",
            (cells[label],) if label is not None and cells[label] else (),
            (cells[split] or None) if split is not None else None,
            {name: cells[index] for index, name in others if cells[index]} if others else _NOTHING,
        )
