"""The limits of the report's pictures: how many, how large, whose turn it is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from dsv_git.diff.change import Change, Kind
from dsv_git.flow.reporting.pictures import MOST_BYTES, TRIES, take_turns
from dsv_git.manifest.entry import Entry
from dsv_git.review.report.model import Picture


def pictures(kind: Kind, size: int = 10) -> Iterator[Picture | None]:
    """Pictures without end."""
    entry = Entry("a.jpg", 1, f"xxh3:{0:032x}")
    return itertools.repeat(Picture(kind, "pets", Change(None, entry), None, bytes(size)))


def test_kinds_take_turns_until_the_limit() -> None:
    found = take_turns([pictures(Kind.REMOVED), pictures(Kind.ADDED)], 100, 5)
    kinds = [one.kind for one in found.pictures]
    assert kinds == [Kind.REMOVED, Kind.ADDED, Kind.REMOVED, Kind.ADDED, Kind.REMOVED]
    assert (found.images, found.full) == (100, False)


def test_the_page_never_has_more_bytes_of_pictures_than_promised() -> None:
    found = take_turns([pictures(Kind.ADDED, 1_000_000)], 100, 48)
    sizes = [4 * len(one.after or b"") / 3 for one in found.pictures]
    assert len(sizes) == 3
    assert sum(sizes) <= MOST_BYTES
    assert found.full


def test_the_search_for_readable_images_ends() -> None:
    found = take_turns([itertools.repeat(None)], 10**6, 5)
    assert (found.pictures, found.unreadable) == ((), 5 * TRIES)


def test_what_cannot_be_read_gives_its_place_to_the_next() -> None:
    queue = itertools.chain([None, None], itertools.islice(pictures(Kind.ADDED), 9))
    found = take_turns([queue], 11, 4)
    assert (len(found.pictures), found.unreadable) == (4, 2)
