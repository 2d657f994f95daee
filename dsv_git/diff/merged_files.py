"""Merges of the files that hold entries: bytes in, bytes out, with git's conflict marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from dsv_git.diff.merging import Conflict, merge_entries, three_way
from dsv_git.manifest.dropped import decode_dropped, encode_dropped
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.filelist import CONFLICT_MARKS, encode_entries, read_entries


@dataclass(frozen=True)
class Marks:
    """How conflicts are written: what stands behind the marks, and how many signs a mark has."""

    ours: str = "ours"
    theirs: str = "theirs"
    size: int = 7

    def around(self, ours: bytes, theirs: bytes) -> bytes:
        """Git's conflict marks around whole lines."""
        head = f"{'<' * self.size} {self.ours}\n".encode()
        tail = f"{'>' * self.size} {self.theirs}\n".encode()
        return head + ours + b"=" * self.size + b"\n" + theirs + tail


@dataclass(frozen=True)
class MergedFile:
    """The bytes of a merged file, and what conflicts in it (empty: a clean merge)."""

    data: bytes
    conflicts: tuple[str, ...]


def merge_lists(base: bytes, ours: bytes, theirs: bytes, marks: Marks) -> MergedFile:
    """Merges file lists. The result is canonical outside the conflict marks, and empty where no
    entry is left: such a list must not exist.

    `base` may hold conflict marks, of the merge of several bases that git made one of. Raises
    InputError, or ValueError, for a side that is no list.
    """
    clear, contested = _without_conflicts(base)
    merged = merge_entries(
        read_entries(clear, "base"), read_entries(ours, "ours"), read_entries(theirs, "theirs"),
        {row.path for row in read_entries(contested, "base")},
    )  # fmt: skip
    if not merged.conflicts:
        return MergedFile(encode_entries(merged.entries), ())
    data = write_rows(merged.entries, merged.conflicts, marks)
    return MergedFile(data, tuple(conflict.path for conflict in merged.conflicts))


def write_rows(entries: Iterable[Entry], conflicts: Iterable[Conflict], marks: Marks) -> bytes:
    """A list with conflict marks around the rows that are not clear, all in the order of paths."""
    rows: list[Entry | Conflict] = [*entries, *conflicts]
    rows.sort(key=lambda row: row.path)
    return b"".join(_written(rows, marks))


def _written(rows: Iterable[Entry | Conflict], marks: Marks) -> Iterator[bytes]:
    for clear, run in groupby(rows, key=lambda row: isinstance(row, Entry)):
        if clear:
            yield encode_entries(row for row in run if isinstance(row, Entry))
            continue
        for row in run:
            if isinstance(row, Conflict):
                ours, theirs = ([side] if side else [] for side in (row.ours, row.theirs))
                yield marks.around(encode_entries(ours), encode_entries(theirs))


def contested(data: bytes) -> frozenset[str]:
    """The paths between the conflict marks of a list, as it has them. Raises InputError."""
    return frozenset(row.path for row in read_entries(_without_conflicts(data)[1], "the list"))


def _without_conflicts(data: bytes) -> tuple[bytes, bytes]:
    """The lines outside of conflict marks, and those inside."""
    clear: list[bytes] = []
    inside: list[bytes] = []
    within = False
    for line in data.splitlines(keepends=True):
        if line.startswith(CONFLICT_MARKS):
            within = not line.startswith(CONFLICT_MARKS[2])
        else:
            (inside if within else clear).append(line)
    return b"".join(clear), b"".join(inside)


def merge_dropped(base: bytes, ours: bytes, theirs: bytes, marks: Marks) -> MergedFile:
    """Merges `dropped.jsonl` by path and hash. Of two reasons for one of them, ours stays.

    Raises InputError for a file that is none.
    """
    clear, _ = _without_conflicts(base)
    before, mine, other = (
        {(item.path, item.hash): item for item in decode_dropped(data, marks.ours)}
        for data in (clear, ours, theirs)
    )
    merged, disputed = three_way(before, mine, other, lambda one, two: one == two)
    kept = [mine.get(key) or other[key] for key in disputed]
    return MergedFile(encode_dropped([*merged.values(), *kept]), ())
