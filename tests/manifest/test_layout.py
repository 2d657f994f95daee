"""Which list a row is in, and where a list's rows come from."""

from __future__ import annotations

import pytest
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.layout import DEEPEST, Layout
from dsv_git.manifest.names import LONGEST_PART
from tests.manifest.lists import CAT
from tests.manifest.strategies import paths

LONG = "x" * 231
FITS = "x" * 230


@st.composite
def placed(draw: st.DrawFn) -> tuple[Layout, str]:
    """A path, and a layout that has a fan for its list or for another one, or none."""
    path = draw(paths)
    depth = draw(st.integers(0, DEEPEST))
    folder = path.rpartition("/")[0]
    stems = [Layout(depth).stem(folder)[0], Layout(depth).stem(draw(paths))[0], "_"]
    fans = draw(st.dictionaries(st.sampled_from(stems), st.integers(0, 4), max_size=2))
    return Layout(depth, fans), path


@pytest.mark.parametrize(
    ("depth", "path", "file", "inner"),
    [
        (0, "a.jpg", "files/_.jsonl", "a.jpg"),
        (0, "train/cat/a.jpg", "files/_.jsonl", "train/cat/a.jpg"),
        (1, "a.jpg", "files/_.jsonl", "a.jpg"),
        (1, "train/a.jpg", "files/train.jsonl", "a.jpg"),
        (1, "train/cat/a.jpg", "files/train.jsonl", "cat/a.jpg"),
        (2, "train/a.jpg", "files/train.jsonl", "a.jpg"),
        (2, "train/cat/a.jpg", "files/train/cat.jsonl", "a.jpg"),
        (2, "train/cat/x/a.jpg", "files/train/cat.jsonl", "x/a.jpg"),
        (2, "_/a.jpg", "files/%5F.jsonl", "a.jpg"),
        (2, "a/_/b", "files/a/%5F.jsonl", "b"),
        (2, "train.jsonl/a", "files/train%2Ejsonl.jsonl", "a"),
        (2, "train.jsonl/b/a", "files/train%2Ejsonl/b.jsonl", "a"),
        (1, ".cache/a", "files/%2Ecache.jsonl", "a"),
        (1, "my cats/été.jpg", "files/my%20cats.jsonl", "été.jpg"),
        (1, f"{LONG}/a", "files/_.jsonl", f"{LONG}/a"),
        (1, f"{FITS}/a", f"files/{FITS}.jsonl", "a"),
        (3, f"a/{LONG}/b/c", "files/a.jsonl", f"{LONG}/b/c"),
        (1, f"{'é' * 39}/a", "files/_.jsonl", f"{'é' * 39}/a"),
    ],
)
def test_the_list_of_a_path(depth: int, path: str, file: str, inner: str) -> None:
    layout = Layout(depth)
    assert layout.place(path) == (file, inner)
    assert layout.prefix(file) + inner == path


def test_a_fan_splits_a_list_by_the_hash_of_the_path_within_it() -> None:
    layout = Layout(2, {"train/cat": 1, "_": 2, "my%20cats": 1})
    one = xxhash.xxh3_64_hexdigest(b"a.jpg")
    assert layout.place("train/cat/a.jpg") == (f"files/train/cat~{one[:1]}.jsonl", "a.jpg")
    assert layout.place("a.jpg") == (f"files/_~{one[:2]}.jsonl", "a.jpg")
    assert layout.place("my cats/a.jpg") == (f"files/my%20cats~{one[:1]}.jsonl", "a.jpg")
    assert layout.place("train/dog/a.jpg") == ("files/train/dog.jsonl", "a.jpg")
    assert layout.prefix("files/train/cat~0.jsonl") == "train/cat/"
    assert layout.prefix("files/_~00.jsonl") == ""


def test_the_digits_of_a_fan_are_fixed_for_ever() -> None:
    layout = Layout(0, {"_": 4})
    assert layout.place("img_0001.jpg")[0] == "files/_~4ae7.jsonl"
    assert layout.place("été/日.jpg")[0] == "files/_~e113.jsonl"


@settings(deadline=None, max_examples=300)
@given(placed())
def test_the_place_of_a_path_leads_back_to_it(case: tuple[Layout, str]) -> None:
    layout, path = case
    file, inner = layout.place(path)
    assert layout.prefix(file) + inner == path
    assert file.startswith("files/")
    assert file.endswith(".jsonl")
    parts = file.removesuffix(".jsonl").split("/")[1:]
    assert len(parts) <= max(layout.depth, 1)
    assert all(0 < len(part.partition("~")[0]) <= LONGEST_PART for part in parts)


@settings(deadline=None, max_examples=150)
@given(placed(), st.lists(paths, min_size=1, max_size=8))
def test_two_paths_never_share_a_place(case: tuple[Layout, str], others: list[str]) -> None:
    layout, path = case
    several = {path, *others}
    assert len({layout.place(one) for one in several}) == len(several)


@settings(deadline=None, max_examples=100)
@given(placed(), st.lists(paths, min_size=1, max_size=8))
def test_what_was_split_into_lists_comes_together_again(
    case: tuple[Layout, str], others: list[str]
) -> None:
    layout, path = case
    entries = [Entry(one, 1, CAT) for one in {path, *others}]
    folded = {layout.place(entry.path)[0] for entry in entries}
    try:
        lists = layout.split(entries)
    except InputError:
        assert len({name.casefold() for name in _ancestors(folded)}) < len(_ancestors(folded))
        return
    again = [
        Entry(layout.prefix(file) + row.path, row.size, row.hash)
        for file, rows in lists.items()
        for row in rows
    ]
    assert {entry.path: entry for entry in again} == {entry.path: entry for entry in entries}
    assert len(again) == len(entries)
    for file, rows in lists.items():
        for row in rows:
            assert layout.place(layout.prefix(file) + row.path) == (file, row.path)


def _ancestors(names: set[str]) -> set[str]:
    return {
        "/".join(name.split("/")[:count])
        for name in names
        for count in range(1, name.count("/") + 2)
    }


def test_an_entry_keeps_everything_but_its_path_in_a_list() -> None:
    entry = Entry("train/cat/a.jpg", 7, CAT, "cat", "train", CAT, {"k": True})
    (rows,) = Layout(1).split([entry]).values()
    assert rows == [Entry("cat/a.jpg", 7, CAT, "cat", "train", CAT, {"k": True})]
