"""Which entry a file name in a COCO file means."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsv_git.errors import InputError
from tests.scan.labels.documents import box, document, read, write


def meant(tmp_path: Path, name: str, paths: tuple[str, ...], file: str = "notes/a.json") -> str:
    """The one entry that `name` labels."""
    place = write(tmp_path / "root" / file, document({1: name}, box(1, 1)))
    labels = read(tmp_path / "root", paths, train=place)
    (found,) = [path for path in paths if labels.annotation(path) is not None]
    return found


@pytest.mark.parametrize(
    ("paths", "wanted"),
    [
        (("x/a.jpg", "train/a.jpg", "notes/a.jpg", "a.jpg"), "a.jpg"),
        (("x/a.jpg", "train/a.jpg", "notes/a.jpg"), "notes/a.jpg"),
        (("x/a.jpg", "y/a.jpg", "train/a.jpg"), "train/a.jpg"),
        (("x/y/a.jpg", "x/a.jpg/b", "aa.jpg"), "x/y/a.jpg"),
    ],
)
def test_the_nearest_place_is_meant(tmp_path: Path, paths: tuple[str, ...], wanted: str) -> None:
    assert meant(tmp_path, "a.jpg", paths) == wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("./a.jpg", "a.jpg"),
        ("images/a.jpg", "images/a.jpg"),
        ("../images/a.jpg", "images/a.jpg"),
        ("0001/a.jpg", "x/0001/a.jpg"),
        ("z/0002/a.jpg", "q/z/0002/a.jpg"),
    ],
)
def test_a_name_may_have_folders(tmp_path: Path, name: str, wanted: str) -> None:
    paths = ("a.jpg", "images/a.jpg", "x/0001/a.jpg", "x/0002/a.jpg", "q/z/0002/a.jpg")

    assert meant(tmp_path, name, paths) == wanted


def test_an_annotation_file_may_lie_outside_of_the_data(tmp_path: Path) -> None:
    assert meant(tmp_path, "a.jpg", ("train/a.jpg", "val/a.jpg"), "../a.json") == "train/a.jpg"


def test_an_annotation_file_may_lie_at_the_root(tmp_path: Path) -> None:
    assert meant(tmp_path, "a.jpg", ("train/a.jpg", "val/a.jpg"), "a.json") == "train/a.jpg"


def test_a_file_at_the_root_may_name_a_way_through_a_folder(tmp_path: Path) -> None:
    assert meant(tmp_path, "x/../a.jpg", ("a.jpg", "y/a.jpg"), "a.json") == "a.jpg"


def test_a_data_root_may_be_a_symbolic_link(tmp_path: Path) -> None:
    place = write(tmp_path / "real" / "notes" / "a.json", document({1: "a.jpg"}))
    (tmp_path / "link").symlink_to("real")

    labels = read(tmp_path / "link", ("notes/a.jpg", "x/a.jpg"), train=place)

    assert labels.annotation("notes/a.jpg") is not None


def test_several_entries_that_a_name_may_mean_are_named(tmp_path: Path) -> None:
    place = write(tmp_path / "a.json", document({1: "a.jpg"}))

    with pytest.raises(InputError) as caught:
        read(tmp_path, ("y/a.jpg", "x/a.jpg", "z/b.jpg"), train=place)

    assert caught.value.message == "the file name 'a.jpg' may mean: x/a.jpg, y/a.jpg"
    assert caught.value.where == str(place)


def test_images_that_the_data_does_not_hold_are_counted(tmp_path: Path) -> None:
    images = {n: f"{n:04}.jpg" for n in range(1500)}
    one = write(tmp_path / "a.json", document({**images, 9999: "a.jpg"}, box(1, 3), box(2, 9999)))
    other = write(tmp_path / "b.json", document({1: "lost.jpg"}))

    labels = read(tmp_path, ("a.jpg",), train=one, val=other)

    (notice,) = labels.notices
    assert (notice.kind, notice.count) == ("unmatched-label", 1501)
    assert notice.paths == ("0000.jpg", "0001.jpg", "0002.jpg", "0003.jpg", "0004.jpg")
    assert labels.annotation("a.jpg") is not None


def test_a_name_of_no_file_means_none(tmp_path: Path) -> None:
    place = write(tmp_path / "a.json", document({1: "./", 2: "/a.jpg", 3: ".jpg", 4: "x"}))

    assert read(tmp_path, ("a.jpg", "x/a.jpg"), train=place).notices[0].count == 4


def test_an_image_of_two_splits_is_refused(tmp_path: Path) -> None:
    train = write(tmp_path / "a.json", document({3: "a.jpg"}))
    val = write(tmp_path / "b.json", document({8: "x/a.jpg"}))

    with pytest.raises(InputError) as caught:
        read(tmp_path, ("x/a.jpg",), train=train, val=val)

    message = "'x/a.jpg' is listed twice: as image 3 of train and as image 8 of val"
    assert (caught.value.message, caught.value.where) == (message, str(val))


def test_an_image_that_one_file_lists_twice_is_refused(tmp_path: Path) -> None:
    train = write(tmp_path / "a.json", document({3: "a.jpg", 4: "./a.jpg"}))

    with pytest.raises(InputError, match="as image 3 of train and as image 4 of train"):
        read(tmp_path, ("a.jpg",), train=train)
