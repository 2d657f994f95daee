"""Include and exclude mean what they mean in a `.gitignore`."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from dsv_git.errors import InputError
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.walk import walk
from tests.scan.conftest import put

TREE = [
    "a.jpg",
    "a.JPG",
    "b.png",
    "build/a.jpg",
    "build.jpg/x.txt",
    "deep/build/c.jpg",
    "deep/er/.DS_Store",
    "deep/er/a.jpg",
    "deep/er/keep.tmp",
    "deep/x.tmp",
    "train/cat/1.jpg",
    "train/cat/2.png",
    "train/dog/1.jpg",
    "x.tmp",
    "with space/a b.jpg",
    "#hash",
    "!bang",
]

EXCLUDES = [
    ("*.jpg",),
    ("**/*.jpg",),
    ("/*.jpg",),
    ("build/",),
    ("/build/",),
    ("deep/**",),
    ("deep/*",),
    ("**/er/",),
    ("train/*/1.jpg",),
    ("train/**/1.jpg",),
    (".DS_Store", "*.tmp"),
    ("*.tmp", "!keep.tmp"),
    ("deep/*", "!deep/er/"),
    ("*.[jJ][pP][gG]",),
    ("?.png",),
    ("# a comment", "", "x.tmp"),
    ("\\#hash", "\\!bang"),
    ("with space/",),
]


def taken(root: Path, patterns: Patterns) -> set[str]:
    return {file.path for file in walk(root, patterns).files}


@pytest.mark.parametrize("exclude", EXCLUDES, ids=" ".join)
def test_exclude_leaves_out_what_git_ignores(root: Path, exclude: tuple[str, ...]) -> None:
    for path in TREE:
        put(root, path)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (root / ".git/info/exclude").write_text("\n".join(exclude) + "\n")
    ignored = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-o", "-i", "--exclude-standard", "-z"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    assert taken(root, Patterns(exclude=exclude)) == set(TREE) - set(ignored)


def test_include_takes_only_what_it_matches(root: Path) -> None:
    for path in TREE:
        put(root, path)
    assert taken(root, Patterns(include=("train/**/*.jpg", "*.png"))) == {
        "b.png",
        "train/cat/1.jpg",
        "train/cat/2.png",
        "train/dog/1.jpg",
    }


def test_exclude_wins_over_include(root: Path) -> None:
    for path in TREE:
        put(root, path)
    patterns = Patterns(include=("train/",), exclude=("dog/",))
    assert taken(root, patterns) == {"train/cat/1.jpg", "train/cat/2.png"}


def test_patterns_that_say_nothing_take_everything(root: Path) -> None:
    put(root, "a")
    assert taken(root, Patterns(include=("# only a comment", ""))) == {"a"}


def test_a_file_below_an_excluded_folder_can_be_in_again(root: Path) -> None:
    put(root, "logs/a.txt")
    put(root, "logs/keep.txt")
    assert taken(root, Patterns(exclude=("logs/*", "!logs/keep.txt"))) == {"logs/keep.txt"}


def test_a_pattern_that_is_none_is_refused_with_its_place() -> None:
    with pytest.raises(InputError) as refused:
        Patterns(exclude=("!",)).matcher()
    assert refused.value.where == "data.exclude"


PART = st.text("ab.*?[]\\ ", min_size=1, max_size=4)
LINES = st.lists(st.lists(PART, min_size=1, max_size=3).map("/".join), min_size=1, max_size=3)
NAME = st.text("ab. ", min_size=1, max_size=3).filter(lambda name: name.strip("."))
PATHS = st.lists(NAME, min_size=1, max_size=3).map("/".join)


def test_a_bracket_in_brackets_is_a_pattern_without_a_warning() -> None:
    matcher = Patterns(exclude=("[[]",)).matcher()
    assert matcher is not None
    assert not matcher.takes("[")
    assert matcher.takes("a")


@pytest.mark.filterwarnings("ignore:Possible nested set:FutureWarning")  # of pathspec's own
@settings(deadline=None, max_examples=200)
@given(LINES, PATHS)
def test_one_expression_says_what_pathspec_says(lines: list[str], path: str) -> None:
    try:
        expected = GitIgnoreSpec.from_lines(lines).match_file(path)
    except ValueError:
        return
    matcher = Patterns(exclude=tuple(lines)).matcher()
    assert matcher is not None
    assert matcher.takes(path) is not expected
