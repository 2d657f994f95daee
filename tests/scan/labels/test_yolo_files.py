"""A label file of YOLO: its classes, and a hash that only the annotations change."""

from __future__ import annotations

import pytest
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.errors import InputError
from dsv_git.scan.labels.yolofile import read_objects

NAMES = {0: "cat", 1: "dog", 7: "cat"}
numbers = st.floats(0, 1, allow_nan=False)
objects = st.lists(
    st.tuples(st.sampled_from((0, 1, 7)), st.lists(numbers, min_size=4, max_size=9)),
    min_size=1,
    max_size=6,
)


def read(text: str) -> tuple[list[str], str | None]:
    return read_objects(text.encode(), NAMES, "a.txt")


def ann(text: str) -> str | None:
    return read(text)[1]


def test_every_line_is_an_object() -> None:
    labels, found = read("0 0.5 0.5 0.2 0.1\n\n1 .1 .1 .1 .1 \r\n7 1 1 1 1 0.9")
    assert labels == ["cat", "dog", "cat"]
    assert found is not None


def test_the_hash_is_that_of_the_written_form() -> None:
    text = b'[["cat","dog"],[[0,0.5,0.5,0.2,0.25],[0,1,0,1e-7,1],[1,0.1,0.1,0.1,0.1,0.9]]]'
    found = ann("1 .1 .1 .1 .1 .9\n7 1 0 1e-7 1\n0 0.50 0.5 2e-1 .25\n")
    assert found == f"xxh3:{xxhash.xxh3_128_hexdigest(text)}"


@pytest.mark.parametrize("text", ["", "\n", " \r\n\n\t"])
def test_an_empty_file_has_no_label(text: str) -> None:
    assert read(text) == ([], None)


@settings(deadline=None, max_examples=100)
@given(rows=objects.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_order_of_lines_and_form_of_numbers_do_not_matter(
    rows: tuple[list[tuple[int, list[float]]], list[tuple[int, list[float]]]],
) -> None:
    plain = [" ".join([str(c), *map(repr, row)]) for c, row in rows[0]]
    other = [" ".join([f"{float(c)}", *(f"{n:.400f}" for n in row)]) for c, row in rows[1]]

    assert ann("\n".join(plain)) == ann("\r\n".join(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0 0.50 5e-1 .5 1", "0 0.5 0.5 0.5 1.0"),
        ("0 -0.0 0 0 0", "0 0 0 0 0"),
        ("0 .1 .2 .3 .4\n1 .1 .2 .3 .4", "1 .1 .2 .3 .4\n0 .1 .2 .3 .4"),
        ("0 .1 .2 .3 .4", "7 .1 .2 .3 .4"),  # the same name
        ("0 .1 .2 .3 .4", "0 .1 .2 .3 0.40000000000000002"),  # the same number
    ],
)
def test_the_same_annotations_have_the_same_hash(one: str, other: str) -> None:
    assert ann(one) == ann(other)


@pytest.mark.parametrize(
    "other",
    [
        "1 0.1 0.2 0.3 0.4",
        "0 0.1 0.2 0.3 0.4 0.9",
        "0 0.2 0.1 0.3 0.4",
        "0 0.1 0.2 0.3 0.4\n0 0.1 0.2 0.3 0.4",
    ],
)
def test_another_box_class_polygon_or_confidence_is_another_hash(other: str) -> None:
    assert ann(other) != ann("0 0.1 0.2 0.3 0.4")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2 .1 .1 .1 .1", "there is no class 2\n  classes: 0 to 7"),
        ("-1 .1 .1 .1 .1", "there is no class -1"),
        ("0.5 .1 .1 .1 .1", "there is no class 0.5"),
        ("0 .1 .1 .1", "not an object: 4 numbers, 5 or more are needed: '0 .1 .1 .1'"),
        ("cat .1 .1 .1 .1", "not an object: 'cat .1 .1 .1 .1'\n  a line is: class x y"),
        ("0 .1 .1 .1 nan", "not an object: '0 .1 .1 .1 nan'"),
        ("nan .1 .1 .1 .1", "not an object"),
        ("0 .1 .1 .1 1e999", "not an object"),
        ("0 .1 .1 .1 1_0", "not an object"),
        ("0,.1,.1,.1,.1", "not an object"),
        ("\x1b[31m .1 .1 .1 .1", "not an object: '\\x1b"),
    ],
)
def test_a_bad_line_is_named_by_file_and_line(line: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        read(f"0 .1 .1 .1 .1\n\n{line}\n")
    assert str(caught.value).startswith(f"a.txt:3: {reason}")
