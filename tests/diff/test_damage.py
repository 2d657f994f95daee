"""What a sample tells of the whole."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.diff.damage import below_percent, most_damaged, usual_sample


def chance(files: int, damaged: int, checked: int, bad: int) -> float:
    """The exact chance that a sample holds at most `bad` damaged files."""
    ways = (comb(damaged, k) * comb(files - damaged, checked - k) for k in range(bad + 1))
    return sum(ways) / comb(files, checked)


@st.composite
def samples(draw: st.DrawFn) -> tuple[int, int, int]:
    files = draw(st.integers(1, 300))
    checked = draw(st.integers(1, files))
    return files, checked, draw(st.integers(0, checked))


@settings(deadline=None, max_examples=100)
@given(samples())
def test_the_bound_is_the_largest_damage_that_is_not_ruled_out(
    sample: tuple[int, int, int],
) -> None:
    files, checked, bad = sample
    most = most_damaged(files, checked, bad)
    assert bad <= most <= files - (checked - bad)
    if most < files - (checked - bad):
        assert chance(files, most + 1, checked, bad) <= 0.01 + 1e-9
    if most > bad:
        assert chance(files, most, checked, bad) > 0.01 - 1e-9


def test_the_usual_sample_rules_out_one_percent_whatever_the_number_of_files() -> None:
    assert usual_sample() == 459
    for files in (459, 500, 1000, 100_000, 5_000_000):
        assert most_damaged(files, 459, 0) < files * 0.01


def test_who_looked_at_everything_knows() -> None:
    assert most_damaged(1000, 1000, 3) == 3


@pytest.mark.parametrize(
    ("files", "most", "text"),
    [
        (100_000, 996, "1"),
        (100_000, 2168, "2.2"),
        (100_000, 12_345, "13"),
        (1_000_000, 3, "0.0004"),
        (100, 99, "100"),
        (1000, 0, "0.1"),
    ],
)
def test_a_percentage_has_two_digits_and_is_rounded_up(files: int, most: int, text: str) -> None:
    assert below_percent(files, most) == text
