"""The pictures that ``dsv demo`` ships: sound, small, licensed, and flawed only where meant."""

import csv
import hashlib
import re
from collections import defaultdict
from pathlib import Path

import pytest

import dsv_git

IMAGES = Path(dsv_git.__file__).parent / "demo" / "images"
PICTURES = sorted(path.relative_to(IMAGES).as_posix() for path in IMAGES.rglob("*.jpg"))

DUPLICATES = {
    ("youtube/train/cat/frame_000144.jpg", "youtube/train/cat/frame_000145.jpg"),
    ("youtube/train/dog/frame_000528.jpg", "youtube/train/dog/frame_000529.jpg"),
    ("youtube/train/taxi/frame_001224.jpg", "youtube/train/taxi/frame_001225.jpg"),
    ("youtube/val/cat/frame_000216.jpg", "youtube/val/cat/frame_000217.jpg"),
}
WRONG_LABELS = {
    "train/cat/frame_000480.jpg": "dog",
    "train/coffee/frame_000192.jpg": "cat",
    "val/rocket/frame_001272.jpg": "taxi",
}


def jpeg_segments(data: bytes) -> list[tuple[int, bytes]]:
    """Marker and payload of each segment before the scan (ITU-T T.81, annex B)."""
    assert data[:2] == b"\xff\xd8"
    segments, at = [], 2
    while True:
        assert data[at] == 0xFF
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        segments.append((marker, data[at + 4 : at + 2 + length]))
        if marker == 0xDA:
            return segments
        at += 2 + length


def corrected_labels() -> dict[str, tuple[str, str]]:
    with (IMAGES / "labels-youtube-corrected.csv").open(encoding="utf-8", newline="") as table:
        reader = csv.DictReader(table)
        assert reader.fieldnames == ["path", "label", "split"]
        return {row["path"]: (row["label"], row["split"]) for row in reader}


@pytest.mark.parametrize("name", PICTURES)
def test_picture_is_a_whole_jpeg_without_metadata_big_enough_to_look_at(name: str) -> None:
    data = (IMAGES / name).read_bytes()
    assert data.endswith(b"\xff\xd9")
    segments = jpeg_segments(data)
    frame = next(payload for marker, payload in segments if marker == 0xC0)
    height, width = int.from_bytes(frame[1:3], "big"), int.from_bytes(frame[3:5], "big")
    assert (width, height) == ((256, 256) if name.startswith("kaggle/") else (320, 240))
    assert {marker for marker, _ in segments} <= {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}


def test_picture_paths_hold_split_label_and_plain_characters_only() -> None:
    shape = re.compile(r"(kaggle/(train|val)/[a-z]+/img|youtube/(train|val)/[a-z]+/frame)_\d+\.jpg")
    assert [name for name in PICTURES if not shape.fullmatch(name)] == []


def test_each_source_has_its_own_classes_and_size() -> None:
    classes: dict[str, set[str]] = defaultdict(set)
    for name in PICTURES:
        source, _, label, _ = name.split("/")
        classes[source].add(label)
    assert classes["kaggle"] == {"cat", "coffee", "dog", "rocket"}
    assert classes["youtube"] == classes["kaggle"] | {"horse", "taxi"}
    assert sum(name.startswith("kaggle/") for name in PICTURES) == 24
    assert sum(name.startswith("youtube/") for name in PICTURES) == 24 + len(DUPLICATES)


def test_contents_differ_but_for_the_duplicates_of_the_story() -> None:
    by_content: dict[str, list[str]] = defaultdict(list)
    for name in PICTURES:
        by_content[hashlib.sha256((IMAGES / name).read_bytes()).hexdigest()].append(name)
    assert {tuple(names) for names in by_content.values() if len(names) > 1} == DUPLICATES


def test_corrected_table_covers_youtube_and_differs_in_the_wrong_labels_alone() -> None:
    table = corrected_labels()
    youtube = {name.removeprefix("youtube/") for name in PICTURES if name.startswith("youtube/")}
    assert set(table) == youtube
    assert all(split == path.split("/")[0] for path, (_, split) in table.items())
    moved = {path: label for path, (label, _) in table.items() if label != path.split("/")[1]}
    assert moved == WRONG_LABELS


def test_licence_page_names_each_picture_once_and_no_other() -> None:
    text = (IMAGES / "LICENSE.md").read_text(encoding="utf-8")
    named = re.findall(r"^  - `(.+)`$", text, flags=re.MULTILINE)
    assert sorted(named) == PICTURES
    sections = text.split("\n## ")[1:]
    assert all("\n- Licence: " in part and "\n- Stated in: " in part for part in sections)


def test_demo_folder_stays_below_one_and_a_half_megabytes() -> None:
    total = sum(path.stat().st_size for path in IMAGES.parent.rglob("*") if path.is_file())
    assert total < 1_500_000
