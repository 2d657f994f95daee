"""The committed state in memory: stored rows under those that came later."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.gitrepo.statknown import Known
from dsv_git.gitrepo.statrows import Rows, pack

PATHS = st.lists(st.sampled_from("abcdef"), unique=True).map(sorted)
HASHES = ("xxh3:1", "xxh3:2", "xxh3:3")


@st.composite
def states(draw: st.DrawFn) -> Known:
    """A stored state and a change over it."""

    def columns(paths: list[str]) -> tuple[list[str], list[int], list[int], list[str]]:
        hashes = [draw(st.sampled_from(HASHES)) for _ in paths]
        return paths, [1] * len(paths), [2] * len(paths), hashes

    base: Rows = pack(columns(draw(PATHS)))
    stored = Known("a", base, {}, {}, frozenset())
    fresh = columns(draw(PATHS))
    return stored.changed("b", ("a", fresh, set(draw(PATHS)) - set(fresh[0]), {}))


@settings(deadline=None, max_examples=200)
@given(states(), st.sets(st.sampled_from(HASHES)))
def test_the_rows_of_some_contents_are_those_among_all_rows(
    known: Known, contents: set[str]
) -> None:
    rows = zip(*known.rows(), strict=True)
    wanted = {path: (size, time, text) for path, size, time, text in rows if text in contents}
    assert known.rows_with(contents) == wanted
