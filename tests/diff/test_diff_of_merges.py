"""A version against several parents, and where in the data a change took place."""

from __future__ import annotations

from collections import Counter

import pytest

from dsv_git.diff.change import Kind
from dsv_git.diff.changes import diff_entries
from dsv_git.diff.folders import FolderChange, folder_changes
from dsv_git.diff.manifest_diff import LabelBalance, ManifestDiff
from dsv_git.diff.parents import diff_against_parents, mounted
from dsv_git.diff.stats import Totals
from dsv_git.manifest.entry import Entry


def entry(path: str, content: str, label: str | None = None) -> Entry:
    return Entry(path, 10, f"xxh3:{content}", label)


def test_a_union_of_its_parents_changes_nothing() -> None:
    one, two = [entry("a", "1"), entry("both", "2")], [entry("b", "3"), entry("both", "2")]
    assert diff_against_parents([one, two], [*one, two[0]]).is_empty


def test_without_parents_everything_is_added() -> None:
    assert diff_against_parents([], [entry("a", "1")]).counts == {Kind.ADDED: 1}


def test_the_parent_with_the_very_entry_counts_whatever_its_place() -> None:
    parents = [[entry("x", "1", "cat")], [entry("x", "2", "cat")], [entry("x", "2", "dog")]]
    assert diff_against_parents(parents, [entry("x", "2", "dog")]).is_empty
    [change] = diff_against_parents(parents, [entry("x", "2", "bird")]).changes
    assert (change.kind, change.before) == (Kind.RELABELLED, entry("x", "2", "cat"))
    [change] = diff_against_parents(parents, [entry("x", "3")]).changes
    assert (change.kind, change.before) == (Kind.MODIFIED, entry("x", "1", "cat"))


def test_what_any_parent_had_and_the_version_has_not_is_removed() -> None:
    parents = [[entry("x", "1")], [entry("y", "2")]]
    assert diff_against_parents(parents, [entry("x", "1")]).counts == {Kind.REMOVED: 1}


def test_mounted_parents_never_collide() -> None:
    kaggle, youtube = [entry("train/1", "k")], [entry("train/1", "y")]
    merged = [entry("kaggle/train/1", "k"), entry("youtube/train/1", "y")]
    parents = [mounted(kaggle, "kaggle"), mounted(youtube, "youtube")]
    assert diff_against_parents(parents, merged).is_empty
    assert list(mounted(kaggle, "")) == kaggle


def test_folders_tell_moves_from_changes_in_place() -> None:
    diff = diff_entries(
        [entry("cat/1", "1"), entry("cat/2", "2"), entry("dog/1", "3"), entry("root", "4")],
        [entry("felis/1", "1"), entry("felis/2", "2"), entry("dog/2", "3"), entry("root", "5")],
    )
    assert folder_changes(diff) == (
        FolderChange("cat", "felis", Counter({Kind.RENAMED: 2})),
        FolderChange("", None, Counter({Kind.MODIFIED: 1})),
        FolderChange("dog", None, Counter({Kind.RENAMED: 1})),
    )


DIFF = diff_entries([entry("a", "1", "cat")], [entry("b", "2", "dog"), entry("c", "3", "dog")])
BEFORE, AFTER = Totals(5, 50, {"cat": 1, "dog": 4}), Totals(6, 60, {"dog": 6})


@pytest.mark.parametrize(("before", "after"), [(BEFORE, None), (None, AFTER), (BEFORE, AFTER)])
def test_the_totals_of_one_side_give_those_of_the_other(
    before: Totals | None, after: Totals | None
) -> None:
    found = ManifestDiff("m", "1", "2", DIFF, known_before=before, known_after=after)
    assert (found.totals_before, found.totals_after) == (BEFORE, AFTER)
    assert found.balance == (
        LabelBalance("dog", 4, 6, 2, 80.0, 100.0, 20.0, objects=2),
        LabelBalance("cat", 1, 0, -1, 20.0, 0.0, -20.0, objects=-1),
    )


def test_without_totals_only_the_change_of_a_label_is_known() -> None:
    found = ManifestDiff("m", "1", "2", DIFF)
    assert found.totals_before is None
    assert found.totals_after is None
    assert found.balance[0] == LabelBalance("dog", None, None, 2, objects=2)


def test_a_new_manifest_starts_from_nothing_and_a_removed_one_ends_there() -> None:
    rows = [entry("a", "1", "cat")]
    new = ManifestDiff("m", None, "1", diff_entries([], rows))
    assert (new.totals_before, new.totals_after) == (Totals(), Totals(1, 10, {"cat": 1}))
    gone = ManifestDiff("m", "1", None, diff_entries(rows, []))
    assert (gone.totals_before, gone.totals_after) == (Totals(1, 10, {"cat": 1}), Totals())


def test_a_label_whose_share_alone_changed_is_among_the_shifted_ones() -> None:
    added = diff_entries([], [entry(f"{n}", f"{n}", "dog") for n in range(10)])
    before = Totals(90, 900, {"cat": 45, "cow": 1, "dog": 20})
    found = ManifestDiff("m", "1", "2", added, known_before=before)
    assert found.balance == (LabelBalance("dog", 20, 30, 10, 22.222, 30.0, 7.778, 10),)
    assert found.shifted == (
        *found.balance,
        LabelBalance("cat", 45, 45, 0, 50.0, 45.0, -5.0),
        LabelBalance("cow", 1, 1, 0, 1.111, 1.0, -0.111),
    )
    unknown = ManifestDiff("m", "1", "2", added)
    assert unknown.shifted == unknown.balance == (LabelBalance("dog", None, None, 10, objects=10),)
