"""Which leaks, label conflicts and duplicates a change brought, and which it took away."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given, settings

from dsv_git.diff.change import same_entry
from dsv_git.diff.pairing import Content, content
from dsv_git.diff.repeated import Repeated, RepeatedContents, repeated_contents
from dsv_git.manifest.entry import Entry
from tests.diff.test_diff_laws import SIDES

examples = settings(deadline=None, max_examples=200)
CAT = Entry("train/cat/a", 1, "xxh3:1", "cat", "train")


def turned(contents: Iterable[Repeated]) -> tuple[Repeated, ...]:
    return tuple(one.reversed for one in contents)


def having(entries: list[Entry], key: Content) -> list[Entry]:
    return [entry for entry in entries if content(entry) == key]


def test_a_second_copy_is_a_new_duplicate_and_removing_it_a_gone_one() -> None:
    copy = Entry("train/cat/b", 1, "xxh3:1", "cat", "train")
    pair = Repeated((CAT,), (CAT, copy))
    assert repeated_contents([CAT], [copy, CAT]) == RepeatedContents(new_duplicates=(pair,))
    gone = RepeatedContents(gone_duplicates=(pair.reversed,))
    assert repeated_contents([CAT, copy], [CAT]) == gone


def test_one_content_in_two_splits_is_a_leak() -> None:
    twin = Entry("train/cat/b", 1, "xxh3:1", "cat", "train")
    moved = Entry("val/cat/b", 1, "xxh3:1", "cat", "val")
    found = repeated_contents([CAT, twin], [CAT, moved])
    assert found == RepeatedContents(new_leaks=(Repeated((CAT, twin), (CAT, moved)),))


def test_one_content_with_two_labels_is_a_conflict_until_it_has_one() -> None:
    twin = Entry("train/dog/b", 1, "xxh3:1", "dog", "train")
    agreed = Entry("train/dog/b", 1, "xxh3:1", "cat", "train")
    found = repeated_contents([CAT, twin], [CAT, agreed])
    assert found == RepeatedContents(gone_conflicts=(Repeated((CAT, twin), (CAT, agreed)),))


def test_no_label_and_no_split_contradict_nothing() -> None:
    bare = Entry("b", 1, "xxh3:1")
    found = repeated_contents([CAT], [CAT, bare])
    assert (found.new_leaks, found.new_conflicts) == ((), ())
    assert len(found.new_duplicates) == 1


def test_empty_files_are_all_alike_and_left_out() -> None:
    empty = [Entry("a/x", 0, "xxh3:0", "a", "train"), Entry("b/x", 0, "xxh3:0", "b", "val")]
    assert repeated_contents([], empty) == RepeatedContents()


def test_a_renamed_duplicate_is_neither_new_nor_gone() -> None:
    b, c = (Entry(f"train/cat/{name}", 1, "xxh3:1", "cat", "train") for name in "bc")
    assert repeated_contents([CAT, b], [CAT, c]) == RepeatedContents()


@examples
@given(SIDES, SIDES)
def test_what_one_direction_brings_the_other_takes_away(
    before: list[Entry], after: list[Entry]
) -> None:
    there, back = repeated_contents(before, after), repeated_contents(after, before)
    assert turned(there.new_duplicates) == back.gone_duplicates
    assert turned(there.new_leaks) == back.gone_leaks
    assert turned(there.new_conflicts) == back.gone_conflicts
    assert turned(back.new_duplicates) == there.gone_duplicates


@examples
@given(SIDES, SIDES)
def test_they_are_what_counting_every_content_says(before: list[Entry], after: list[Entry]) -> None:
    found = repeated_contents(before, after)
    duplicates, leaks, conflicts = set[Content](), set[Content](), set[Content]()
    for key in {content(entry) for entry in after if entry.size}:
        old, new = having(before, key), having(after, key)
        splits = [{entry.split for entry in side if entry.split} for side in (old, new)]
        labels = [{entry.label for entry in side if entry.label} for side in (old, new)]
        if len(new) > 1 and len(new) > len(old):
            duplicates.add(key)
        if len(splits[1]) > 1 and splits[1] - splits[0]:
            leaks.add(key)
        if len(labels[1]) > 1 and labels[1] - labels[0]:
            conflicts.add(key)
    assert {one.content for one in found.new_duplicates} == duplicates
    assert {one.content for one in found.new_leaks} == leaks
    assert {one.content for one in found.new_conflicts} == conflicts


@examples
@given(SIDES, SIDES)
def test_contents_of_which_no_file_differs_need_not_be_given(
    before: list[Entry], after: list[Entry]
) -> None:
    old, new = {e.path: e for e in before}, {e.path: e for e in after}
    differ = {
        content(entry)
        for side, other in ((old, new), (new, old))
        for path, entry in side.items()
        if path not in other or not same_entry(entry, other[path])
    }
    few = [[e for e in side if content(e) in differ] for side in (before, after)]
    assert repeated_contents(*few) == repeated_contents(before, after)
