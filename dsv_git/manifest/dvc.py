"""What DVC keeps in git and in its cache: `.dvc` files, and the lists of folders (`….dir`).

As DVC 1 to 3 write them (dvc-data, `hashfile/tree.py`, for the lists). Both are untrusted input.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

import msgspec

from dsv_git.errors import InputError
from dsv_git.manifest.names import printable, unsafe_path
from dsv_git.manifest.yamltext import Mapping, Scalar, Sequence, Value, parse

FOLDER: Final = ".dir"
"""What stands behind the MD5 of a folder's list."""
_MD5: Final = re.compile(r"([0-9a-f]{32})(\.dir)?")


class DvcFile(NamedTuple):
    """A file of a folder: its path there, and its MD5 (hexadecimal)."""

    path: str
    md5: str


@dataclass(frozen=True)
class Out:
    """What a `.dvc` file names: a path from the working folder, the MD5 of the file, or of the
    list of the folder; `size` in bytes, where it is said. `legacy` is what DVC before 3.0 wrote:
    the MD5 of a text file is that of its content with LF at all ends. `files` are those of a
    folder, where the `.dvc` file lists them itself, with their sizes."""

    path: str
    md5: str
    is_folder: bool
    size: int | None
    legacy: bool
    files: tuple[tuple[DvcFile, int], ...] | None = None


@dataclass(frozen=True)
class Tracked:
    """A `.dvc` file: the folder that its paths are below (from its own), and its outs."""

    folder: str
    outs: tuple[Out, ...]


def parse_dvc(text: str, where: str) -> Tracked:
    """Reads a `.dvc` file. Raises InputError for one that names no data by its MD5."""
    top = _pairs(parse(text, where))
    folder = posixpath.normpath(_text(top, "wdir") or ".")
    listed = top.get("outs")
    items = listed.items if isinstance(listed, Sequence) else ()
    outs = tuple(_out(_pairs(item), where) for item in items)
    if not outs:
        raise InputError("it names no data (outs)", where=where, hint="is it a .dvc file?")
    return Tracked(folder, outs)


def _out(pairs: dict[str, Value], where: str) -> Out:
    path = posixpath.normpath(_text(pairs, "path"))
    reason = unsafe_path(path)
    if reason is not None:
        raise InputError(f"the path {printable(path)!r} {reason}", where=where)
    size = _number(pairs, "size")
    listed = pairs.get("files")
    if isinstance(listed, Sequence):
        files = tuple(_file(_pairs(item), where) for item in listed.items)
        return Out(path, "", is_folder=True, size=size, legacy=False, files=files)
    found = _MD5.fullmatch(_text(pairs, "md5"))
    if found is None:
        raise InputError(
            f"{printable(path)} has no MD5",
            where=where,
            hint="data that DVC only links is not read",
        )
    return Out(path, found[1], bool(found[2]), size, legacy=_text(pairs, "hash") != "md5")


def _file(pairs: dict[str, Value], where: str) -> tuple[DvcFile, int]:
    path, found = _text(pairs, "relpath"), _MD5.fullmatch(_text(pairs, "md5"))
    size = _number(pairs, "size")
    if found is None or found[2] or size is None or unsafe_path(path):
        raise InputError(f"not a file of DVC's: {printable(path)!r}", where=where)
    return DvcFile(path, found[1]), size


def _pairs(value: Value) -> dict[str, Value]:
    return dict(iter(value)) if isinstance(value, Mapping) else {}


def _text(pairs: dict[str, Value], key: str) -> str:
    value = pairs.get(key)
    return value.text if isinstance(value, Scalar) else ""


def _number(pairs: dict[str, Value], key: str) -> int | None:
    text = _text(pairs, key)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


class _Row(msgspec.Struct):
    relpath: str
    md5: str


def decode_folder(data: bytes, md5: str) -> tuple[DvcFile, ...] | None:
    """The files of a folder's list; None where the bytes are not the list of that MD5, or name what
    no folder holds."""
    if hashlib.md5(data, usedforsecurity=False).hexdigest() != md5:
        return None
    try:
        rows = msgspec.json.decode(data, type=list[_Row])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    files = tuple(DvcFile(row.relpath, row.md5) for row in rows)
    names = [_MD5.fullmatch(file.md5) for file in files]
    wrong = any(found is None or found[2] for found in names)
    return None if wrong or any(unsafe_path(file.path) for file in files) else files


def folder_md5(files: Iterable[DvcFile]) -> str:
    """The MD5 of the list that DVC writes for these files of a folder: the JSON text of its rows,
    sorted by path, as Python's `json` spells it."""
    rows = [{"md5": file.md5, "relpath": file.path} for file in sorted(files)]
    text = json.dumps(rows, sort_keys=True)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
