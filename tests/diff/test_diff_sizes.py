"""Sizes of files, counted between round numbers."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.diff.sizes import MOST_BINS, SizeBin, size_bins

sizes = st.lists(st.one_of(st.integers(0, 20), st.integers(0, 10**6), st.integers(0, 2**53)))


@settings(deadline=None, max_examples=150)
@given(sizes)
def test_every_file_is_counted_in_the_one_bin_of_its_size(found: list[int]) -> None:
    bins = size_bins(found)
    assert sum(one.files for one in bins) == len(found)
    for one in bins:
        assert one.start < one.end
        assert one.files == sum(one.start <= size < one.end for size in found)


@settings(deadline=None, max_examples=150)
@given(sizes)
def test_bins_are_few_ordered_and_without_a_gap_but_after_empty_files(found: list[int]) -> None:
    bins = size_bins(found)
    assert len(bins) <= MOST_BINS
    assert bool(bins) == bool(found)
    if bins:
        assert bins[0].files
        assert bins[-1].files
    for one, following in pairwise(bins):
        assert one.end == following.start or one.start == 0
        assert one.end <= following.start


def test_bins_are_as_fine_as_they_may_be() -> None:
    near = size_bins([81_000, 81_900, 83_500])
    assert near == (
        SizeBin(81_000, 82_000, 2),
        SizeBin(82_000, 83_000, 0),
        SizeBin(83_000, 84_000, 1),
    )
    far = size_bins([1_000, 999_999])
    assert (far[0].end, far[-1].start, len(far)) == (1_200, 800_000, 30)
    wide = size_bins([1, 2**53])
    assert [one.start for one in wide] == [10**power for power in range(16)]


def test_an_empty_file_does_not_coarsen_the_others() -> None:
    assert size_bins([0, 81_000, 83_500])[0] == SizeBin(0, 1, 1)
    assert size_bins([0, 81_000, 83_500])[1:] == size_bins([81_000, 83_500])
    assert size_bins([0, 0]) == (SizeBin(0, 1, 2),)
    assert size_bins([]) == ()
