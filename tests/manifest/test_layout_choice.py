"""The layout of a first write."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.manifest.entry import Entry
from dsv_git.manifest.layout import DEEPEST, FEWEST_ROWS, MOST_ROWS, Layout, choose
from tests.manifest.lists import CAT
from tests.manifest.strategies import paths


def sizes(layout: Layout, names: list[str]) -> list[int]:
    """Rows of each list."""
    return sorted(Counter(layout.place(name)[0] for name in names).values())


def flat(folder: str, count: int) -> list[str]:
    return [f"{folder}img_{number:07}.jpg" for number in range(count)]


def comfortable(layout: Layout, names: list[str]) -> None:
    """Lists hold between about 250 and 4,000 rows, chance apart."""
    rows = sizes(layout, names)
    assert FEWEST_ROWS <= sum(rows) / len(rows) <= MOST_ROWS
    assert rows[-1] <= MOST_ROWS * 1.1


@pytest.mark.parametrize(
    "names",
    [
        [],
        ["a"],
        flat("", MOST_ROWS),
        [f"class_{number % 100}/{number}" for number in range(MOST_ROWS)],
        [f"{number}/a/b/c" for number in range(1000)],
    ],
)
def test_small_data_is_one_list(names: list[str]) -> None:
    assert choose(names) == Layout(0)


def test_one_flat_folder_is_spread_by_a_fan() -> None:
    names = flat("", 100_000)
    layout = choose(names)
    assert layout == Layout(0, {"_": 2})
    comfortable(layout, names)


def test_one_row_too_many_takes_a_fan_of_one_digit() -> None:
    assert choose(flat("", MOST_ROWS + 1)) == Layout(0, {"_": 1})


def test_a_flat_folder_below_others_keeps_its_name() -> None:
    names = flat("data/images/", 20_000)
    layout = choose(names)
    assert layout == Layout(2, {"data/images": 1})
    comfortable(layout, names)


def test_a_thousand_folders_of_a_thousand_have_a_list_each() -> None:
    names = (f"class_{folder:03}/{number}" for folder in range(1000) for number in range(1000))
    assert choose(names) == Layout(1)


def test_splits_and_classes_have_a_list_a_class() -> None:
    names = [
        f"{split}/class_{folder}/{number}"
        for split, count in (("train", 1200), ("val", 300))
        for folder in range(20)
        for number in range(count)
    ]
    layout = choose(names)
    assert layout == Layout(2)
    comfortable(layout, names)


def test_only_the_large_folders_have_a_fan() -> None:
    names = flat("train/", 30_000) + flat("val/", 3_000) + flat("test/", 3_000)
    layout = choose(names)
    assert layout == Layout(1, {"train": 1})
    comfortable(layout, names)


def test_many_tiny_folders_share_lists() -> None:
    names = [f"{number:05}/image.jpg" for number in range(20_000)]
    layout = choose(names)
    assert layout == Layout(0, {"_": 1})
    comfortable(layout, names)


def test_tiny_folders_within_large_ones_share_the_lists_of_those() -> None:
    names = [f"{number % 10}/{number}/image.jpg" for number in range(20_000)]
    layout = choose(names)
    assert layout == Layout(1)
    comfortable(layout, names)


def test_a_deep_chain_ends_at_the_deepest_layout() -> None:
    names = flat("/".join("abcdefghijkl") + "/", 10_000)
    layout = choose(names)
    assert layout == Layout(DEEPEST, {"a/b/c/d/e/f/g/h": 1})
    comfortable(layout, names)


def test_a_chain_is_followed_to_where_it_branches() -> None:
    names = [f"mnt/lake/{number % 10}/{number}" for number in range(20_000)]
    assert choose(names) == Layout(3)


def test_names_too_long_for_a_path_end_the_descent() -> None:
    names = flat("/".join(character * 200 for character in "abcdef") + "/", 10_000)
    layout = choose(names)
    assert layout == Layout(2, {"a" * 200 + "/" + "b" * 200: 1})


def test_folders_that_differ_by_case_alone_stay_in_one_list() -> None:
    names = [f"{folder}/{number}" for folder in ("Cat", "cat", "dog") for number in range(3000)]
    assert choose(names) == Layout(0, {"_": 1})


def test_folders_that_differ_by_case_further_down_end_the_descent_there() -> None:
    names = [
        f"{split}/{folder}/{number}"
        for split in ("train", "val")
        for folder in ("Cat", "cat")
        for number in range(3000)
    ]
    assert choose(names) == Layout(1, {"train": 1, "val": 1})


@settings(deadline=None, max_examples=40)
@given(
    st.lists(paths, min_size=1, max_size=6, unique=True),
    st.lists(st.integers(1, 5000), min_size=6, max_size=6),
)
def test_a_chosen_layout_can_always_be_written(folders: list[str], counts: list[int]) -> None:
    names = [
        f"{folder}/{number}"
        for folder, count in zip(folders, counts, strict=False)
        for number in range(count)
    ]
    layout = choose(names)
    lists = layout.split(Entry(name, 1, CAT) for name in set(names))
    assert sum(map(len, lists.values())) == len(set(names))
    assert 0 <= layout.depth <= DEEPEST
    assert max(map(len, lists.values())) <= MOST_ROWS * 1.1
    if len(set(names)) <= MOST_ROWS:
        assert layout == Layout(0)


def test_the_order_of_the_paths_does_not_matter() -> None:
    names = flat("train/", 5000) + flat("val/", 100)
    assert choose(names) == choose(reversed(names))
