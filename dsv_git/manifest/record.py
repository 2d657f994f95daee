"""The record of a registered version: what `versions/<version>.json` holds.

It holds nothing that differs between clones, so two of them write the same bytes.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from dsv_git.errors import InputError
from dsv_git.manifest.names import encode_part

VERSIONS: Final = "versions"

_Key = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
_Digest = Annotated[str, msgspec.Meta(pattern=r"\Asha256:[0-9a-f]{64}\Z")]
_Name = Annotated[str, msgspec.Meta(min_length=1)]
_Count = Annotated[int, msgspec.Meta(ge=0)]


class RecordedParent(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A parent as it was when the version was registered; a foreign one has an ID alone."""

    id: _Name
    manifest: _Name | None = None
    version: _Name | None = None


class RecordStats(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Counts of files, size in bytes, images by label, and what changed against the parents."""

    files: _Count
    bytes: _Count
    added: _Count
    removed: _Count
    modified: _Count
    renamed: _Count
    labels: dict[str, _Count]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One registered version."""

    version: _Name
    key: _Key
    digest: _Digest
    registry: _Name
    id: _Name
    former_ids: tuple[_Name, ...]
    parents: tuple[RecordedParent, ...]
    stats: RecordStats


def encode_record(record: Record) -> bytes:
    """Pretty-printed JSON with sorted keys and an LF at the end."""
    plain = msgspec.json.encode(record, order="sorted")
    return msgspec.json.format(plain, indent=2) + b"\n"


def decode_record(data: bytes, where: str) -> Record:
    """Reads a record. Raises InputError that names the file and what is wrong."""
    try:
        return msgspec.json.decode(data, type=Record)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        marked = b"\n<<<<<<< " in b"\n" + data
        raise InputError(
            "an unresolved merge conflict" if marked else f"not a version's record: {error}",
            where=where,
            hint="dsv sync writes it anew once the file is removed" if not marked else None,
        ) from None


def record_path(version: str, key: str | None = None) -> str:
    """The record's file below the manifest; `key` marks one of several versions of that name."""
    mark = f"#{key[:8]}" if key else ""
    return f"{VERSIONS}/{encode_part(version)}{mark}.json"
