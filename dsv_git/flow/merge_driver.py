"""What git starts to merge one file of a manifest that both sides changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import xxhash

from dsv_git.diff.merged_declaration import merge_declarations
from dsv_git.diff.merged_files import Marks, MergedFile, merge_dropped, merge_lists
from dsv_git.diff.merged_records import merge_record
from dsv_git.errors import InputError
from dsv_git.manifest.declaration import FILE as DECLARATION
from dsv_git.manifest.dropped import FILE as DROPPED
from dsv_git.manifest.filelist import read_entries
from dsv_git.manifest.record import decode_record, encode_record

_FAN: Final = re.compile(r"~([0-9a-f]{1,4})\.jsonl\Z")
_RESOLVE: Final = "to go on: dsv resolve"


@dataclass(frozen=True)
class Side:
    """The versions of one file as git hands them over: paths of temporary files; the result goes
    into that of `ours`."""

    base: Path
    ours: Path
    theirs: Path
    name: str
    """The file, from the top of the repository."""


@dataclass(frozen=True)
class Driven:
    """Whether git may go on, and what a person should know."""

    clean: bool
    note: str = ""


def drive(side: Side, marks: Marks) -> Driven:
    """Merges one file. Raises InputError, with nothing written, for what is no file of a manifest:
    plain git does that one."""
    base, ours, theirs = (path.read_bytes() for path in (side.base, side.ours, side.theirs))
    merge = _merge_of(side.name)
    try:
        merged = merge(base, ours, theirs, marks)
    except ValueError as error:
        raise InputError(str(error), where=side.name) from None
    side.ours.write_bytes(merged.data)
    if merged.conflicts:
        return Driven(clean=False, note=_told(side.name, merged.conflicts))
    if not merged.data:
        # A driver cannot delete a file, and a list without rows must not exist.
        return Driven(clean=False, note=f"{side.name}: no row is left; {_RESOLVE}")
    if _misplaced(side.name, merged.data):
        return Driven(clean=False, note=f"{side.name}: the layouts differ; {_RESOLVE}")
    return Driven(clean=True)


def _told(name: str, conflicts: tuple[str, ...]) -> str:
    if name.endswith(".json"):
        return f"{name}: two contents have this version's name; {_RESOLVE}"
    if not name.endswith(f"/{DECLARATION}") or not {"version", "layout"} & set(conflicts):
        return ""
    what = "layouts differ" if "layout" in conflicts else "versions differ"
    return f"{name}: the {what}; {_RESOLVE}"


def _merge_of(name: str) -> Callable[[bytes, bytes, bytes, Marks], MergedFile]:
    if name.endswith(f"/{DROPPED}") and "/files/" not in name:
        return merge_dropped
    if name.endswith(f"/{DECLARATION}"):
        return _merge_yaml
    if name.endswith(".json"):
        return _merge_record
    if name.endswith(".jsonl"):
        return merge_lists
    raise InputError("no file of a manifest", where=name)


def _merge_yaml(base: bytes, ours: bytes, theirs: bytes, marks: Marks) -> MergedFile:
    merged = merge_declarations(base.decode(), ours.decode(), theirs.decode(), marks)
    return MergedFile(merged.text.encode(), merged.conflicts)


def _merge_record(_base: bytes, ours: bytes, theirs: bytes, marks: Marks) -> MergedFile:
    """Two registrations of one version are one; the record of another version needs a file of its
    own, which only `dsv resolve` can make, so ours stays as it is."""
    mine, other = (decode_record(data, side) for data, side in
                   ((ours, marks.ours), (theirs, marks.theirs)))  # fmt: skip
    if mine.key != other.key:
        return MergedFile(ours, (mine.version,))
    return MergedFile(encode_record(merge_record(mine, other)), ())


def _misplaced(name: str, data: bytes) -> bool:
    """Whether a row does not belong into this part of a fan: git took a list of another layout for
    this one, renamed."""
    fan = _FAN.search(name)
    if fan is None:
        return False
    digits = fan[1]
    rows = read_entries(data, name)
    return any(not xxhash.xxh3_64_hexdigest(r.path.encode()).startswith(digits) for r in rows)
