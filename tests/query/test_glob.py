"""Patterns of paths, as people know them from a .gitignore."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from dsv_git.query.glob import path_pattern


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*.jpg", "a.jpg", True),
        ("*.jpg", "train/cat/a.jpg", True),
        ("*.jpg", "a.jpg/b.png", False),
        ("train/*.jpg", "train/cat/a.jpg", False),
        ("train/*/*.jpg", "train/cat/a.jpg", True),
        ("train/**", "train/cat/a.jpg", True),
        ("train/**", "train", False),
        ("train/**", "val/train/a.jpg", False),
        ("train/", "val/train/a.jpg", True),
        ("/train/", "val/train/a.jpg", False),
        ("/a.jpg", "a.jpg", True),
        ("/a.jpg", "train/a.jpg", False),
        ("**/cat/*", "train/cat/a.jpg", True),
        ("**/cat/*", "cat/a.jpg", True),
        ("train/**/a.jpg", "train/a.jpg", True),
        ("train/**/a.jpg", "train/x/y/a.jpg", True),
        ("train/[a-c]*/a.jpg", "train/cat/a.jpg", True),
        ("**", "a", True),
        ("[", "[", True),
        ("./train/*", "train/a", True),
    ],
)
def test_a_path_matches(pattern: str, path: str, matches: bool) -> None:
    assert path_pattern(pattern)(path) is matches


PART = st.sampled_from(["a", "b", "ab", "a.b"])
STARS = st.sampled_from(["a", "b", "*", "a*", "*b", "?", "**", "[ab]", "*.b"])


@settings(deadline=None, max_examples=200)
@given(
    st.lists(STARS, min_size=2, max_size=4).map("/".join),
    st.lists(PART, min_size=1, max_size=5).map("/".join),
)
def test_a_pattern_with_a_slash_is_gits(pattern: str, path: str) -> None:
    """git takes a match of a folder for all below it; here a pattern says so: `folder/`."""
    expected = GitIgnoreSpec.from_lines([pattern]).match_file(path)
    found = path_pattern(pattern)(path)
    below = any(path_pattern(pattern)(path[:at]) for at, char in enumerate(path) if char == "/")
    assert (found or below) == expected
