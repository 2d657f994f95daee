"""Labels and annotation hashes from COCO files."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import rfc8785
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.scan.labels import Labelled, Labeller
from tests.scan.labels.documents import Document, box, document, read, write

NOTHING = "xxh3:39347ff402b6c53d831154110e30ac6a"
"""What `printf '[]' | xxhsum -H2` prints."""


def hash_of(*annotations: dict[str, Any]) -> str:
    """The definition, by the reference encoder: one list of annotations, sorted by their bytes."""
    ordered = sorted(annotations, key=rfc8785.dumps)
    return f"xxh3:{xxhash.xxh3_128_hexdigest(rfc8785.dumps(ordered))}"


def ann(labels: Labeller, path: str) -> str | None:
    found = labels.annotation(path)
    assert found is not None
    return found.ann


def test_objects_are_labels_and_the_key_is_the_split(tmp_path: Path) -> None:
    train = write(
        tmp_path / "instances_train.json",
        document({1: "a.jpg", 2: "b.jpg"}, box(7, 1, 5), box(8, 1, 1), box(9, 1, 5), box(3, 2)),
    )
    val = write(tmp_path / "instances_val.json", document({1: "c.jpg"}, box(1, 1, 5)))

    labels = read(tmp_path, ("a.jpg", "b.jpg", "c.jpg", "d.jpg"), train=train, val=val)

    found = [labels.annotation(path) for path in ("a.jpg", "b.jpg", "c.jpg")]
    assert [(one.label, one.split) for one in found if one] == [
        (("cat", "dog", "dog"), "train"),
        ("cat", "train"),
        ("dog", "val"),
    ]
    assert labels.annotation("d.jpg") is None
    assert labels.notices == ()


def test_the_hash_is_of_the_annotations_with_their_category_by_name(tmp_path: Path) -> None:
    file = write(
        tmp_path / "a.json",
        document(
            {1: "a.jpg"},
            box(7, 1, 5, attributes={"occluded": False, "angle": 0.0}, keypoints=[1, 2.0, 2]),
            box(8, 1, 1, segmentation=[[1.5, 2.0, 1e-7, -0.0]], caption="ein Kätzchen\n"),
        ),
    )

    found = read(tmp_path, ("a.jpg",), train=file).annotation("a.jpg")

    common = {"bbox": [10, 20.5, 30, 40.25], "area": 1207.5, "iscrowd": 0}
    dog = {"attributes": {"occluded": False, "angle": 0}, "keypoints": [1, 2, 2]}
    cat = {"segmentation": [[1.5, 2, 1e-7, 0]], "caption": "ein Kätzchen\n"}
    wanted = hash_of({**common, **dog, "category": "dog"}, {**common, **cat, "category": "cat"})
    assert found == Labelled(("cat", "dog"), "train", wanted)


def test_an_image_without_annotations_has_the_hash_of_none(tmp_path: Path) -> None:
    file = write(tmp_path / "a.json", document({1: "a.jpg"}))

    assert read(tmp_path, ("a.jpg",), val=file).annotation("a.jpg") == Labelled(
        None, "val", NOTHING
    )


@pytest.mark.parametrize("counts", [[5, 3, 2], "PPYo1`0"])
def test_crowd_masks_are_annotations_like_others(tmp_path: Path, counts: object) -> None:
    mask = {"counts": counts, "size": [2, 5]}
    file = write(
        tmp_path / "a.json", document({1: "a.jpg"}, box(1, 1, iscrowd=1, segmentation=mask))
    )

    whole = {"bbox": [10, 20.5, 30, 40.25], "area": 1207.5, "iscrowd": 1, "segmentation": mask}
    assert read(tmp_path, ("a.jpg",), train=file).annotation("a.jpg") == Labelled(
        "cat", "train", hash_of({**whole, "category": "cat"})
    )


def test_captions_have_a_hash_and_no_label(tmp_path: Path) -> None:
    content = document({1: "a.jpg"}, {"id": 3, "image_id": 1, "caption": "a cat"})
    del content["categories"]
    file = write(tmp_path / "captions.json", content)

    assert read(tmp_path, ("a.jpg",), train=file).annotation("a.jpg") == Labelled(
        None, "train", hash_of({"caption": "a cat"})
    )


def test_ids_may_be_texts(tmp_path: Path) -> None:
    content = document({}, {"id": "x", "image_id": "one", "category_id": "c"})
    content["images"] = [{"id": "one", "file_name": "a.jpg"}]
    content["categories"] = [{"id": "c", "name": "cat"}]
    file = write(tmp_path / "a.json", content)

    assert read(tmp_path, ("a.jpg",), train=file).annotation("a.jpg") == Labelled(
        "cat", "train", hash_of({"category": "cat"})
    )


_box = st.lists(
    st.integers(0, 640) | st.floats(0, 640) | st.integers(0, 64000).map(lambda n: n / 100),
    min_size=4,
    max_size=4,
)
_object = st.fixed_dictionaries(
    {"category_id": st.sampled_from([1, 5]), "bbox": _box},
    optional={"iscrowd": st.just(1), "caption": st.text(max_size=4)},
)
_scene = st.lists(st.lists(_object, max_size=3), min_size=1, max_size=4)


def scene_document(scene: list[list[dict[str, Any]]]) -> Document:
    objects = [(image, one) for image, found in enumerate(scene) for one in found]
    return document(
        {image: f"{image}.jpg" for image in range(len(scene))},
        *({"id": key, "image_id": image, **one} for key, (image, one) in enumerate(objects)),
    )


def shuffled(content: Document, chance: random.Random) -> Document:
    """The same annotations under other ids, in another order, with other keys first."""
    images = chance.sample(range(1000, 2000), len(content["images"]))
    categories = dict(zip((1, 5), chance.sample(range(50, 90), 2), strict=True))
    keys = chance.sample(range(10**6), len(content["annotations"]))
    annotations = [
        dict(
            chance.sample(
                list(
                    {
                        **one,
                        "id": key,
                        "image_id": images[one["image_id"]],
                        "category_id": categories[one["category_id"]],
                    }.items()
                ),
                len(one),
            )
        )
        for key, one in zip(keys, content["annotations"], strict=True)
    ]
    return {
        "annotations": chance.sample(annotations, len(annotations)),
        "categories": [
            {"name": one["name"], "id": categories[one["id"]]} for one in content["categories"]
        ],
        "images": [
            {"file_name": one["file_name"], "id": images[one["id"]]}
            for one in reversed(content["images"])
        ],
    }


@settings(deadline=None, max_examples=60)
@given(scene=_scene, chance=st.randoms(use_true_random=False))
def test_renumbered_ids_and_another_order_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, scene: list[Any], chance: random.Random
) -> None:
    folder, content = tmp_path_factory.mktemp("coco"), scene_document(scene)
    paths = [f"{image}.jpg" for image in range(len(scene))]

    before = read(folder, paths, train=write(folder / "a.json", content))
    after = read(folder, paths, train=write(folder / "b.json", shuffled(content, chance)))

    assert [before.annotation(path) for path in paths] == [after.annotation(path) for path in paths]
    assert None not in [after.annotation(path) for path in paths]


@settings(deadline=None, max_examples=60)
@given(scene=_scene.filter(any), chance=st.randoms(use_true_random=False))
def test_one_moved_box_changes_that_image_alone(
    tmp_path_factory: pytest.TempPathFactory, scene: list[Any], chance: random.Random
) -> None:
    folder, content = tmp_path_factory.mktemp("coco"), scene_document(scene)
    paths = [f"{image}.jpg" for image in range(len(scene))]
    before = read(folder, paths, train=write(folder / "a.json", content))

    moved = chance.choice(content["annotations"])
    moved["bbox"] = [moved["bbox"][0] + 0.5, *moved["bbox"][1:]]
    after = read(folder, paths, train=write(folder / "a.json", content))

    changed = [path for path in paths if ann(before, path) != ann(after, path)]
    assert changed == [f"{moved['image_id']}.jpg"]


def test_another_class_of_a_box_changes_label_and_hash(tmp_path: Path) -> None:
    files = [
        write(tmp_path / f"{category}.json", document({1: "a.jpg"}, box(1, 1, category)))
        for category in (1, 5)
    ]

    one, other = (read(tmp_path, ("a.jpg",), t=file).annotation("a.jpg") for file in files)

    assert one is not None
    assert other is not None
    assert (one.label, other.label) == ("cat", "dog")
    assert one.ann != other.ann


def test_a_box_that_is_there_twice_is_not_a_box_that_is_there_once(tmp_path: Path) -> None:
    once = write(tmp_path / "1.json", document({1: "a.jpg"}, box(1, 1)))
    twice = write(tmp_path / "2.json", document({1: "a.jpg"}, box(1, 1), box(2, 1)))

    assert ann(read(tmp_path, ("a.jpg",), t=once), "a.jpg") != ann(
        read(tmp_path, ("a.jpg",), t=twice), "a.jpg"
    )
