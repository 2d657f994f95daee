"""Labels that the path of a file tells."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.errors import InputError
from dsv_git.manifest.declaration import Labels
from dsv_git.scan.labels import Labelled, Labeller, open_labels
from dsv_git.scan.labels.pattern import PathPattern


def opened(pattern: str) -> Labeller:
    return open_labels(Labels(path=pattern), {}, Path("/nowhere"), ())


def test_folders_are_split_and_label() -> None:
    labels = opened("{split}/{label}/*")

    assert labels.annotation("train/cat/1.jpg") == Labelled("cat", "train")
    assert labels.notices == ()


@pytest.mark.parametrize(
    "path", ["cat/1.jpg", "a/train/cat/1.jpg", "train/cat/deep/1.jpg", "train//1.jpg", "train/cat"]
)
def test_a_path_of_another_form_has_no_label(path: str) -> None:
    assert opened("{split}/{label}/*").annotation(path) is None


def test_other_fields_become_props() -> None:
    found = opened("{camera}/{label}_{number}.{kind}").annotation("roof/cat_0012.jpg")

    assert found == Labelled("cat", props={"camera": "roof", "number": "0012", "kind": "jpg"})


def test_a_pattern_without_label_gives_a_split_alone() -> None:
    assert opened("{split}/**").annotation("val/a/b.jpg") == Labelled(split="val")


def test_the_first_of_two_fields_takes_as_much_as_it_can() -> None:
    found = opened("{label}_{number}.jpg").annotation("big_cat_7.jpg")

    assert found == Labelled("big_cat", props={"number": "7"})


@pytest.mark.parametrize(
    ("pattern", "path", "label"),
    [
        ("**/{label}/*", "cat/1.jpg", "cat"),
        ("**/{label}/*", "a/b/cat/1.jpg", "cat"),
        ("{label}/**/*.jpg", "cat/1.jpg", "cat"),
        ("{label}/**/*.jpg", "cat/a/b/1.jpg", "cat"),
        ("{label}/**", "cat/a/b/1.jpg", "cat"),
        ("**/**/{label}/*", "cat/1.jpg", "cat"),
        ("a/**/b/{label}.txt", "a/b/cat.txt", "cat"),
        ("./{label}/*", "cat/1.jpg", "cat"),
        ("{label}/img*.jpg", "cat/img.jpg", "cat"),
        ("{label}/img*.jpg", "cat/img_7.jpg", "cat"),
    ],
)
def test_stars(pattern: str, path: str, label: str) -> None:
    found = opened(pattern).annotation(path)

    assert found is not None
    assert found.label == label


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("{label}/**", "cat"),
        ("{label}/**/*.jpg", "cat/a.png"),
        ("{label}/*.jpg", "cat/1xjpg"),
        ("{label}/[ab]?.jpg", "cat/a1.jpg"),
        ("{label}/(a|b)+$", "cat/a"),
    ],
)
def test_everything_else_stands_for_itself(pattern: str, path: str) -> None:
    assert opened(pattern).annotation(path) is None


def test_line_ends_in_names_are_letters_like_others() -> None:
    assert opened("{label}/*").annotation("a\nb/c\n") == Labelled("a\nb")


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("{}/*", "no name"),
        ("{label}/{label}", "label is twice"),
        ("{la-bel}/*", "letters, digits"),
        ("{1st}/*", "letters, digits"),
        ("{ label}/*", "letters, digits"),
        ("{läbel}/*", "letters, digits"),
        ("{label/*", "{ stands alone"),
        ("label}/*", "} stands alone"),
        ("{a{b}}/*", "{ stands alone"),
        ("{a/b}/*", "{ stands alone"),
        ("a/*", "no field"),
        ("", "empty"),
        ("/{label}/*", "empty"),
        ("{label}//*", "empty"),
        ("{label}/", "empty"),
        ("{label}/a**", "whole part"),
        ("{label}{split}/*", "nothing tells"),
        ("{label}*/x", "nothing tells"),
    ],
)
def test_what_is_no_pattern_is_refused_by_its_reason(pattern: str, reason: str) -> None:
    with pytest.raises(InputError, match=re.escape(reason)):
        opened(pattern)


_part = st.text(st.characters(exclude_characters="/", codec="utf-8"), min_size=1)


@settings(deadline=None, max_examples=100)
@given(_part, _part, st.lists(_part, max_size=3), _part)
def test_any_part_of_a_path_is_found_as_it_is(
    split: str, label: str, between: list[str], name: str
) -> None:
    path = "/".join((split, *between, label, name))

    assert opened("{split}/**/{label}/*").annotation(path) == Labelled(label, split)


@settings(deadline=None, max_examples=100)
@given(st.text(st.characters(exclude_characters="/*{}", codec="utf-8")))
def test_plain_text_matches_itself_alone(text: str) -> None:
    labels = opened(f"{{label}}/x{text}")

    assert labels.annotation(f"cat/x{text}") == Labelled("cat")
    assert labels.annotation(f"cat/x{text}y") is None
    assert labels.annotation(f"cat/y{text}") is None


def test_files_of_one_folder_agree_where_the_last_part_is_free() -> None:
    pattern = PathPattern("{split}/{label}/*")
    paths = ["train/cat/a.jpg", "train/cat/b.jpg", "train/dog/a.jpg", "train/a.jpg", "a.jpg"]
    fresh = [PathPattern("{split}/{label}/*").annotation(path) for path in paths]
    assert [pattern.annotation(path) for path in paths] == fresh
    assert [found.label if found else None for found in fresh] == ["cat", "cat", "dog", None, None]
