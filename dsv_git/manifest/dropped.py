"""What a version leaves out on purpose: `dropped.jsonl`, one entry a line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final

import msgspec

from dsv_git.errors import InputError
from dsv_git.manifest.entry import HASH_PATTERN, Entry
from dsv_git.manifest.filelist import CONFLICT_MARKS

FILE: Final = "dropped.jsonl"


class Dropped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A content under a path that a later scan leaves out again; another content comes back."""

    path: Annotated[str, msgspec.Meta(min_length=1)]
    hash: Annotated[str, msgspec.Meta(pattern=HASH_PATTERN)]
    why: str


_decoder = msgspec.json.Decoder(Dropped)
_encoder = msgspec.json.Encoder()


def encode_dropped(dropped: Iterable[Dropped]) -> bytes:
    """Sorted by path and hash, each once."""
    unique = {(item.path, item.hash): item for item in dropped}
    return _encoder.encode_lines([unique[key] for key in sorted(unique)])


def decode_dropped(data: bytes, where: str) -> tuple[Dropped, ...]:
    """Raises InputError that names the file and the line."""
    return tuple(
        _decode(line, f"{where}:{number}") for number, line in enumerate(data.splitlines(), 1)
    )


def _decode(line: bytes, where: str) -> Dropped:
    if line.startswith(CONFLICT_MARKS):
        raise InputError("an unresolved merge conflict", where=where, hint="dsv resolve")
    try:
        return _decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(f"not a dropped entry: {error}", where=where) from None


def leave_out(entries: Iterable[Entry], dropped: Iterable[Dropped]) -> tuple[Entry, ...]:
    """The entries that are not left out: the same path with another content is a new entry."""
    out = {(item.path, item.hash) for item in dropped}
    return tuple(entry for entry in entries if (entry.path, entry.hash) not in out)
