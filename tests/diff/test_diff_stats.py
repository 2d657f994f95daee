"""The numbers of a version and of a change."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.diff.change_stats import ChangeStats, change_stats, record_stats
from dsv_git.diff.changes import diff_entries
from dsv_git.diff.stats import Duplicates, Quantiles, Stats, quantiles, stats, tally
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.record import RecordStats

ROWS = [
    Entry("a", 10, "xxh3:1", "cat", "train"),
    Entry("b", 20, "xxh3:2", ("cat", "cat", "dog"), "train"),
    Entry("c", 10, "xxh3:1", "cat", "val"),
    Entry("d", 10, "xxh3:1"),
    Entry("e", 7, "xxh3:3"),
]


def test_images_count_a_file_once_and_objects_every_label() -> None:
    found = tally(ROWS)
    assert (found.files, found.bytes, found.unlabelled) == (5, 57, 2)
    assert found.images == {"cat": 3, "dog": 1}
    assert found.objects == {"cat": 4, "dog": 1}
    assert found.splits == {"train": 2, "val": 1, None: 2}
    assert found.split_images == {("train", "cat"): 2, ("train", "dog"): 1, ("val", "cat"): 1}


def test_duplicates_are_what_is_there_beyond_the_first() -> None:
    assert stats(ROWS).duplicates == Duplicates(groups=1, extra_files=2, extra_bytes=20)


def test_a_version_without_files_has_no_sizes() -> None:
    assert stats([]) == Stats()
    assert stats([]).sizes is None


def test_quantiles_are_sizes_of_files_that_are_there() -> None:
    assert quantiles([4, 1, 3, 2]) == Quantiles(1, 1, 1, 2, 3, 4, 4)
    assert quantiles(range(1, 101)) == Quantiles(1, 5, 25, 50, 75, 95, 100)
    assert quantiles([9]) == Quantiles(9, 9, 9, 9, 9, 9, 9)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(0, 50), min_size=1), st.integers(0, 6))
def test_a_quantile_is_the_smallest_size_that_enough_files_do_not_exceed(
    sizes: list[int], place: int
) -> None:
    found = quantiles(sizes)
    assert found is not None
    names = ("minimum", "p5", "p25", "median", "p75", "p95", "maximum")
    size, percent = getattr(found, names[place]), (0, 5, 25, 50, 75, 95, 100)[place]
    assert size in sizes
    assert sum(other <= size for other in sizes) * 100 >= percent * len(sizes)
    below = sum(other < size for other in sizes)
    assert below == 0 or below * 100 < percent * len(sizes)


@pytest.fixture
def change() -> ChangeStats:
    before = [
        Entry("gone", 5, "xxh3:1", "cat"),
        Entry("edited", 10, "xxh3:2", "cat"),
        Entry("old", 20, "xxh3:3", "cat"),
        Entry("kept", 40, "xxh3:4", ("cat", "cat")),
    ]
    after = [
        Entry("edited", 11, "xxh3:5", "dog"),
        Entry("new", 20, "xxh3:3", "dog"),
        Entry("kept", 40, "xxh3:4", ("cat", "cat")),
        Entry("copy", 40, "xxh3:4", ("cat", "cat"), ann="xxh3:a"),
        Entry("come", 100, "xxh3:6"),
    ]
    return change_stats(diff_entries(before, after))


def test_a_change_in_numbers(change: ChangeStats) -> None:
    assert change == ChangeStats(
        added=1,
        removed=1,
        modified=1,
        renamed=1,
        copied=1,
        relabelled=1,
        bytes_added=151,
        bytes_removed=15,
        labels={"cat": -2, "dog": 2},
        objects={"cat": -1, "dog": 2},
    )
    assert (change.files, change.bytes) == (1, 136)


def test_a_record_holds_whole_numbers_and_counts_copies_as_added(change: ChangeStats) -> None:
    assert record_stats(tally(ROWS).totals, change) == RecordStats(
        files=5, bytes=57, added=2, removed=1, modified=1, renamed=1, labels={"cat": 3, "dog": 1}
    )


def test_a_record_names_its_labels_in_one_order() -> None:
    totals = (tally(rows).totals for rows in (ROWS, ROWS[::-1]))
    there, back = (list(record_stats(total, ChangeStats()).labels) for total in totals)
    assert there == back == ["cat", "dog"]
