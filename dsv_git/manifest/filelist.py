"""The file list: JSON Lines with exactly one valid encoding.

msgspec writes strings as RFC 8785 does; only floats, which props may hold, need the reference
encoder. `decode_entries` proves that bytes are canonical by encoding what it read once more.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import msgspec

from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Entry)


def encode_entries(entries: Iterable[Entry]) -> bytes:
    """The bytes of a list of `entries`, in any order. Raises ValueError for a path that is twice,
    and for a prop that is not a text, a boolean or a finite number of at most 53 bits."""
    ordered = sorted(entries, key=_path)
    for one, other in pairwise(ordered):
        if one.path == other.path:
            raise ValueError(f"the path {one.path!r} is twice in a list")
    if any(entry.props for entry in ordered):
        return b"".join(_line(entry) + b"\n" for entry in ordered)
    return _encoder.encode_lines(ordered)


def _path(entry: Entry) -> str:
    # Code points sort as UTF-8 bytes do.
    return entry.path


def _line(entry: Entry) -> bytes:
    if not entry.props:
        return _encoder.encode(entry)
    import rfc8785

    bare = _encoder.encode(msgspec.structs.replace(entry, props={}))
    try:
        pairs = ",".join(
            f"{rfc8785.dumps(key).decode()}:{rfc8785.dumps(entry.props[key]).decode()}"
            for key in sorted(entry.props)
        )
    except rfc8785.CanonicalizationError as error:
        raise ValueError(f"a prop of {entry.path!r} cannot be written: {error}") from None
    return bare[:-1] + b',"props":{' + pairs.encode() + b"}}"


def decode_entries(data: bytes, where: str) -> tuple[Entry, ...]:
    """The entries of a canonical list, `path` relative to the folder that the list stands for.

    Raises InputError with the file and the line for anything that `encode_entries` did not write.
    """
    entries = read_entries(data, where)
    problem = not_canonical(data, entries)
    if problem is not None:
        line, reason = problem
        raise InputError(
            f"not in canonical form: {reason}", where=f"{where}:{line}", hint="dsv check --fix"
        )
    return entries


def read_entries(data: bytes, where: str) -> tuple[Entry, ...]:
    """The entries of a list that a person may have edited: any order, any spacing.

    Raises InputError with the file and the line for what is no entry at all.
    """
    try:
        return tuple(_decoder.decode_lines(data))
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _first_bad_line(data, where, error) from None


def not_canonical(data: bytes, entries: tuple[Entry, ...]) -> tuple[int, str] | None:
    """The line, counted from 1, and the reason why `data` is not the encoding of `entries`."""
    if not entries:
        return (1, "an empty list must not exist")
    try:
        expected = encode_entries(entries)
    except ValueError as error:
        return (1, str(error))
    lines = data.split(b"\n")
    labels_unsorted = next(
        (n for n, e in enumerate(entries, 1) if e.label != _one_label(e.label)), None
    )
    if labels_unsorted is not None:
        return (labels_unsorted, "several labels are a sorted list")
    if data == expected:
        return None
    wanted = expected.split(b"\n")
    for number, (line, want) in enumerate(zip(lines, wanted, strict=False), start=1):
        if line != want:
            return (number, _reason(line, want))
    return (min(len(lines), len(wanted)), "every line ends in one LF")


def _one_label(label: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
    return tuple(sorted(label)) if isinstance(label, tuple) else label


def _reason(line: bytes, want: bytes) -> str:
    if line.endswith(b"\r"):
        return "the line ends in CRLF"
    try:
        same = msgspec.json.decode(line) == msgspec.json.decode(want)
    except msgspec.MsgspecError:
        same = False
    return "another key order or spacing" if same else "the rows are not sorted by path"


def _first_bad_line(data: bytes, where: str, error: Exception) -> InputError:
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.startswith((b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")):
            return InputError(
                "an unresolved merge conflict", where=f"{where}:{number}", hint="resolve it first"
            )
        if not line:
            continue
        try:
            _decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as bad:
            return InputError(f"not an entry: {bad}", where=f"{where}:{number}")
    return InputError(f"not a file list: {error}", where=where)


def canonical(value: Any) -> bytes:
    """Texts, numbers, lists and dicts as RFC 8785 writes them. Raises ValueError for others."""
    import rfc8785

    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise ValueError(str(error)) from None
