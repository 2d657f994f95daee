"""Names of lists that no path leads to, and lists that would collide."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.layout import Layout, refuse_case_collisions
from dsv_git.manifest.names import encode_part
from tests.manifest.lists import CAT


@pytest.mark.parametrize(
    "file",
    [
        "files/a/b/c.jsonl",  # deeper than the layout
        "files/a",
        "files/a.json",
        "other/a.jsonl",
        "a.jsonl",
        "manifest.yaml",
        "files/.jsonl",  # no name at all
        "files/a/.jsonl",
        "files//a.jsonl",
        "files/a b.jsonl",  # not encoded
        "files/é.jsonl",
        "files/%61.jsonl",  # encoded without need
        "files/%2e.jsonl",
        "files/.a.jsonl",
        "files/%2E.jsonl",  # the folder `.`
        "files/%2E..jsonl",  # the folder `..`
        "files/a/%2E..jsonl",
        "files/a%2Fb.jsonl",  # no folder's name holds a slash,
        "files/%00.jsonl",  # nor a NUL
        "files/a/_.jsonl",
        "files/a.jsonl.jsonl",
        "files/a~0.jsonl",  # no fan is declared
        "files/fan.jsonl",  # a fan is declared
        "files/fan~00.jsonl",  # of another width
        "files/fan~g.jsonl",
        "files/fan~A.jsonl",
        "files/fan~.jsonl",
        "files/fan~0~0.jsonl",
        "files/_~0.jsonl",
        f"files/{'x' * 231}.jsonl",  # goes to a shorter ancestor's list
        f"files/a/{'x' * 231}.jsonl",
    ],
)
def test_a_list_that_the_layout_does_not_have_is_refused(file: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Layout(2, {"fan": 1}).prefix(file)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 3), st.text(st.sampled_from("aA._~0/%2EeF5jsonl"), max_size=12))
def test_a_list_name_is_taken_only_where_a_path_leads_to_it(depth: int, stem: str) -> None:
    file = f"files/{stem}.jsonl"
    layout = Layout(depth, {"a": 1})
    try:
        prefix = layout.prefix(file)
    except ValueError:
        return
    homes = {layout.place(f"{prefix}{number}")[0] for number in range(200)}
    assert file in homes


@pytest.mark.parametrize(
    ("depth", "one", "other"),
    [
        (1, "Cat/a", "cat/a"),
        (2, "train/Cat/a", "train/cat/b"),
        (2, "Train/cat/a", "train/dog/b"),  # the folders of the lists collide
        (3, "a/B/c/1", "a/b/d/2"),
    ],
)
def test_lists_that_differ_by_case_alone_are_not_written(depth: int, one: str, other: str) -> None:
    with pytest.raises(InputError, match="differ by case alone"):
        Layout(depth).split([Entry(one, 1, CAT), Entry(other, 1, CAT)])
    assert len(Layout(0).split([Entry(one, 1, CAT), Entry(other, 1, CAT)])) == 1


def test_names_that_differ_by_more_than_case_are_fine() -> None:
    refuse_case_collisions(["files/a.jsonl", "files/a/b.jsonl", "files/ab.jsonl", "files/a.jsonl"])
    refuse_case_collisions([f"files/{encode_part(part)}.jsonl" for part in ("é", "É")])
