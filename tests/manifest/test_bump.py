"""The next version's name, and what may be a name at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.errors import InputError
from dsv_git.manifest.bump import bump, check_version


@pytest.mark.parametrize(
    ("version", "after"),
    [
        ("1.0", "1.1"),
        ("1.9", "1.10"),
        ("1.99", "1.100"),
        ("0.0", "0.1"),
        ("1.0-kaggle", "1.1-kaggle"),
        ("1.0+local", "1.1+local"),
        ("1.0_a-2.3", "1.1_a-2.3"),
        ("1.2.3", "1.2.4"),
        ("1.2.9-rc1", "1.2.10-rc1"),
        ("2024.01", "2024.2"),
        ("1.0-été", "1.1-été"),
    ],
)
def test_the_last_number_goes_up_by_one(version: str, after: str) -> None:
    assert bump(version) == after


@pytest.mark.parametrize(
    "version",
    [
        "v1",
        "v1.0",
        "2024",
        "1",
        "",
        "1.",
        ".1",
        "1.0.0.0",
        "1.0rc1",
        "1.x",
        "1.0 a",
        "1.0-a b",
        "-1.0",
        "1.0\n",
        "\uff11.\uff10",
        "1.0.",
        "final",
    ],
)
def test_any_other_text_needs_a_person_to_say_what_comes_next(version: str) -> None:
    with pytest.raises(InputError) as caught:
        bump(version)
    assert caught.value.hint == "give it: --version V"
    assert repr(version) in caught.value.message


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=3), st.sampled_from(("", "-a", "+b.1")))
def test_a_bump_changes_the_last_number_and_nothing_else(numbers: list[int], suffix: str) -> None:
    after = [*numbers[:-1], numbers[-1] + 1]
    found = bump(".".join(map(str, numbers)) + suffix)
    assert found == ".".join(map(str, after)) + suffix
    assert check_version(found) == found


@pytest.mark.parametrize(
    "version",
    ["1.0", "1.0-kaggle", "a b", "é", "v1", "1/2", "..", "_", ".hidden", "x.jsonl", "1" * 230],
)
def test_a_printable_text_is_a_version(version: str) -> None:
    assert check_version(version) == version


@pytest.mark.parametrize(
    "version",
    [
        "",
        " ",
        " 1.0",
        "1.0 ",
        "a\nb",
        "a\tb",
        "a@b",
        "@",
        "a#b",
        "#01234567",
        "\x1b[31m",
        "\ud800",
        "\u202e1.0",
        "1.0\u200b",
        "1" * 231,
        "é" * 39,
    ],
)
def test_a_text_that_would_mislead_or_not_fit_is_no_version(version: str) -> None:
    with pytest.raises(InputError):
        check_version(version)
