"""Lists of files as other tools read and write them: CSV and JSON Lines, both ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final, Literal, get_args

from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.lists.listed import ListedFile, as_entries, as_files

__all__ = ["KINDS", "Kind", "ListedFile", "as_entries", "list_kind", "read_list", "write_list"]

Kind = Literal["csv", "jsonl"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


def list_kind(name: str) -> Kind:
    """What a file of this name holds, by its ending. Raises InputError for another ending."""
    suffix = PurePosixPath(name).suffix.lower().removeprefix(".")
    for kind in KINDS:
        if suffix == kind:
            return kind
    raise InputError(f"not a list of files: {name!r}", hint="a list is a .csv or a .jsonl file")


def read_list(data: bytes, where: str, kind: Kind, base: str = "") -> tuple[ListedFile, ...]:
    """Reads a list in any order; the files come sorted by path, each once.

    A row has a `path`, and may have `size` (bytes), `hash` (`algorithm:hex`; or a column `xxh3`,
    `sha256`, `md5` or `etag` with the bare text), `label` (several rows of one path that agree in
    all else are the objects of one file; or a JSON list), `split`, `ann`; other columns, and in
    JSON Lines those of `props`, are props. Paths that begin with the folder `base` are taken below
    it. `where` names the list in messages.

    Raises InputError with the line for what is no such list, for a path that does not stay below
    its root, and for rows of one path that contradict each other.
    """
    if kind == "csv":
        from dsv_git.manifest.lists.csvlist import csv_files as rows
    else:
        from dsv_git.manifest.lists.jsonllist import jsonl_files as rows
    return as_files(rows(data.removeprefix(b"\xef\xbb\xbf"), where), where, base)


def write_list(entries: Iterable[Entry], kind: Kind) -> Iterator[bytes]:
    """The bytes of a list of entries, in parts; `read_list` and `as_entries` give the same entries
    back. JSON Lines are those of a file list of depth 0, CSV is described in docs/lists.md.

    Raises ValueError for what no file list can hold (a path that is twice, a prop like NaN).
    """
    if kind == "csv":
        from dsv_git.manifest.lists.csvlist import write_csv

        return write_csv(entries)
    from dsv_git.manifest.filelist import encode_entries

    return iter((encode_entries(entries),))
