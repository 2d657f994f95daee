"""Labels from the metadata files of image folders, as Hugging Face datasets keeps them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import xxhash

from dsv_git.errors import InputError
from dsv_git.manifest.declaration import Labels
from dsv_git.scan.labels import Labelled, Labeller, open_labels

IMAGES = ("train/a.jpg", "train/deep/b.jpg", "Validation/c.jpg", "other/d.jpg")


def rows(*cells: Mapping[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in cells)


def read(root: Path, files: Mapping[str, str], name: str = "metadata.jsonl") -> Labeller:
    for path, text in {**dict.fromkeys(IMAGES, ""), **files}.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return open_labels(Labels(metadata=name), {}, root, (*IMAGES, *files))


def ann(root: Path, row: Mapping[str, Any]) -> str | None:
    files = {"train/metadata.jsonl": rows({"file_name": "a.jpg", **row})}
    return (read(root, files).annotation("train/a.jpg") or Labelled()).ann


def test_each_folder_has_its_own_and_is_a_split(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "train/metadata.jsonl": rows(
                {"file_name": "a.jpg", "label": "cat", "width": 640, "ok": True, "text": "x"},
                {"file_name": "./deep/b.jpg", "label": 3, "note": None},
            ),
            "Validation/metadata.jsonl": rows({"file_name": "c.jpg", "labels": ["dog", "cat"]}),
            "other/metadata.jsonl": rows({"file_name": "d.jpg", "split": "mine", "label": "cat"}),
        },
    )
    assert [found.annotation(path) for path in IMAGES] == [
        Labelled("cat", "train", None, {"width": 640, "ok": True, "text": "x"}),
        Labelled("3", "train"),
        Labelled(("cat", "dog"), "Validation"),
        Labelled("cat", "mine"),
    ]
    assert found.annotation("train/metadata.jsonl") is None
    assert found.notices == ()


def test_one_file_at_the_root_may_name_images_in_every_folder(tmp_path: Path) -> None:
    text = "file_name,label,width\ntrain/a.jpg,cat,640\nother/d.jpg,,\nother/gone.jpg,dog,\n"
    found = read(tmp_path, {"metadata.csv": text}, "metadata.csv")
    assert found.annotation("train/a.jpg") == Labelled("cat", "train", None, {"width": "640"})
    assert found.annotation("other/d.jpg") == Labelled()
    assert [(n.kind, n.paths) for n in found.notices] == [("unmatched-label", ("other/gone.jpg",))]


def test_objects_are_labels_and_annotations(tmp_path: Path) -> None:
    objects = {"bbox": [[1, 2, 3, 4], [5.0, 6, 7, 8]], "categories": ["dog", 0], "area": None}
    text = rows({"file_name": "a.jpg", "objects": objects, "mask": {"size": [1, 2]}})
    found = read(tmp_path, {"train/metadata.jsonl": text}).annotation("train/a.jpg")
    assert found is not None
    assert (found.label, found.split, found.props) == (("0", "dog"), "train", {})
    texts = '{"bbox":[1,2,3,4],"categories":"dog"},{"bbox":[5,6,7,8],"categories":0}'
    written = f'[{texts},{{"mask":{{"size":[1,2]}}}}]'
    assert found.ann == f"xxh3:{xxhash.xxh3_128_hexdigest(written.encode())}"


@pytest.mark.parametrize(
    ("row", "same"),
    [
        ({"objects": {"bbox": [[5, 6, 7, 8], [1, 2, 3, 4]], "categories": [0, 1]}}, True),
        ({"objects": {"categories": [1, 0], "bbox": [[1.0, 2, 3, 4e0], [5, 6, 7, 8]]}}, True),
        (
            {
                "objects": [
                    {"bbox": [1, 2, 3, 4], "categories": 1},
                    {"bbox": [5, 6, 7, 8], "categories": 0},
                ]
            },
            True,
        ),
        ({"objects": {"bbox": [[1, 2, 3, 4], [5, 6, 7, 9]], "categories": [1, 0]}}, False),
        ({"objects": {"bbox": [[1, 2, 3, 4], [5, 6, 7, 8]], "categories": [0, 1]}}, False),
        (
            {
                "objects": {"bbox": [[1, 2, 3, 4], [5, 6, 7, 8]], "categories": [1, 0]},
                "mask": [1],
            },
            False,
        ),
        ({}, False),
    ],
)
def test_only_annotations_change_their_hash(
    tmp_path: Path, row: Mapping[str, Any], same: bool
) -> None:
    first = {"objects": {"bbox": [[1, 2, 3, 4], [5, 6, 7, 8]], "categories": [1, 0]}}
    assert (ann(tmp_path, row) == ann(tmp_path, first)) is same


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{}", "it has no file_name"),
        ("[1]", "Expected `object`"),
        ('{"file_name": 1}', "it has no file_name"),
        ('{"file_name": "a.jpg", "label": 1.5}', "a label is a text or a whole number, not 1.5"),
        ('{"file_name": "a.jpg", "labels": [""]}', "a label is a text or a whole number"),
        ('{"file_name": "a.jpg", "split": 1}', "a split is a text"),
        ('{"file_name": "a.jpg", "objects": 1}', "objects is a mapping of columns, or a list"),
        (
            '{"file_name": "a.jpg", "objects": {"bbox": [1], "categories": []}}',
            "the columns of objects are lists of one length",
        ),
        ('{"file_name": "a.jpg", "x": [9007199254740993]}', ""),
        ('{"file_name": "a.jpg", "x": 9007199254740993}', "'x' is a number beyond 2^53"),
        ("not JSON", ""),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(tmp_path: Path, line: str, message: str) -> None:
    text = '{"file_name": "deep/b.jpg"}\n\n' + line + "\n"
    with pytest.raises(InputError) as caught:
        read(tmp_path, {"train/metadata.jsonl": text})
    assert caught.value.where == f"{tmp_path}/train/metadata.jsonl:3"
    assert caught.value.message.startswith("not a row of metadata: ")
    assert message in caught.value.message


def test_an_image_that_two_files_describe_is_refused(tmp_path: Path) -> None:
    files = {
        "metadata.jsonl": rows({"file_name": "train/a.jpg", "label": "cat"}),
        "train/metadata.jsonl": rows({"file_name": "a.jpg", "label": "dog"}),
    }
    with pytest.raises(InputError, match=r"'train/a\.jpg' is described by .*metadata\.jsonl:1 too"):
        read(tmp_path, files)


def test_data_without_any_metadata_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no metadata\.jsonl in the data"):
        read(tmp_path, {})
