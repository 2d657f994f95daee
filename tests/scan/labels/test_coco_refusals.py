"""A COCO file that cannot be used is named, and the annotation that is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dsv_git.errors import InputError
from tests.scan.labels.documents import Document, box, document, read, write


def refusal(place: Path) -> str:
    """What is said of this file; its place is named."""
    with pytest.raises(InputError) as caught:
        read(place.parent, ("a.jpg", "b.jpg"), train=place)
    assert caught.value.where == str(place)
    return caught.value.message


def refusal_of(tmp_path: Path, content: Document) -> str:
    return refusal(write(tmp_path / "a.json", content))


@pytest.mark.parametrize(
    ("annotation", "reason"),
    [
        (box(41, 77), "annotation 41: there is no image 77"),
        (box(41, 1, 9), "annotation 41: there is no category 9"),
        ({"id": 41, "bbox": []}, "annotation 41: Object missing required field `image_id`"),
        ({"id": 41, "image_id": None}, "annotation 41: Expected `int | str`, got `null`"),
        ({"id": 41, "image_id": 1.5}, "annotation 41: Expected `int | str`, got `float`"),
        ({"id": 41, "image_id": 1, "category_id": []}, "annotation 41: Expected"),
        ({"caption": "a"}, "an annotation: Object missing required field `image_id`"),
    ],
)
def test_a_bad_annotation_is_named_by_its_id(
    tmp_path: Path, annotation: dict[str, Any], reason: str
) -> None:
    content = document({1: "a.jpg"}, box(40, 1), annotation)

    assert reason in refusal_of(tmp_path, content)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize("key", ["area", "bbox", "attributes"])
def test_a_number_that_is_none_is_named_by_its_image(tmp_path: Path, number: str, key: str) -> None:
    values: dict[str, Any] = {"area": 0.125, "bbox": [1, 0.125], "attributes": {"angle": 0.125}}
    place = write(
        tmp_path / "a.json", document({1: "b.jpg"}, box(40, 1), box(41, 1, **{key: values[key]}))
    )
    place.write_text(place.read_text().replace("0.125", number))

    assert refusal(place).startswith("annotation 41 of 'b.jpg': ")


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**64, 10**40])
def test_a_number_beyond_53_bits_is_named_by_its_image(tmp_path: Path, number: int) -> None:
    content = document({1: "a.jpg", 2: "b.jpg"}, box(40, 1), box(41, 2, bbox=[1, 2.5, number]))

    assert refusal_of(tmp_path, content).startswith("annotation 41 of 'b.jpg': ")


def test_the_largest_number_of_53_bits_is_taken(tmp_path: Path) -> None:
    place = write(tmp_path / "a.json", document({1: "a.jpg"}, box(1, 1, bbox=[2**53 - 1])))

    assert read(tmp_path, ("a.jpg",), train=place).annotation("a.jpg") is not None


def drop(key: str) -> Callable[[Document], object]:
    return lambda content: content.pop(key)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (drop("images"), "missing required field `images`"),
        (drop("annotations"), "missing required field `annotations`"),
        (drop("categories"), "annotation 40: there is no category 1"),
        (lambda content: content["images"][0].pop("id"), "missing required field `id`"),
        (lambda content: content["images"][1].pop("file_name"), "`file_name` - at `$.images[1]`"),
        (lambda content: content["images"][1].update(file_name=""), "at `$.images[1].file_name`"),
        (lambda content: content["images"][1].update(id=1), "the image id 1 is twice"),
        (lambda content: content["categories"][1].update(id=1), "the category id 1 is twice"),
        (lambda content: content["categories"][0].pop("name"), "missing required field `name`"),
        (lambda content: content["categories"][0].update(name=""), "at `$.categories[0].name`"),
        (lambda content: content.update(images={}), "Expected `array`, got `object`"),
    ],
)
def test_a_file_of_another_form_is_refused(
    tmp_path: Path, spoil: Callable[[Document], object], reason: str
) -> None:
    content = document({1: "a.jpg", 2: "b.jpg"}, box(40, 1))
    # The categories of all documents are one list: what is spoiled here must be a copy.
    content = json.loads(json.dumps(content))
    spoil(content)

    assert reason in refusal_of(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b'{"images":[],"annotations":[]} x',
        b"\xff\xfe{\0}\0",
        b'{"images":[{"id":1,"file_name":"\xff.jpg"}],"annotations":[]}',
        b'{"images":[],"annotations":' + b"[" * 200_000,
        b'{"images":[{"id":1,"file_name":"a.jpg","width":NaN}],"annotations":[]}',
    ],
)
def test_what_is_no_json_of_that_form_is_refused(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "a.json"
    place.write_bytes(content)

    assert refusal(place).startswith("not a COCO annotation file: ")


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        (b'"\xff"', "an annotation of 'a.jpg': 'utf-8' codec"),
        (b'"\\ud800"', "annotation 7 of 'a.jpg': "),
    ],
)
def test_what_is_no_text_in_an_annotation_is_refused(
    tmp_path: Path, inner: bytes, reason: str
) -> None:
    place = tmp_path / "a.json"
    place.write_bytes(
        b'{"images":[{"id":1,"file_name":"a.jpg"}],'
        b'"annotations":[{"id":7,"image_id":1,"caption":' + inner + b"}]}"
    )

    assert refusal(place).startswith(reason)


def test_a_mark_of_the_byte_order_is_no_error(tmp_path: Path) -> None:
    place = write(tmp_path / "a.json", document({1: "a.jpg"}))
    place.write_bytes(b"\xef\xbb\xbf" + place.read_bytes())

    assert read(tmp_path, ("a.jpg",), train=place).annotation("a.jpg") is not None


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()

    assert "cannot be read" in refusal(tmp_path / "a.json")


def test_annotations_of_no_split_are_refused(tmp_path: Path) -> None:
    place = write(tmp_path / "a.json", document({1: "a.jpg"}))

    with pytest.raises(InputError, match="name of their split"):
        read(tmp_path, ("a.jpg",), **{"": place})
