"""Labels from label files of YOLO, wherever its tools put them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from dsv_git.errors import InputError
from dsv_git.manifest.declaration import Labels
from dsv_git.manifest.entry import Entry
from dsv_git.scan.labels import Labelled, Labeller, open_labels
from tests.manifest.lists import CAT, DOG

BOX = " .5 .5 .2 .2\n"
CATS_AND_DOG = "0" + BOX + "1" + BOX + "0" + BOX
DATA = "path: .\ntrain: images/train\nval: images/val\nnames: [cat, dog]\n"


def make(root: Path, files: Mapping[str, str]) -> tuple[str, ...]:
    for name, text in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return tuple(sorted(files))


def read(root: Path, source: str, paths: tuple[str, ...]) -> Labeller:
    return open_labels(Labels(yolo=source), {"": root / source}, root, paths)


def of(labeller: Labeller, path: str) -> tuple[object, str | None]:
    found = labeller.annotation(path) or Labelled()
    return found.label, found.split


ULTRALYTICS = {
    "data.yaml": DATA,
    "images/train/a.jpg": "",
    "images/train/deep/b.PNG": "",
    "images/val/c.jpeg": "",
    "images/val/none.jpg": "",
    "images/val/empty.jpg": "",
    "labels/train/a.txt": CATS_AND_DOG,
    "labels/train/deep/b.txt": "1" + BOX,
    "labels/val/c.txt": "0" + BOX,
    "labels/val/empty.txt": "",
}


@pytest.mark.parametrize("source", ["data.yaml", "labels", "labels/", "."])
def test_the_layout_of_ultralytics(tmp_path: Path, source: str) -> None:
    found = read(tmp_path, source, make(tmp_path, ULTRALYTICS))

    assert of(found, "images/train/a.jpg") == (("cat", "cat", "dog"), "train")
    assert of(found, "images/train/deep/b.PNG") == ("dog", "train")
    assert of(found, "images/val/c.jpeg") == ("cat", "val")
    for path in ("images/val/none.jpg", "images/val/empty.jpg"):
        assert of(found, path) == (None, "val")
        assert found.annotation(path) == Labelled(split="val")
    assert found.annotation("labels/train/a.txt") is None
    assert found.notices == ()


@pytest.mark.parametrize(
    ("source", "files"),
    [
        (
            "data.yaml",  # Roboflow's export
            {
                "data.yaml": "train: ../train/images\nval: ../valid/images\n"
                "names: {0: cat, 1: dog}",
                "README.dataset.txt": "made by hand",
                "train/images/a.jpg": "",
                "train/labels/a.txt": CATS_AND_DOG,
                "valid/images/a.jpg": "",
                "valid/labels/a.txt": "1" + BOX,
            },
        ),
        (
            "data.yaml",  # lists of images
            {
                "data.yaml": "train: lists/train.txt\nval: [lists/val.txt]\ntest:\n"
                "names: [cat, dog]",
                "lists/train.txt": "../train/images/a.jpg\r\n\r\n",
                "lists/val.txt": "./../valid/images/a.jpg\n",
                "train/images/a.jpg": "",
                "train/labels/a.txt": CATS_AND_DOG,
                "valid/images/a.jpg": "",
                "valid/labels/a.txt": "1" + BOX,
            },
        ),
        (
            "data.yaml",  # beside the images
            {
                "data.yaml": "path: /gone\ntrain: train\nval: valid\nnames: [cat, dog]",
                "train/images/a.jpg": "",
                "train/images/a.txt": CATS_AND_DOG,
                "valid/images/a.jpg": "",
                "valid/images/a.txt": "1" + BOX,
            },
        ),
        (
            "notes",  # a folder that mirrors the data
            {
                "notes/data.yaml": "path: ..\ntrain: train\nval: valid\nnames: [cat, dog]",
                "train/images/a.jpg": "",
                "notes/train/images/a.txt": CATS_AND_DOG,
                "valid/images/a.jpg": "",
                "notes/valid/images/a.txt": "1" + BOX,
            },
        ),
    ],
)
def test_other_layouts(tmp_path: Path, source: str, files: dict[str, str]) -> None:
    found = read(tmp_path, source, make(tmp_path, files))

    assert of(found, "train/images/a.jpg") == (("cat", "cat", "dog"), "train")
    assert of(found, "valid/images/a.jpg")[0] == "dog"
    assert of(found, "valid/images/a.jpg")[1] == "val"
    assert found.notices == ()


def test_label_files_beside_a_root_of_images_alone(tmp_path: Path) -> None:
    make(tmp_path, ULTRALYTICS)
    paths = ("train/a.jpg", "val/c.jpeg")
    for source in ("data.yaml", "labels"):
        place = {"": tmp_path / source}
        found = open_labels(Labels(yolo=source), place, tmp_path / "images", paths)
        assert of(found, "train/a.jpg") == (("cat", "cat", "dog"), "train")
        assert of(found, "val/c.jpeg") == ("cat", "val")


def test_label_files_that_are_no_entries_count(tmp_path: Path) -> None:
    paths = make(tmp_path, ULTRALYTICS | {"notes.txt": ""})
    found = read(tmp_path, "data.yaml", tuple(p for p in paths if not p.startswith("labels")))
    assert of(found, "images/train/a.jpg") == (("cat", "cat", "dog"), "train")


def test_names_without_splits(tmp_path: Path) -> None:
    files = {"a.jpg": "", "a.txt": "1" + BOX, "classes.txt": "cat\ndog\n", "b.jpg": ""}
    found = read(tmp_path, ".", make(tmp_path, files))
    assert of(found, "a.jpg") == ("dog", None)
    assert found.annotation("b.jpg") is None
    assert found.notices == ()


def test_what_does_not_fit_the_data_is_told(tmp_path: Path) -> None:
    files = ULTRALYTICS | {
        "data.yaml": "train: [images/train, images/val]\nval: images/val\ntest: images/test\n"
        "names: [cat, dog]\n",
        "labels/train/gone.txt": CATS_AND_DOG,
    }
    found = read(tmp_path, "data.yaml", make(tmp_path, files))

    assert of(found, "images/val/c.jpeg") == ("cat", "train")
    assert [(n.kind, n.count) for n in found.notices] == [
        ("unmatched-label", 1),
        ("several-splits", 3),
        ("split-elsewhere", 1),
    ]
    assert found.notices[0].paths == ("labels/train/gone.txt",)


def test_a_label_file_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    paths = make(tmp_path, ULTRALYTICS)
    image, text = "images/train/a.jpg", "labels/train/a.txt"
    former = {image: Entry(image, 0, CAT, "bird", "test", DOG), text: Entry(text, 1, DOG)}
    (tmp_path / text).write_text("no label file")

    def label(unchanged: dict[str, Entry]) -> Labelled | None:
        files = {"": tmp_path / "data.yaml"}
        return open_labels(Labels(yolo="data.yaml"), files, tmp_path, paths, unchanged).annotation(
            image
        )

    assert label(former) == Labelled("bird", "train", DOG)
    for path, entry in former.items():
        with pytest.raises(InputError, match=r"a\.txt:1: not an object"):
            label({path: entry})


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"data.yaml": "train: a\n"}, "data.yaml: there are no names of classes"),
        ({"data.yaml": "names: cat\n"}, "data.yaml:1: names must be a mapping"),
        ({"data.yaml": "nc: 1\nnames: {x: cat}\n"}, "data.yaml:2: not the index of a class: 'x'"),
        ({"data.yaml": "names: {0: cat, 1: }\n"}, "data.yaml:1: class 1 has no name"),
        ({"data.yaml": "names: !!python/name:os.system x\n"}, "data.yaml:1: "),
        ({"data.yaml": "names: [cat]\n\0"}, "data.yaml:"),
        ({"data.yaml": "names: [cat]\ntrain: {a: b}\n"}, "data.yaml:2: train must be a list"),
    ],
)
def test_a_description_that_is_none_is_told(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, "data.yaml", make(tmp_path, files))
    assert str(caught.value).startswith(f"{tmp_path}/{message}")


def test_a_name_that_a_terminal_might_obey_is_escaped(tmp_path: Path) -> None:
    files = {"data.yaml": "names: [cat]", "\x1b[2J.jpg": "", "\x1b[2J.txt": "x"}
    with pytest.raises(InputError) as caught:
        read(tmp_path, "data.yaml", make(tmp_path, files))
    assert caught.value.where == f"{tmp_path}/\\x1b[2J.txt:1"


def test_label_files_without_names_are_refused(tmp_path: Path) -> None:
    paths = make(tmp_path, {"labels/a.txt": "0" + BOX, "images/a.jpg": ""})
    with pytest.raises(InputError, match="nothing names the classes"):
        read(tmp_path, "labels", paths)
