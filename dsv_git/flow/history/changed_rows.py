"""The diff of two manifests from the rows that differ: equal rows of a list are never decoded.

A row has exactly one valid encoding, so two lists differ where their lines do. What is left of a
list is only looked through for contents that came or went: that tells a copy from a new file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from dsv_git.diff.changes import Diff, diff_entries
from dsv_git.errors import InputError
from dsv_git.gitrepo.files import TreeFiles
from dsv_git.manifest import filelist
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest


class _Outline(msgspec.Struct, frozen=True, gc=False):
    """What is read of an unchanged row."""

    path: str
    hash: str


_outlines = msgspec.json.Decoder(_Outline)


@dataclass(frozen=True)
class _Changed:
    """A list that both sides have: the rows of one side alone, and an outline of the former side.
    Paths are as the list has them; `prefix` leads there from the data root."""

    path: str
    prefix: str
    gone: tuple[Entry, ...]
    come: tuple[Entry, ...]
    gone_lines: list[bytes]
    data: bytes
    outlines: list[_Outline]


@dataclass(frozen=True)
class Sides:
    """The entries of both sides that a comparison needs: those that differ, and of the lists that
    differ those that share a content with one of them. `unread` lists are the same on both."""

    before: Sequence[Entry]
    after: Sequence[Entry]
    unread: int = 0


def diff_manifests(before: Manifest | None, after: Manifest | None) -> Diff:
    """What changed between two manifests of a repository; None is one that is not there.

    Lists of the same blob are not read, unless the layouts differ. A copy of a file of such a list
    counts as added. Raises InputError for rows that cannot be decoded.
    """
    sides = changed_sides(before, after)
    return diff_entries(sides.before, sides.after)


def changed_sides(before: Manifest | None, after: Manifest | None) -> Sides:
    """The rows behind `diff_manifests`."""
    if before is None or after is None or before.layout != after.layout:
        return Sides(before.entries if before else (), after.entries if after else ())
    old, new = before.lists, after.lists
    gone = [row for path in old if path not in new for row in before.rows(path)]
    come = [row for path in new if path not in old for row in after.rows(path)]
    paths = [p for p, blob in new.items() if p in old and not (blob and old[p] == blob)]
    contents = zip(paths, _read(before, paths), _read(after, paths), strict=True)
    changed = [_changed(path, before, was, after, now) for path, was, now in contents]
    for item in changed:
        gone += _below(item.prefix, item.gone)
        come += _below(item.prefix, item.come)
    hashes = {row.hash for row in gone} | {row.hash for row in come}
    kept = [row for item in changed for row in _related(item, hashes, before)]
    same = sum(path in old for path in new) - len(paths)
    return Sides([*gone, *kept], [*come, *kept], same)


def _read(manifest: Manifest, paths: Sequence[str]) -> Iterator[bytes]:
    if isinstance(manifest.files, TreeFiles):
        return manifest.files.objects.blobs([manifest.lists[path] for path in paths])
    return map(manifest.files.read, paths)


def _changed(path: str, before: Manifest, was: bytes, after: Manifest, now: bytes) -> _Changed:
    gone, come = changed_lines(was, now)
    try:
        prefix, outlines = before.layout.prefix(path), _outlines.decode_lines(was)
    except (ValueError, msgspec.MsgspecError):
        before.rows(path)  # says what is wrong as every reader of that list does
        raise
    return _Changed(
        path, prefix, _rows(before, path, gone), _rows(after, path, come), gone, was, outlines
    )


def _rows(manifest: Manifest, path: str, lines: list[bytes]) -> tuple[Entry, ...]:
    if not lines:
        return ()
    try:
        return filelist.decode_entries(b"\n".join(lines) + b"\n", path)
    except InputError:
        manifest.rows(path)  # says where in the whole list it is
        raise


def _below(prefix: str, rows: Iterable[Entry]) -> Iterable[Entry]:
    if not prefix:
        return rows
    return (msgspec.structs.replace(row, path=prefix + row.path) for row in rows)


def _related(item: _Changed, hashes: set[str], before: Manifest) -> Iterable[Entry]:
    """The unchanged rows of a list that share a content with a changed one, or a path: that is a
    row too many, which the diff refuses."""
    paths = {row.path for row in (*item.gone, *item.come)}
    found = [
        number
        for number, row in enumerate(item.outlines)
        if row.hash in hashes or row.path in paths
    ]
    if len(found) == len(item.gone):  # none but the rows that are gone
        return ()
    lines, gone = item.data.split(b"\n"), set(item.gone_lines)
    rows = _rows(before, item.path, [lines[n] for n in found if lines[n] not in gone])
    return _below(item.prefix, rows)


def changed_lines(before: bytes, after: bytes) -> tuple[list[bytes], list[bytes]]:
    """The lines that only one of two texts has, in their order. Every line ends in LF."""
    start = _lines_of_equal_start(before, after)
    end = _lines_of_equal_end(before[start:], after[start:])
    old = before[start : len(before) - end].split(b"\n")
    new = after[start : len(after) - end].split(b"\n")
    olds, news = {b"", *old}, {b"", *new}
    return [line for line in old if line not in news], [line for line in new if line not in olds]


def _lines_of_equal_start(one: bytes, other: bytes) -> int:
    """How many bytes of whole lines two texts begin with in common, by bisection: comparing large
    slices is faster than any loop over lines."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return one.rfind(b"\n", 0, low) + 1


def _lines_of_equal_end(one: bytes, other: bytes) -> int:
    """How many bytes of whole lines two texts end with in common."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    # The line that the common end begins in may differ before it.
    first = one.find(b"\n", len(one) - low)
    return len(one) - first - 1 if low and first >= 0 else 0
