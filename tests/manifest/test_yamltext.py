"""YAML as text alone, and nothing in it that could attack its reader."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.errors import InputError
from dsv_git.manifest.yamlnodes import Mapping, Scalar, Sequence, plain
from dsv_git.manifest.yamltext import nearest, parse


@pytest.mark.parametrize(
    "text",
    [
        "1.10",
        "1.0",
        "no",
        "yes",
        "on",
        "true",
        "null",
        "~",
        "0x10",
        "010",
        "0o10",
        "1e3",
        "1_000",
        "2024-01-01",
        "2024-01-01T10:00:00Z",
        "12:30:45",
        ".inf",
        ".nan",
        "=",
        "1.0-kaggle",
        "é日\U0001f600",
        "a b",
        "a#b",
        "a:b",
        "https://kaggle.com/obj_detect?a=b#c",
    ],
)
def test_every_scalar_is_the_text_that_stands_there(text: str) -> None:
    assert plain(parse(f"a: {text}\nb: [{text}]\nc: '{text}'\n", "f")) == {
        "a": text,
        "b": [text],
        "c": text,
    }
    assert plain(parse(f'a: "{text}"  # {text}\n', "f")) == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", {}),
        ("# nothing\n", {}),
        ("---\n# nothing\n...\n", {}),
        ("a:\nb: ''\n", {"a": "", "b": ""}),
        ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
        ("a: >-\n  one\n  two\n", {"a": "one two"}),
        ("a: one\n  two\n", {"a": "one two"}),
        ('a: "\\u00e9\\t\\x41"\n', {"a": "é\tA"}),
        ("a: 'it''s'\n", {"a": "it's"}),
        ("a:\n- x\n-\n- y\n", {"a": ["x", "", "y"]}),
        ("a: {b: c, d: [e, f]}\n", {"a": {"b": "c", "d": ["e", "f"]}}),
        ("\ufeffa: b\n", {"a": "b"}),
        ("a: b\r\nc: d\r\n", {"a": "b", "c": "d"}),
        ("%YAML 1.1\n---\na: no\n", {"a": "no"}),
        ("<<: {a: b}\n", {"<<": {"a": "b"}}),
        ("no: no\n1: 2\n~: ~\n", {"no": "no", "1": "2", "~": "~"}),
    ],
)
def test_what_yaml_can_say_is_read(text: str, value: object) -> None:
    assert plain(parse(text, "f")) == value


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a: &x 1\n", 1, "anchors"),
        ("a: b\nc: &x [1]\n", 2, "anchors"),
        ("&x a: b\n", 1, "anchors"),
        ("a: b\nc: *x\n", 2, "alias"),
        ("a: &x [*x]\n", 1, "anchors"),
        ("a: !!str 5\n", 1, "tag"),
        ("a: b\nc: !!python/object/apply:os.system [ls]\n", 2, "tag"),
        ("a: !x 5\n", 1, "tag"),
        ("a: ! 5\n", 1, "tag"),
        ("a: !!seq [b]\n", 1, "tag"),
        ("!!map {a: b}\n", 1, "tag"),
        ("!!str a: b\n", 1, "tag"),
        ("a: {b: !!int 1}\n", 1, "tag"),
        ("a: !!binary aGk=\n", 1, "tag"),
        ("%TAG ! tag:x,2024:\n---\na: !y 1\n", 3, "tag"),
        ("a: b\na: c\n", 2, "the key 'a' stands twice"),
        ("a: b\n'a': c\n", 2, "the key 'a' stands twice"),
        ("a:\n  b: 1\n  b: 2\n", 3, "the key 'b' stands twice"),
        ("a: {b: 1, b: 2}\n", 1, "the key 'b' stands twice"),
        ("a: 1\n---\nb: 2\n", 2, "another document"),
        ("a: [1, 2\n", 2, "not valid YAML"),
        ("a: 1\n b: 2\n", 2, "not valid YAML"),
        ("a: b: c\n", 1, "not valid YAML"),
        ("a: 1\n\tb: 2\n", 2, "not valid YAML"),
        ("a:\n\t- b\n", 2, "not valid YAML"),
        ('a: 1\nb: "c\n', 3, "not valid YAML"),
        ("a: @b\n", 1, "not valid YAML"),
        ("a: 1\nb: \x01\n", 2, "not valid YAML"),
        ("a: 1\nb: \ud800\n", 2, "not valid YAML"),
        ('a: 1\nb: "\\q"\n', 2, "not valid YAML"),
        ('a: 1\nb: "\\U00110000"\n', 2, "not valid YAML"),
        ('a: 1\nb: "\\Uffffffff"\n', 2, "not valid YAML"),
        ('a: 1\nb: "\\ud800"\n', 2, "a character that no text may hold"),
        ('a: 1\nb: "c\\0"\n', 2, "a character that no text may hold"),
        ("%YAML 2.0\n---\na: 1\n", 1, "not valid YAML"),
        ("- a\n", 1, "must be a mapping"),
        ("a\n", 1, "must be a mapping"),
        ("\n\n[a]\n", 3, "must be a mapping"),
        ("a: b\n? [c]\n: d\n", 2, "a key must be a text"),
        ("<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> b\n", 1, "merge conflict"),
        ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> c\n", 2, "merge conflict"),
    ],
)
def test_anything_else_is_refused_with_file_and_line(text: str, line: int, word: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text, "manifests/a/manifest.yaml")
    assert caught.value.where == f"manifests/a/manifest.yaml:{line}"
    assert word in caught.value.message


@pytest.mark.parametrize("count", [30, 300, 700])
@pytest.mark.parametrize(
    "form",
    [
        lambda n: "a: " + "[" * n + "]" * n,
        lambda n: "a: " + "{b: " * n + "}" * n,
        lambda n: "a:\n" + "".join(" " * i + "b:\n" for i in range(1, min(n, 400))),
        lambda n: "a:\n" + "- " * n + "b\n",
    ],
    ids=["lists", "mappings", "blocks", "items"],
)
def test_a_deep_nesting_is_refused(form: object, count: int) -> None:
    with pytest.raises(InputError, match="nested too deeply"):
        parse(form(count), "f")  # type: ignore[operator]


def test_laughs_are_not_multiplied() -> None:
    text = "a: &a [x, x]\n" + "".join(
        f"{one}: &{one} [*{before}, *{before}]\n"
        for before, one in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(InputError, match="anchors"):
        parse(text, "f")


@settings(deadline=None, max_examples=300)
@given(
    st.text(max_size=20)
    | st.text(st.sampled_from("ab:- \n\t#'\"[]{},|>&*!%?~\\U0\ufeff\r\x85\u2028"), max_size=20)
)
def test_a_text_is_read_or_refused_and_nothing_else_happens(text: str) -> None:
    try:
        found = parse(text, "f")
    except InputError as error:
        where = error.where or ""
    else:
        where = "f:1"
        assert isinstance(found, Mapping)
    assert where.startswith("f:")


def test_spans_say_where_a_value_stands() -> None:
    text = "\ufeff# c\nkey:   'it'  # c\nlist:\n- a\n- b\n"
    found = parse(text, "f")
    one, two = found.get("key"), found.get("list")
    assert isinstance(one, Scalar)
    assert isinstance(two, Sequence)
    assert text[one.span.start : one.span.end] == "'it'"
    assert (one.span.line, two.span.line) == (2, 4)
    assert [text[item.span.start : item.span.end] for item in two.items] == ["a", "b"]
    assert found.get("other") is None


def test_the_nearest_word_is_the_likely_one() -> None:
    assert nearest("lables", ("labels", "layout")) == "labels"
    assert nearest("zzz", ("labels", "layout")) is None
