"""A version against its parents: the compact way says what the whole union says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.diff.change import same_content, same_entry
from dsv_git.diff.changes import Diff, by_path, diff_entries
from dsv_git.diff.parents import diff_against_parents
from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry

ENTRIES = st.builds(
    Entry,
    st.sampled_from(["a", "b", "c/a", "c/b", "d"]),
    st.just(1),
    st.sampled_from(["xxh3:1", "xxh3:2", "xxh3:3"]),
    st.sampled_from([None, "cat", "dog"]),
    props=st.sampled_from([{}, {"k": True}, {"k": 1}, {"k": 1.0}]),
)
SIDES = st.lists(ENTRIES, max_size=5, unique_by=lambda entry: entry.path)


def whole(parents: Sequence[Iterable[Entry]], after: Iterable[Entry]) -> Diff:
    """The definition: every row of every side in memory at once."""
    new = by_path(after)
    union: dict[str, Entry] = {}
    for parent in parents:
        for path, entry in by_path(parent).items():
            held, other = union.get(path), new.get(path)
            if held is None or _alike(entry, other) > _alike(held, other):
                union[path] = entry
    return diff_entries(union.values(), new.values())


def _alike(entry: Entry, other: Entry | None) -> int:
    if other is None or not same_content(entry, other):
        return 0
    return 2 if same_entry(entry, other) else 1


@settings(deadline=None, max_examples=300)
@given(st.lists(SIDES, max_size=3), SIDES)
def test_rows_that_a_parent_has_need_not_be_kept(
    parents: list[list[Entry]], after: list[Entry]
) -> None:
    assert diff_against_parents(parents, after) == whole(parents, after)
    assert diff_against_parents([iter(p) for p in parents], iter(after)) == whole(parents, after)


@pytest.mark.parametrize("second", ["xxh3:1", "xxh3:2"])
def test_a_path_that_is_twice_is_refused(second: str) -> None:
    rows = [Entry("a", 1, "xxh3:1"), Entry("a", 1, second)]
    for parents in ([], [rows[:1]], [rows[1:]]):
        with pytest.raises(InputError, match="listed twice"):
            diff_against_parents(parents, rows)
