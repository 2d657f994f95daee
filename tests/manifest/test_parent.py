"""References to versions."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from dsv_git.errors import InputError
from dsv_git.manifest.parent import Parent, parse_parent
from tests.manifest.strategies import parents


@pytest.mark.parametrize(
    ("text", "parent"),
    [
        ("youtube@1.0", Parent("youtube", "1.0")),
        ("a/b-c@1.0-kaggle", Parent("a/b-c", "1.0-kaggle")),
        ("youtube@1.0#0123abcd", Parent("youtube", "1.0", "0123abcd")),
        ("youtube@a b", Parent("youtube", "a b")),
        ("youtube@é", Parent("youtube", "é")),
        ("clearml@1.0:2", Parent("clearml", "1.0:2")),
        ("clearml:48b8d22437624e519f6a177eddcfcd36", None),
        ("clearml:a-b_C", None),
    ],
)
def test_a_reference_names_one_version(text: str, parent: Parent | None) -> None:
    found = parse_parent(text)
    assert found == (parent or Parent(foreign=text))
    assert str(found) == text


@settings(deadline=None, max_examples=100)
@given(parents)
def test_a_reference_is_read_as_it_was_written(parent: Parent) -> None:
    assert parse_parent(str(parent)) == parent


@pytest.mark.parametrize(
    "text",
    [
        "",
        "youtube",
        "youtube@",
        "@1.0",
        "@",
        "you tube@1.0",
        "/youtube@1.0",
        "../youtube@1.0",
        "youtube/@1.0",
        "files@1.0",
        "youtube@1.0@2.0",
        "youtube@#0123abcd",
        "youtube@1.0#",
        "youtube@1.0#0123abc",
        "youtube@1.0#0123ABCD",
        "youtube@1.0#0123abcde",
        "youtube@1.0#0123abcd\n",
        "youtube@1.0\n",
        "youtube@ 1.0",
        "youtube@1.0 ",
        "clearml:",
        "clearml:a b",
        "clearml:a\n",
        "clearml:a/b",
        "dvc:abc",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_parent(text)
    assert caught.value.hint
