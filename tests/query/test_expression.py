"""What an expression says of an entry, and what is said of a text that is no expression."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry
from dsv_git.query.expression import compiled
from dsv_git.query.grammar import GRAMMAR, LONGEST

CAT = Entry("train/cat/a.jpg", 12_000, "xxh3:" + "1" * 32, "cat", "train", None, {"fold": "3"})
STREET = Entry(
    "val/street/b.png",
    2_000_000,
    "sha256:" + "2" * 64,
    ("car", "cat", "cat"),
    "val",
    "xxh3:" + "3" * 32,
    {"fold": 5, "night shot": True, "when": "2024-05-01"},
)
BARE = Entry("readme.txt", 0, "md5:" + "4" * 32)
ALL = (CAT, STREET, BARE)
PROPS = {"fold", "night shot", "when"}


def chosen(text: str) -> list[Entry]:
    return list(filter(compiled(text, PROPS).matches, ALL))


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ('label == "cat"', [CAT, STREET]),
        ('label = "car"', [STREET]),
        ('label != "cat"', [BARE]),
        ('"car" in label', [STREET]),
        ('"car" not in label', [CAT, BARE]),
        ("label in ['car', \"dog\"]", [STREET]),
        ("label not in ['car']", [CAT, BARE]),
        ('label like "c?r"', [STREET]),
        ('label not like "c*"', [BARE]),
        ("label", [CAT, STREET]),
        ("not label", [BARE]),
        ("ann", [STREET]),
        ("!ann && split", [CAT]),
        ("size > 1 MB", [STREET]),
        ("size >= 12kB and size < 11.7 KiB", []),
        ("size <= 12 kB", [CAT, BARE]),
        ("size == 0", [BARE]),
        ("size in [0, 12000]", [CAT, BARE]),
        ('split == "train" or split == "val"', [CAT, STREET]),
        ('split == "x" or label == "cat" and split == "val"', [STREET]),
        ('(split == "x" or label == "cat") and not split == "val"', [CAT]),
        ('not not (label == "car")', [STREET]),
        ('path like "train/**"', [CAT]),
        ('path like "*.jpg" || path == "readme.txt"', [CAT, BARE]),
        ('hash like "sha256:*"', [STREET]),
        ("props.fold >= 3", [CAT, STREET]),
        ("props.fold == 3", [CAT]),
        ('props.fold == "3"', [CAT]),
        ("props.fold != 5", [CAT, BARE]),
        ('props["night shot"] == true', [STREET]),
        ('props["night shot"] == 1', []),
        ('props.when > "2024-01"', [STREET]),
        ("props.fold", [CAT, STREET]),
    ],
)
def test_what_an_expression_chooses(text: str, entries: list[Entry]) -> None:
    assert chosen(text) == entries


@pytest.mark.parametrize(
    ("text", "message", "mark"),
    [
        ('labl == "cat"', "did you mean label?", 0),
        ('label == "cat" and foo', "names that there are: ann, hash, label, path, props.fold", 19),
        ("label.__class__", "there is no name 'label.__class__'", 0),
        ("props.foldd > 3", "did you mean fold?", 6),
        ('props["x"]', "no file has a property 'x'", 6),
        ("label == cat", 'a text in quotes: "cat"', 9),
        ('"cat" == label', "the field stands first", 6),
        ('label == "cat', "this text does not end", 9),
        ('label == "cat" and', "the expression ends too early", 18),
        ('(label == "cat"', "the expression ends too early", 15),
        ("  ", "the expression is empty", 0),
        ('open("x")', "there are no functions", 4),
        ('size > "x"', "size is a number of bytes", 7),
        ("label == 3", "label is a text", 9),
        ('label < "x"', "label has no order", 6),
        ('size like "1*"', "size is a number", 0),
        ('"train" in path', 'path like "*train*"', 11),
        ("path", "every file has a path", 0),
        ("size > 2 ** 3", "this is not understood here", 9),
        ("(" * 51 + "label" + ")" * 51, "more than 50 brackets", 50),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, message: str, mark: int) -> None:
    with pytest.raises(InputError) as error:
        compiled(text, PROPS)
    assert message in str(error.value)
    assert f"\n  {' ' * mark}^" in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        '__import__("os").system("touch hacked")',
        'path.__class__.__mro__[1].__subclasses__() == "x"',
        '[x for x in [1]] == "x"',
        "9 ** 9 ** 9 == size",
        '"%999999999d" % 1 == path',
        "label == lambda: 0",
        "label;import os",
        "label == \"\\0\" or exec('1')",
    ],
)
def test_nothing_of_a_hostile_text_runs(text: str) -> None:
    with pytest.raises(InputError):
        compiled(text, PROPS)


def test_a_hostile_pattern_or_chain_does_not_hang() -> None:
    long = Entry("a" * 4000, 1, "md5:" + "4" * 32, "a" * 4000)
    pattern = "*a" * ((LONGEST - 20) // 2)
    for text in (
        f'path like "{pattern}b"',
        f'label like "{pattern}b"',
        f'path like "{"**/" * 990}x"',
    ):
        assert not compiled(text, ()).matches(long)
    assert compiled("not " * 900 + "label", ()).matches(long)
    assert compiled(" or ".join(["ann"] * 400 + ["label"]), ()).matches(long)


def test_a_text_beyond_the_limit_is_refused() -> None:
    with pytest.raises(InputError, match="4,000"):
        compiled('label == "' + "x" * LONGEST + '"', ())


@settings(deadline=None, max_examples=100)
@given(st.text(st.sampled_from("labelsizept.=<>!&|()[]'\"\\ 0k\n*né"), max_size=60))
def test_any_text_is_an_expression_or_gets_a_message(text: str) -> None:
    said = None
    try:
        assert isinstance(compiled(text, PROPS).matches(CAT), bool)
    except InputError as error:
        said = str(error)
    assert said is None or "^" in said


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=20))
def test_a_value_in_quotes_is_that_text(value: str) -> None:
    quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    entry = Entry("x", 1, CAT.hash, value or "-")
    assert compiled(f'label == "{quoted}"', ()).matches(entry) == bool(value)


def test_the_labels_and_splits_that_it_names_are_told() -> None:
    found = compiled('label in ["a", "b"] and not split == "c" or "d" in label', ())
    assert (found.labels, found.splits) == (("a", "b", "d"), ("c",))


def test_the_grammar_has_no_regular_expression_and_no_call() -> None:
    assert "matches" not in GRAMMAR
    assert 'NAME "("' not in GRAMMAR
