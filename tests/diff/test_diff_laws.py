"""What holds of every diff, whatever the two sides are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.diff.change import FLAGS, Kind, same_content, same_entry
from dsv_git.diff.change_stats import change_stats, moved_on
from dsv_git.diff.changes import Diff, diff_entries
from dsv_git.diff.parents import diff_against_parents
from dsv_git.diff.stats import Tally, stats, tally
from dsv_git.manifest.entry import Entry
from tests.diff.laws import apply, reverse

# Few paths, contents and labels: so that they meet.
ENTRIES = st.builds(
    Entry,
    path=st.sampled_from([f"{folder}{name}" for folder in ("", "a/", "b/") for name in "xyz"]),
    size=st.sampled_from([0, 1, 1000]),
    hash=st.sampled_from(["xxh3:1", "xxh3:2", "xxh3:3"]),
    label=st.sampled_from([None, "cat", "dog", ("cat", "cat"), ("cat", "dog")]),
    split=st.sampled_from([None, "train", "val"]),
    ann=st.sampled_from([None, "xxh3:a"]),
    props=st.sampled_from([{}, {"k": True}, {"k": 1}, {"k": "1"}]),
)
SIDES = st.lists(ENTRIES, unique_by=lambda entry: entry.path, max_size=9)
examples = settings(deadline=None, max_examples=200)


def same(a: Sequence[Entry], b: Sequence[Entry]) -> bool:
    rows = {entry.path: entry for entry in a}
    return len(a) == len(b) and all(
        entry.path in rows and same_entry(rows[entry.path], entry) for entry in b
    )


@examples
@given(SIDES, SIDES)
def test_apply_makes_the_other_side_and_the_reverse_takes_it_back(
    before: list[Entry], after: list[Entry]
) -> None:
    diff = diff_entries(before, after)
    assert same(apply(before, diff), after)
    assert same(apply(after, reverse(diff)), before)


@examples
@given(SIDES, SIDES)
def test_no_order_matters(before: list[Entry], after: list[Entry]) -> None:
    diff = diff_entries(before, after)
    assert diff_entries(before[::-1], after[::-1]) == diff
    assert same(apply(before[::-1], Diff(diff.changes[::-1])), after)


@examples
@given(SIDES, SIDES)
def test_the_diff_the_other_way_is_the_reverse(before: list[Entry], after: list[Entry]) -> None:
    there, back = diff_entries(before, after), diff_entries(after, before)
    assert reverse(there) == back
    assert reverse(reverse(there)) == there
    assert there.counts[Kind.ADDED] + there.counts[Kind.COPIED] == back.counts[Kind.REMOVED]
    assert back.counts[Kind.ADDED] + back.counts[Kind.COPIED] == there.counts[Kind.REMOVED]
    assert there.flagged == back.flagged
    for kind in set(Kind) - {Kind.ADDED, Kind.COPIED, Kind.REMOVED}:
        assert there.counts[kind] == back.counts[kind]


@examples
@given(SIDES, SIDES)
def test_every_entry_that_differs_is_in_exactly_one_change(
    before: list[Entry], after: list[Entry]
) -> None:
    diff = diff_entries(before, after)
    old, new = ({entry.path: entry for entry in side} for side in (before, after))
    differ_before = {p for p, e in old.items() if p not in new or not same_entry(e, new[p])}
    differ_after = {p for p, e in new.items() if p not in old or not same_entry(e, old[p])}
    assert Counter(c.before.path for c in diff.changes if c.before) == Counter(differ_before)
    assert Counter(c.after.path for c in diff.changes if c.after) == Counter(differ_after)
    assert diff.counts.total() == len(diff.changes)
    assert all(diff.flagged[kind] >= diff.counts[kind] for kind in FLAGS)


@examples
@given(SIDES, SIDES)
def test_no_content_is_followed_from_or_to_two_places(
    before: list[Entry], after: list[Entry]
) -> None:
    changes = diff_entries(before, after).changes
    origins = Counter(change.origin.path for change in changes if change.origin)
    assert set(origins.values()) <= {1}
    for change in changes:
        if change.source is not None and change.after is not None:
            assert same_content(change.source, change.after)
        if change.successor is not None and change.before is not None:
            assert same_content(change.successor, change.before)
        if change.kind is Kind.ADDED and change.after is not None:
            assert not any(same_content(change.after, entry) for entry in before)


@examples
@given(SIDES, SIDES)
def test_the_numbers_of_a_change_lead_from_one_total_to_the_other(
    before: list[Entry], after: list[Entry]
) -> None:
    change = change_stats(diff_entries(before, after))
    old, new = tally(before).totals, tally(after).totals
    assert moved_on(old, change) == new
    assert moved_on(new, change, back=True) == old


@examples
@given(SIDES, st.lists(st.integers(0, 3), min_size=9, max_size=9))
def test_the_tallies_of_the_lists_add_up_to_that_of_the_version(
    entries: list[Entry], lists: list[int]
) -> None:
    parts = [[e for e, k in zip(entries, lists, strict=False) if k == n] for n in range(4)]
    whole = Tally()
    for part in parts:
        whole += tally(part)
    assert whole == tally(entries)
    assert whole.totals == stats(entries).totals
    assert whole.files == sum(whole.splits.values())


@examples
@given(st.lists(SIDES, max_size=3), SIDES)
def test_against_parents_each_path_is_judged_by_all_of_them(
    parents: list[list[Entry]], after: list[Entry]
) -> None:
    diff = diff_against_parents(parents, after)
    new = {entry.path: entry for entry in after}
    had = {entry.path for parent in parents for entry in parent}
    changed = {change.after.path: change for change in diff.changes if change.after}
    for path, entry in new.items():
        there = [e for parent in parents for e in parent if e.path == path]
        if any(same_entry(entry, e) for e in there):
            assert path not in changed
        elif not there:
            assert changed[path].kind in (Kind.ADDED, Kind.RENAMED, Kind.COPIED)
        else:
            known = any(same_content(entry, e) for e in there)
            assert (changed[path].kind is Kind.MODIFIED) is not known
    gone = {change.before.path for change in diff.changes if change.before} - new.keys()
    assert gone == had - new.keys()
