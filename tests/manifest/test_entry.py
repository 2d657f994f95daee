"""One row: its labels, its props, its hashes."""

from __future__ import annotations

import pytest

from dsv_git.manifest.entry import Entry, PropValue, as_label, is_hash, same_props
from tests.manifest.lists import CAT


def test_labels_have_one_form() -> None:
    assert as_label([]) is None
    assert as_label(["cat"]) == "cat"
    assert as_label(["dog", "cat", "dog"]) == ("cat", "dog", "dog")
    assert Entry("a", 1, CAT).labels == ()
    assert Entry("a", 1, CAT, "cat").labels == ("cat",)
    assert Entry("a", 1, CAT, ("cat", "dog")).labels == ("cat", "dog")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({}, {}, True),
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 0.0}, {"a": -0.0}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": 0}, {"a": False}, False),
        ({"a": 1}, {"a": "1"}, False),
        ({"a": 1}, {"b": 1}, False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({"a": 1}, {}, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
    ],
)
def test_props_are_the_same_where_they_are_written_alike(
    one: dict[str, PropValue], other: dict[str, PropValue], same: bool
) -> None:
    assert same_props(one, other) is same
    assert same_props(other, one) is same


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("xxh3:" + "0f" * 16, True),
        ("sha256:" + "0f" * 32, True),
        ("md5:" + "0f" * 16, True),
        ("etag:!~", True),
        ("etag:" + "x" * 200, True),
        ("etag:" + "x" * 201, False),
        ("etag:", False),
        ("etag:a b", False),
        ("etag:é", False),
        ("xxh3:" + "0F" * 16, False),
        ("xxh3:" + "0f" * 15, False),
        ("xxh3:" + "0f" * 17, False),
        ("xxh3:" + "0f" * 16 + "\n", False),
        ("sha1:" + "0f" * 20, False),
        ("0f" * 16, False),
        ("", False),
    ],
)
def test_a_hash_names_its_algorithm(text: str, fine: bool) -> None:
    assert is_hash(text) is fine
