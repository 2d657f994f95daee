"""A merged manifest that follows its sources: what they changed comes, what was decided stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.manifest.entry import Entry
from dsv_git.manifest.following import by_path, followed


def entry(content: int, label: str | None = "cat", split: str | None = None) -> Entry:
    return Entry("a", content, f"xxh3:{content:032x}", label, split)


@pytest.mark.parametrize(
    ("was", "mine", "new", "result"),
    [
        (entry(1), entry(1), entry(2), entry(2)),
        (entry(1), entry(1), None, None),
        (None, None, entry(1), entry(1)),
        (entry(1), None, entry(1), None),
        (entry(1), None, entry(1, "dog"), None),
        (entry(1), None, entry(2), entry(2)),
        (entry(1), entry(1, "dog"), entry(1), entry(1, "dog")),
        (entry(1), entry(1, "dog"), entry(1, "cat", "val"), entry(1, "dog", "val")),
        (entry(1), entry(1, "dog"), entry(2), entry(2, "dog")),
        (entry(1), entry(1, "dog"), entry(1, "cow"), entry(1, "dog")),
        (entry(1), entry(1, "dog"), None, None),
        (entry(1), entry(3), entry(1), entry(3)),
        (None, entry(1), None, entry(1)),
        (None, entry(1, "dog"), entry(1), entry(1, "dog")),
        (None, entry(1, "dog"), entry(2), entry(2)),
    ],
)
def test_one_entry(
    was: Entry | None, mine: Entry | None, new: Entry | None, result: Entry | None
) -> None:
    base, ours, theirs = ({"a": one} if one else {} for one in (was, mine, new))
    assert followed(base, ours, theirs) == ((result,) if result else ())


def test_what_is_left_out_on_purpose_stays_out_under_any_change() -> None:
    out = {("a", entry(2).hash)}
    assert followed({"a": entry(1)}, {}, {"a": entry(2)}, out) == ()
    assert followed({}, {}, {"a": entry(2)}, out) == ()
    assert followed({}, {}, {"a": entry(3)}, out) == (entry(3),)


ENTRIES = st.lists(
    st.builds(
        Entry,
        st.text("ab", min_size=1, max_size=2),
        st.just(1),
        st.sampled_from([f"xxh3:{n:032x}" for n in range(3)]),
        st.sampled_from([None, "cat", "dog"]),
    ),
    unique_by=lambda e: e.path,
    max_size=5,
).map(by_path)


@settings(deadline=None, max_examples=100)
@given(ENTRIES, ENTRIES)
def test_sources_that_stay_change_nothing_and_an_untouched_merge_is_its_sources(
    base: dict[str, Entry], other: dict[str, Entry]
) -> None:
    assert followed(base, other, base) == tuple(other[path] for path in sorted(other))
    assert followed(base, base, other) == tuple(other[path] for path in sorted(other))


@settings(deadline=None, max_examples=100)
@given(ENTRIES, ENTRIES, ENTRIES)
def test_a_second_time_changes_nothing(
    base: dict[str, Entry], ours: dict[str, Entry], theirs: dict[str, Entry]
) -> None:
    once = followed(base, ours, theirs)
    assert followed(theirs, by_path(once), theirs) == once
