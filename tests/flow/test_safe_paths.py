"""What `refuse_unsafe` lets through is what `unsafe_path` finds nothing in."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.errors import InputError
from dsv_git.flow.drafting.draft import refuse_unsafe
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.names import unsafe_path

PARTS = st.sampled_from(
    ["a", "b.jpg", ".", "..", "", ".git", ".GIT", ".g\u200cit", "\0", "\n", "ü", "x\n."]
)
PATHS = st.lists(PARTS, min_size=1, max_size=4).map("/".join).filter(bool)


@settings(deadline=None, max_examples=300)
@given(st.lists(PATHS, max_size=5))
def test_all_paths_pass_where_each_of_them_is_safe(paths: list[str]) -> None:
    passed = False
    with suppress(InputError):
        refuse_unsafe(Entry(path, 1, "xxh3:" + "0" * 32) for path in paths)
        passed = True
    assert passed == all(unsafe_path(path) is None for path in paths)
