"""Which files stand for a version: fair over labels, the same for the same content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.diff.sampling import LARGEST, can_be_shown, kind_of, sample
from dsv_git.manifest.entry import Entry, Label

LABELS: tuple[Label | None, ...] = (None, "cat", "dog", "owl", ("cat", "cat"), ("cat", "dog"))
ENTRIES = st.builds(
    Entry,
    path=st.builds("{}.{}".format, st.integers(0, 99), st.sampled_from(["jpg", "PNG", "wav", "t"])),
    size=st.sampled_from([0, 1, 1000]),
    hash=st.builds("xxh3:{}".format, st.integers(0, 30)),
    label=st.sampled_from(LABELS),
    split=st.sampled_from([None, "train", "val"]),
)
VERSIONS = st.lists(ENTRIES, unique_by=lambda entry: entry.path, max_size=40)
COUNTS = st.integers(0, 20)
examples = settings(deadline=None, max_examples=200)


def files(number: int, label: Label | None = None, split: str | None = None) -> list[Entry]:
    """`number` images of contents that no other label and split has."""
    return [
        Entry(f"{split}/{label}/{i}.jpg", 9, f"xxh3:{split}{label}{i}", label, split)
        for i in range(number)
    ]


def labels(entries: Sequence[Entry]) -> Counter[str | None]:
    return Counter(label for entry in entries for label in set(entry.labels or (None,)))


def paths(entries: Sequence[Entry]) -> set[str]:
    return {entry.path for entry in entries}


@examples
@given(VERSIONS, COUNTS)
def test_each_is_one_of_the_entries_and_can_be_shown(version: list[Entry], count: int) -> None:
    chosen = sample(version, count)
    assert all(any(entry is one for one in version) for entry in chosen)
    assert all(can_be_shown(entry.path, entry.size) for entry in chosen)


@examples
@given(VERSIONS, COUNTS)
def test_no_content_twice_and_as_many_as_asked_for(version: list[Entry], count: int) -> None:
    chosen = sample(version, count)
    contents = {entry.hash for entry in version if can_be_shown(entry.path, entry.size)}
    assert len({entry.hash for entry in chosen}) == len(chosen) == min(count, len(contents))


@examples
@given(VERSIONS, COUNTS, st.randoms(use_true_random=False))
def test_no_order_matters(version: list[Entry], count: int, random: Random) -> None:
    shuffled = list(version)
    random.shuffle(shuffled)
    assert sample(iter(shuffled), count) == sample(version, count)


@examples
@given(VERSIONS, COUNTS)
def test_no_name_matters(version: list[Entry], count: int) -> None:
    """Renamed, but in the same order: which of two equal files is shown goes by their names."""
    renamed = [msgspec.structs.replace(entry, path=f"new/{entry.path}") for entry in version]
    assert [entry.path for entry in sample(renamed, count)] == [
        f"new/{entry.path}" for entry in sample(version, count)
    ]


@examples
@given(VERSIONS)
def test_every_label_is_seen(version: list[Entry]) -> None:
    can = [entry for entry in version if can_be_shown(entry.path, entry.size)]
    contents: dict[str | None, set[str]] = {}
    for entry in can:
        for label in entry.labels or (None,):
            contents.setdefault(label, set()).add(entry.hash)
    chosen = sample(version, len(contents))
    hashes = {entry.hash for entry in chosen}
    assert all(label in labels(chosen) or contents[label] <= hashes for label in contents)


@examples
@given(VERSIONS, COUNTS, COUNTS)
def test_a_smaller_sample_begins_a_larger_one(version: list[Entry], a: int, b: int) -> None:
    assert sample(version, max(a, b))[: min(a, b)] == sample(version, min(a, b))


def test_a_rare_label_gets_the_share_of_a_frequent_one() -> None:
    chosen = sample([*files(500, "cat"), *files(5, "dog"), *files(3), *files(1, "owl")], 12)
    assert labels(chosen) == {"cat": 4, "dog": 4, None: 3, "owl": 1}


def test_the_rarest_labels_are_seen_where_not_all_can_be() -> None:
    chosen = sample([*files(500, "cat"), *files(5, "dog"), *files(3), *files(1, "owl")], 2)
    assert [entry.label for entry in chosen] == ["owl", "dog"]


def test_an_image_of_many_objects_counts_for_all_its_labels() -> None:
    chosen = sample([*files(1, ("bird", "cat")), *files(50, "cat"), *files(50, "dog")], 2)
    assert labels(chosen) == {"bird": 1, "cat": 1, "dog": 1}


def test_each_label_is_spread_over_the_splits_however_small_one_is() -> None:
    version = [*files(90, "cat", "train"), *files(5, "cat", "val"), *files(2, "cat", "test")]
    splits = Counter(entry.split for entry in sample(version, 6))
    assert splits == {"train": 2, "val": 2, "test": 2}


def test_labels_with_one_example_do_not_all_take_it_from_one_split() -> None:
    version = [
        entry
        for label in range(24)
        for split in ("train", "val")
        for entry in files(4, f"label{label}", split)
    ]
    splits = Counter(entry.split for entry in sample(version, 24))
    assert min(splits["train"], splits["val"]) >= 6


def test_one_more_file_changes_at_most_one_choice_in_a_label() -> None:
    version = [*files(40, "cat"), *files(40, "dog")]
    before = paths(sample(version, 12))
    for new in range(100):
        added = Entry(f"new{new}.jpg", 9, f"xxh3:new{new}", "cat")
        assert len(before - paths(sample([*version, added], 12))) <= 1


def test_one_more_label_keeps_most_choices() -> None:
    version = [entry for label in range(20) for entry in files(7, f"label{label}")]
    before = paths(sample(version, 12))
    for label in range(20):
        assert len(before - paths(sample([*version, *files(7, f"new{label}")], 12))) <= 1


def test_one_more_file_of_a_label_changes_not_which_labels_are_seen() -> None:
    version = [entry for label in range(20) for entry in files(5, f"label{label}")]
    before = labels(sample(version, 8))
    for label in range(20):
        added = Entry("new.jpg", 9, "xxh3:new", f"label{label}")
        assert labels(sample([*version, added], 8)) == before


def test_the_first_path_of_a_content_is_shown() -> None:
    copies = [Entry(f"{name}.jpg", 9, "xxh3:1", "cat") for name in "bac"]
    assert sample(copies, 3) == (copies[1],)


def test_files_that_cannot_be_shown_take_no_place() -> None:
    version = [
        Entry("labels.csv", 9, "xxh3:1", "cat"),
        Entry("empty.jpg", 0, "xxh3:2", "cat"),
        Entry("long.mp4", LARGEST["video"] + 1, "xxh3:3", "cat"),
        Entry("short.mp4", LARGEST["video"], "xxh3:4", "cat"),
    ]
    assert sample(version, 2) == (version[3],)


@pytest.mark.parametrize("count", [0, -1])
def test_none_are_asked_for(count: int) -> None:
    assert sample(files(3), count) == ()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a.jpg", "image"),
        ("folder.csv/A.JPeG", "image"),
        ("a.b.tiff", "image"),
        ("a.flac", "audio"),
        ("a.WebM", "video"),
        ("a.jpg.txt", None),
        ("jpg", None),
        (".jpg", None),
        ("folder/.jpg", None),
        ("folder.jpg/a", None),
        ("a.", None),
        ("", None),
    ],
)
def test_the_suffix_says_what_is_shown(path: str, kind: str | None) -> None:
    assert kind_of(path) == kind
