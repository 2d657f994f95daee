"""Each kind of change, as plain values."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest

from dsv_git.diff.change import Change, Kind
from dsv_git.diff.changes import Diff, diff_entries, label_moves
from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry, Label
from tests.diff.laws import apply


def entry(path: str, content: str, label: Label | None = None, split: str | None = None) -> Entry:
    return Entry(path, 10, f"xxh3:{content}", label, split)


def told(diff: Diff) -> list[tuple[str, ...]]:
    """Kind and path of every change, then its flags."""
    return [
        (change.kind.value, change.path, *(flag.value for flag in change.flags))
        for change in diff.changes
    ]


def test_equal_sides_have_no_difference_in_any_order() -> None:
    rows = [entry("a", "1"), entry("b", "2")]
    diff = diff_entries(rows, rows[::-1])
    assert diff.is_empty
    assert diff.counts == Counter()


def test_added_removed_and_modified_go_by_path() -> None:
    diff = diff_entries(
        [entry("gone", "1"), entry("edited", "2"), entry("kept", "3")],
        [entry("kept", "3"), entry("edited", "4"), entry("come", "5")],
    )
    assert told(diff) == [("added", "come"), ("modified", "edited"), ("removed", "gone")]


def test_changes_are_sorted_by_the_bytes_of_their_path() -> None:
    paths = ["z", "\U0001f600", "\uffff", "B", "a/b", "a-b", "é"]
    diff = diff_entries([], [entry(path, path) for path in paths])
    assert [change.path for change in diff.changes] == sorted(paths, key=str.encode)


def test_removed_here_and_added_there_with_one_content_is_renamed() -> None:
    diff = diff_entries([entry("a/x", "1")], [entry("b/y", "1")])
    assert told(diff) == [("renamed", "b/y")]
    assert diff.changes[0].before == entry("a/x", "1")


def test_a_renamed_file_with_another_label_is_both() -> None:
    diff = diff_entries([entry("cat/x", "1", "cat")], [entry("dog/x", "1", "dog")])
    assert told(diff) == [("renamed", "dog/x", "relabelled")]
    assert diff.counts == {Kind.RENAMED: 1}
    assert diff.flagged == {Kind.RELABELLED: 1}
    assert diff.label_matrix == {("cat", "dog"): 1}


def test_another_label_or_split_under_the_same_path_is_relabelled() -> None:
    diff = diff_entries(
        [entry("x", "1", "cat", "train"), entry("y", "2", "cat", "train"), entry("z", "3", "cat")],
        [entry("x", "1", "dog", "train"), entry("y", "2", "cat", "val"), entry("z", "3", None)],
    )
    assert told(diff) == [("relabelled", path, "relabelled") for path in "xyz"]
    assert diff.label_matrix == {("cat", "dog"): 1, ("cat", None): 1}
    assert diff.split_matrix == {("train", "val"): 1}


def test_other_annotations_and_other_props_have_kinds_of_their_own() -> None:
    plain = entry("x", "1", "cat")
    boxed = msgspec.structs.replace(plain, ann="xxh3:a")
    both = msgspec.structs.replace(boxed, label="dog", props={"light": "dim"})
    assert told(diff_entries([plain], [boxed])) == [("reannotated", "x", "reannotated")]
    assert told(diff_entries([plain], [both])) == [
        ("relabelled", "x", "relabelled", "reannotated", "redescribed")
    ]


@pytest.mark.parametrize(("a", "b"), [(True, 1), (False, 0), (1, True)])
def test_a_prop_true_is_not_a_prop_one(a: bool | int, b: bool | int) -> None:
    old, new = (Entry("x", 1, "xxh3:1", props={"flag": value}) for value in (a, b))
    assert told(diff_entries([old], [new])) == [("redescribed", "x", "redescribed")]
    [made] = apply([old], diff_entries([old], [new]))
    assert type(made.props["flag"]) is type(b)


def test_a_row_with_the_hash_but_another_size_is_modified_and_never_a_rename() -> None:
    short, long = Entry("x", 1, "etag:abc"), Entry("x", 2, "etag:abc")
    assert told(diff_entries([short], [long])) == [("modified", "x")]
    elsewhere = msgspec.structs.replace(long, path="y")
    assert told(diff_entries([short], [elsewhere])) == [("removed", "x"), ("added", "y")]


def test_added_with_content_that_was_there_is_copied_from_the_equal_name_first() -> None:
    before = [entry("a/x", "1"), entry("b/y", "1")]
    [change] = diff_entries(before, [*before, entry("c/y", "1")]).changes
    assert change.kind is Kind.COPIED
    assert change.source == entry("b/y", "1")


def test_a_copy_without_an_equal_name_comes_from_the_first_path() -> None:
    before = [entry("b", "1"), entry("a", "1"), entry("c", "1")]
    [change] = diff_entries(before, [*before, entry("d", "1")]).changes
    assert change.source == entry("a", "1")


def test_a_copy_under_another_label_relabels_nothing() -> None:
    before = [entry("a", "1", "cat")]
    diff = diff_entries(before, [*before, entry("b", "1", "dog")])
    assert told(diff) == [("copied", "b")]
    assert diff.label_matrix == {}


def test_of_two_copies_of_a_removed_file_one_is_the_rename() -> None:
    diff = diff_entries([entry("a", "1")], [entry("c", "1"), entry("b", "1")])
    assert told(diff) == [("renamed", "b"), ("copied", "c")]


def test_a_removed_duplicate_names_the_file_that_stays() -> None:
    [change] = diff_entries([entry("a", "1"), entry("b", "1")], [entry("a", "1")]).changes
    assert change == Change(entry("b", "1"), None, successor=entry("a", "1"))


def test_renames_of_one_content_keep_names_together_before_they_go_by_path() -> None:
    before = [entry(path, "1") for path in ("a/one", "a/three", "a/two")]
    after = [entry(path, "1") for path in ("b/four", "b/three", "b/two")]
    moved = {
        change.before.path: change.path
        for change in diff_entries(before, after).changes
        if change.before
    }
    assert moved == {"a/one": "b/four", "a/three": "b/three", "a/two": "b/two"}


def test_a_chain_of_moves_keeps_the_path_that_was_taken_as_modified() -> None:
    diff = diff_entries(
        [entry("a", "1", "cat"), entry("b", "2", "dog")],
        [entry("b", "1", "dog"), entry("c", "2", "bird")],
    )
    assert told(diff) == [
        ("removed", "a"),
        ("modified", "b", "relabelled"),
        ("copied", "c", "relabelled"),
    ]
    gone, taken, copy = diff.changes
    assert gone.successor == taken.after
    assert taken.source == gone.before
    assert copy.source == taken.before
    assert diff.label_matrix == {("cat", "dog"): 1, ("dog", "bird"): 1}


def test_two_files_that_changed_places_are_modified_and_tell_of_their_labels() -> None:
    diff = diff_entries(
        [entry("cat/1", "c", "cat"), entry("dog/1", "d", "dog")],
        [entry("cat/1", "d", "cat"), entry("dog/1", "c", "dog")],
    )
    assert told(diff) == [("modified", "cat/1", "relabelled"), ("modified", "dog/1", "relabelled")]
    assert diff.label_matrix == {("cat", "dog"): 1, ("dog", "cat"): 1}


def test_new_content_under_another_label_is_no_relabelling() -> None:
    diff = diff_entries([entry("x", "1", "cat")], [entry("x", "2", "dog")])
    assert told(diff) == [("modified", "x")]
    assert diff.label_matrix == {}


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        (("cat", "cat", "dog"), ("cat", "dog"), {("cat", None): 1}),
        (("cat", "cat"), ("dog", "dog"), {("cat", "dog"): 2}),
        (("cat", "cat", "cat"), ("cat", "dog"), {("cat", "dog"): 1, ("cat", None): 1}),
        (("ant", "bee"), ("cow", "dog"), {("ant", None): 1, ("bee", None): 1}
         | {(None, "cow"): 1, (None, "dog"): 1}),
        ("cat", None, {("cat", None): 1}),
    ],
)  # fmt: skip
def test_objects_pair_up_only_where_it_is_clear_which_became_which(
    before: Label, after: Label | None, moves: dict[tuple[str | None, str | None], int]
) -> None:
    assert label_moves(entry("x", "1", before), entry("x", "1", after)) == moves


def test_a_path_that_is_listed_twice_is_refused() -> None:
    twice = entry("a\x1b", "1")
    with pytest.raises(InputError, match=r"'a\\x1b' is listed twice"):
        diff_entries([twice, twice], [])
