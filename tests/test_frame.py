"""`Dataset.to_pandas`: the entries as a table."""

from __future__ import annotations

from dsv_git.manifest.entry import Entry
from dsv_git.review.frame import frame

HASH = "xxh3:" + "0" * 32


def test_a_row_an_entry_in_their_order() -> None:
    found = frame([Entry("b.jpg", 2**40, HASH, "cat", "train"), Entry("a.jpg", 0, HASH)])
    assert list(found["path"]) == ["b.jpg", "a.jpg"]
    assert list(found["size"]) == [2**40, 0]
    assert list(found["label"]) == ["cat", None]
    assert list(found["split"]) == ["train", None]


def test_several_labels_are_a_list_with_repeats() -> None:
    found = frame([Entry("a.jpg", 1, HASH, ("cat", "cat", "dog"))])
    assert found["label"][0] == ["cat", "cat", "dog"]


def test_props_are_columns_that_keep_their_kinds() -> None:
    rows = [
        Entry("a.jpg", 1, HASH, props={"day": "1", "night": True, "x": 1}),
        Entry("b.jpg", 1, HASH, props={"x": 2.5}),
    ]
    found = frame(rows)
    assert [name for name in found.columns if name.startswith("props.")] == [
        "props.day",
        "props.night",
        "props.x",
    ]
    assert list(found["props.day"]) == ["1", None]
    assert found["props.night"][0] is True
    assert found["props.night"][1] is None
    assert list(map(repr, found["props.x"])) == ["1", "2.5"]


def test_the_places_of_the_files_are_a_column_where_they_are_wanted() -> None:
    rows = [Entry("a.jpg", 1, HASH)]
    assert "file" not in frame(rows).columns
    assert list(frame(rows, ["/data/a.jpg"])["file"]) == ["/data/a.jpg"]


def test_a_version_without_entries_is_an_empty_table() -> None:
    assert list(frame([]).columns) == ["path", "size", "hash", "label", "split", "ann"]
