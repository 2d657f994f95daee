"""Which entry of one side is which of the other, when the content is the same and the path not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TypeVar

from dsv_git.manifest.entry import Entry

Content = tuple[str, int]
"""What two entries of the same bytes share: hash and size."""

_Key = TypeVar("_Key")


def content(entry: Entry) -> Content:
    """What `entry` has in common with every other entry of the same bytes."""
    return entry.hash, entry.size


def pairs(departed: Iterable[Entry], arrived: Iterable[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Pair entries of the same content; each entry is in at most one pair.

    Where several share one content, equal file names go first, then the order of the paths: the
    i-th that is left of one side with the i-th of the other. This depends on no order of the
    input, and is the same from either side.
    """
    left, left_more = _by_content(departed)
    right, right_more = _by_content(entry for entry in arrived if content(entry) in left)
    for key, comer in right.items():
        leaver = left[key]
        if key in left_more or key in right_more:
            leavers = [leaver, *left_more.get(key, ())]
            yield from _pairs_of_one_content(leavers, [comer, *right_more.get(key, ())])
        else:
            yield leaver, comer


def twins(entries: Iterable[Entry], others: Iterable[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Each of `entries` that has its content among `others`, with one that has it.

    The other one has the same file name if possible, else the first path; it may serve many times.
    """
    wanted = list(entries)
    contents = {content(entry) for entry in wanted}
    first: dict[Content, Entry] = {}
    named: dict[tuple[Content, str], Entry] = {}
    for other in others if contents else ():
        key = content(other)
        if key in contents:
            _keep_first(first, key, other)
            _keep_first(named, (key, name(other.path)), other)
    for entry in wanted:
        key = content(entry)
        if key in first:
            yield entry, named.get((key, name(entry.path)), first[key])


def name(path: str) -> str:
    """The last part of a path."""
    return path.rpartition("/")[2]


def _by_content(
    entries: Iterable[Entry],
) -> tuple[dict[Content, Entry], dict[Content, list[Entry]]]:
    """The first entry of each content, and the others: a list for each would cost more than all."""
    first: dict[Content, Entry] = {}
    more: defaultdict[Content, list[Entry]] = defaultdict(list)
    for entry in entries:
        key = content(entry)
        if first.setdefault(key, entry) is not entry:
            more[key].append(entry)
    return first, more


def _pairs_of_one_content(
    leavers: list[Entry], comers: list[Entry]
) -> Iterator[tuple[Entry, Entry]]:
    by_name: defaultdict[str, tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    for side, entries in enumerate((leavers, comers)):
        for entry in sorted(entries, key=_path):
            by_name[name(entry.path)][side].append(entry)
    for left, right in by_name.values():
        yield from zip(left, right, strict=False)
    # A name with more entries on one side leaves its last ones over.
    rest_left = chain.from_iterable(left[len(right) :] for left, right in by_name.values())
    rest_right = chain.from_iterable(right[len(left) :] for left, right in by_name.values())
    yield from zip(sorted(rest_left, key=_path), sorted(rest_right, key=_path), strict=False)


def _path(entry: Entry) -> str:
    return entry.path


def _keep_first(found: dict[_Key, Entry], key: _Key, entry: Entry) -> None:
    held = found.get(key)
    if held is None or entry.path < held.path:
        found[key] = entry
