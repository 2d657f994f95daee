"""The file list: JSON Lines with exactly one valid encoding.

msgspec writes strings as RFC 8785 does; only floats, which props may hold, need the reference
encoder. `decode_entries` proves that bytes are canonical by encoding what it read once more.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import pairwise
from operator import attrgetter
from typing import Any, Final

import msgspec

from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry, Label, PropValue, are_hashes, is_hash

CONFLICT_MARKS: Final = (b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")
"""How the lines begin that git leaves in an unresolved merge."""

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Entry)
_path: Final = attrgetter("path")
"""What a list is sorted by: code points sort as UTF-8 bytes do."""
_props: Final = attrgetter("props")
_MOST_INTEGER: Final = 2**53 - 1
_MOST_FLOAT: Final = int(sys.float_info.max)


def encode_entries(entries: Iterable[Entry], below: str = "") -> bytes:
    """The bytes of a list of `entries`, in any order, whose paths all begin with `below`: the list
    leaves that out. Raises ValueError for a path that is twice, and for a prop that is not a text,
    a boolean or a finite number of at most 53 bits."""
    ordered = sorted(entries, key=_path)
    if len(set(map(_path, ordered))) < len(ordered):
        twice = next(one.path for one, other in pairwise(ordered) if one.path == other.path)
        raise ValueError(f"the path {twice!r} is twice in a list")
    if any(map(_props, ordered)):
        data = b"".join(_line(entry) + b"\n" for entry in ordered)
    else:
        data = _encoder.encode_lines(ordered)
    return _left_out(data, below) if below else data


def _left_out(lines: bytes, below: str) -> bytes:
    """Lines of entries without what their paths begin with. There is no newline within a line, so
    one search through all of them does it, in place of a new entry for each."""
    start = b'\n{"path":' + _encoder.encode(below)[:-1]
    return (b"\n" + lines).replace(start, b'\n{"path":"')[1:]


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
        entries = tuple(_decoder.decode_lines(data))
        _check_hashes(entries)
    except ValueError as error:
        raise _first_bad_line(data, where, error) from None
    if any(entry.props for entry in entries):
        return tuple(_with_floats(entry) for entry in entries)
    return entries


def _entry(line: bytes) -> Entry:
    """The entry of one line. Raises ValueError, msgspec's own errors among them."""
    entry = _decoder.decode(line)
    _check_hashes((entry,))
    return _with_floats(entry)


def _check_hashes(entries: tuple[Entry, ...]) -> None:
    # A pattern in the type would be the same check at four times the cost.
    found = [entry.hash for entry in entries]
    found += [entry.ann for entry in entries if entry.ann is not None]
    if not are_hashes(found):
        raise ValueError(f"not a hash: {next(text for text in found if not is_hash(text))!r}")


def _with_floats(entry: Entry) -> Entry:
    """Digits beyond 53 bits are how RFC 8785 writes a float without a fraction, such as 1e16."""
    large = {key: value for key, value in entry.props.items() if _beyond_floats(value)}
    if not large:
        return entry
    return msgspec.structs.replace(
        entry, props={**entry.props, **{key: float(value) for key, value in large.items()}}
    )


def _beyond_floats(value: PropValue) -> bool:
    return isinstance(value, int) and _MOST_INTEGER < abs(value) <= _MOST_FLOAT


def not_canonical(data: bytes, entries: tuple[Entry, ...]) -> tuple[int, str] | None:
    """The line, counted from 1, and the reason why `data` is not the encoding of `entries`."""
    if not entries:
        return (1, "an empty list must not exist")
    try:
        written = encode_entries(entries)
    except ValueError:
        written = b""
    if written == data and all(entry.label == _one_label(entry.label) for entry in entries):
        return None
    *lines, rest = data.split(b"\n")
    number, before = 0, None
    try:
        for number, line in enumerate(lines, start=1):  # noqa: B007 - the error needs it
            before = _canonical_path(line, before)
    except ValueError as error:
        return (number, str(error))
    return (len(lines) + bool(rest), "every line ends in one LF")


def _one_label(label: Label | None) -> Label | None:
    return tuple(sorted(label)) if isinstance(label, tuple) else label


def _canonical_path(line: bytes, before: str | None) -> str:
    """The path of a row that stands behind the row of `before`. Raises ValueError that says why the
    line may not stand so."""
    if not line.strip():
        raise ValueError("a blank line")
    if line.endswith(b"\r"):
        raise ValueError("the line ends in CRLF")
    entry = _entry(line)
    if entry.label != _one_label(entry.label):
        raise ValueError("several labels are a sorted list")
    if _line(entry) != line:
        raise ValueError("another key order, spacing or number than the one valid form")
    if before is not None and entry.path <= before:
        twice = entry.path == before
        raise ValueError(f"the path {before!r} is twice" if twice else "rows not sorted by path")
    return entry.path


def _first_bad_line(data: bytes, where: str, error: Exception) -> InputError:
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.startswith(CONFLICT_MARKS):
            return InputError(
                "an unresolved merge conflict", where=f"{where}:{number}", hint="dsv resolve"
            )
        if not line:
            continue
        try:
            _entry(line)
        except ValueError as bad:
            return InputError(f"not an entry: {bad}", where=f"{where}:{number}")
    return InputError(f"not a file list: {error}", where=where)


def canonical(value: Any) -> bytes:
    """Texts, numbers, lists and dicts as RFC 8785 writes them. Raises ValueError for others."""
    import rfc8785

    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise ValueError(str(error)) from None
