"""The files of the stat cache: an index git reads with our rows inside, delta, journal, stamps.

Index: git's index format version 2 (gitformat-index), so that `git diff-files` can compare stat
data in C. Only what `core.checkStat=minimal` looks at is filled in. Our rows are an extension
that git skips; where git keeps a SHA-1 that it does not verify on reading there is an XXH3 of all
before it, which we do verify.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec
import xxhash

from dsv_git.gitrepo.statrows import Columns, Rows, pack

INDEX_TIME: Final = 2**31 - 1
"""The index's own time (s). As it is later than all entries', git never finds one racy, and so
never reads a file to compare it: what is racy is marked by us, in the rows."""

_SECOND: Final = 1_000_000_000
_TIMES: Final = INDEX_TIME * _SECOND
_SIZES: Final = 2**32
_LENGTHS: Final = 0xFFF
"""Modification times (ns), sizes and lengths of names (bytes) from here on do not fit."""

_NEVER: Final = 2**32 - 1
"""A modification time (s) that no file has for git: the entry comes back as changed."""
_REGULAR: Final = 0o100644
_CONTENT: Final = b"\x01" * 20
_EMPTY: Final = bytes.fromhex("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
"""The id of the empty blob: git takes an entry of size 0 for changed if it has another."""
_ENTRY: Final = struct.Struct(">8xI12xI8xI20sH")
_PADDING: Final = tuple(b"\0" * (8 - (_ENTRY.size + n) % 8) for n in range(8))
_EXTENSION: Final = b"DSVC"
_TRAILER: Final = struct.Struct(">16sI")
_FRAME: Final = struct.Struct(">Q8s")


class Base(msgspec.Struct, frozen=True, array_like=True):
    """What an index holds beside git's entries. `identity` says what it is about."""

    identity: str
    token: str
    rows: Rows
    marks: dict[str, int]


class Subject(msgspec.Struct, frozen=True, array_like=True):
    """The beginning of a Base: what it is about. The rest is passed over."""

    identity: str


class Delta(msgspec.Struct, frozen=True, array_like=True):
    """What differs from the index whose checksum is `base`. A mark of 0 stands for none."""

    base: bytes
    token: str
    rows: Rows
    gone: list[str]
    marks: dict[str, int]


class Index(NamedTuple):
    """What an index was read to hold."""

    token: str
    rows: Rows
    marks: Mapping[str, int]
    checksum: bytes


_encode: Final = msgspec.msgpack.Encoder().encode
_decode_base: Final = msgspec.msgpack.Decoder(Base).decode
_decode_subject: Final = msgspec.msgpack.Decoder(Subject).decode
_decode_delta: Final = msgspec.msgpack.Decoder(Delta).decode
_decode_stamps: Final = msgspec.msgpack.Decoder(dict[str, tuple[int, ...]]).decode
_decode_rows: Final = msgspec.msgpack.Decoder(Rows).decode


def index_bytes(identity: str, token: str, columns: Columns, marks: Mapping[str, int]) -> bytes:
    """The index file of these rows."""
    paths, sizes, mtimes, _ = columns
    payload = _encode(Base(f"{sys.byteorder}\n{identity}", token, pack(columns), dict(marks)))
    head = struct.pack(">4sII", b"DIRC", 2, len(paths))
    extension = struct.pack(">4sI", _EXTENSION, len(payload))
    data = b"".join([head, *_entries(paths, sizes, mtimes), extension])
    checksum = xxhash.xxh3_128(data)
    checksum.update(payload)
    return b"".join([data, payload, _TRAILER.pack(checksum.digest(), len(payload))])


def _entries(paths: Sequence[str], sizes: Sequence[int], mtimes: Sequence[int]) -> list[bytes]:
    """The entries as git writes them. Ordinary ones are written here, for a call each would cost
    as much as the writing."""
    pack, regular, content, padding = _ENTRY.pack, _REGULAR, _CONTENT, _PADDING
    return [
        pack(time // _SECOND, regular, size, content, len(name)) + name + padding[len(name) & 7]
        if 0 < size < _SIZES and 0 <= time < _TIMES and len(name) < _LENGTHS
        else _entry(name, size, time)
        for name, size, time in zip(map(str.encode, paths), sizes, mtimes, strict=True)
    ]


def _entry(name: bytes, size: int, mtime_ns: int) -> bytes:
    seconds = mtime_ns // _SECOND
    if not (0 <= mtime_ns < _TIMES and size < _SIZES):
        seconds = _NEVER  # sizes and times that 32 bits cannot tell apart are compared by us
    length = len(name)
    return (
        _ENTRY.pack(
            seconds,
            _REGULAR,
            size % _SIZES,
            _CONTENT if size else _EMPTY,
            min(length, _LENGTHS),
        )
        + name
        + _PADDING[length & 7]
    )


def read_index(data: bytes, identity: str) -> Index | None:
    """The rows in an index file, or None where it is damaged or about something else."""
    if len(data) < _TRAILER.size:
        return None
    checksum, length = _TRAILER.unpack_from(data, len(data) - _TRAILER.size)
    content = memoryview(data)[: -_TRAILER.size]
    if length > len(content) or xxhash.xxh3_128_digest(content) != checksum:
        return None
    try:
        base = _decode_base(content[len(content) - length :])
    except msgspec.MsgspecError:
        return None
    if base.identity != f"{sys.byteorder}\n{identity}":
        return None
    return Index(base.token, base.rows, base.marks, checksum)


def index_identity(data: bytes) -> str | None:
    """What an index file is about, or None where it is damaged or of another kind of machine."""
    if len(data) < _TRAILER.size:
        return None
    _, length = _TRAILER.unpack_from(data, len(data) - _TRAILER.size)
    try:
        subject = _decode_subject(memoryview(data)[-_TRAILER.size - length : -_TRAILER.size])
    except msgspec.MsgspecError:
        return None
    order, _, identity = subject.identity.partition("\n")
    return identity if order == sys.byteorder else None


def frame(content: Rows | Delta | Mapping[str, tuple[int, ...]]) -> bytes:
    """A record of the journal, the delta or the stamps: length, checksum, content."""
    payload = _encode(content)
    return _FRAME.pack(len(payload), xxhash.xxh3_64_digest(payload)) + payload


def read_delta(data: bytes, base: bytes) -> Delta | None:
    """The delta to the index with this checksum, or None where it is damaged or to another."""
    for payload, _ in _payloads(data):
        try:
            delta = _decode_delta(payload)
        except msgspec.MsgspecError:
            return None
        return delta if delta.base == base else None
    return None


def read_stamps(data: bytes) -> dict[str, tuple[int, ...]]:
    """The stamps of the folders, none where they are damaged."""
    first = next(_payloads(data), None)
    try:
        return _decode_stamps(first[0]) if first else {}
    except msgspec.MsgspecError:
        return {}


def read_journal(data: bytes) -> tuple[list[Rows], int]:
    """The whole records of a journal, and the length up to which it is sound."""
    found: list[Rows] = []
    sound = 0
    for payload, end in _payloads(data):
        try:
            found.append(_decode_rows(payload))
        except msgspec.MsgspecError:
            break
        sound = end
    return found, sound


def _payloads(data: bytes) -> Iterator[tuple[memoryview, int]]:
    view = memoryview(data)
    start = 0
    while start + _FRAME.size <= len(view):
        length, checksum = _FRAME.unpack_from(view, start)
        end = start + _FRAME.size + length
        payload = view[start + _FRAME.size : end]
        if end > len(view) or xxhash.xxh3_64_digest(payload) != checksum:
            return
        yield payload, end
        start = end
