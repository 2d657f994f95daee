"""What `manifest.yaml` declares."""

from __future__ import annotations

import pytest

from dsv_git.errors import InputError
from dsv_git.manifest.declaration import Data, Declaration, Labels, Reports
from dsv_git.manifest.layout import Layout
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.parsing import parse_declaration

WHERE = "manifests/youtube/manifest.yaml"
LEAST = "format: 1\nversion: 1.0\ndata: {root: data/youtube}\n"
WHOLE = """\
# The whole of format 1.
format: 1
dataset: obj-detect
project: Dataset/Object Detection
version: 1.1-youtube       # text as written
description: drop duplicates
parents:
  - youtube@1.0-youtube
  - youtube@1.0-youtube#0123abcd
  - clearml:48b8d22437624e519f6a177eddcfcd36   # tracked elsewhere
tags: [cleaned, "no 2"]
data:
  root: data/youtube
  url: s3://lake/youtube
  include: ["**/*.jpg"]
  exclude: ["**/.DS_Store"]
  hash: sha256
  upload: true
labels:
  path: "{split}/{label}/*"
samples: 12
reports:
  tables: [reports/classes.csv]
  figures: [reports/balance.png, reports/figure.plotly.json]
  media: [reports/example.jpg]
properties:
  source: https://kaggle.com/obj_detect
  script: scripts/dedupe.py
layout: {depth: 2, fan: {train/cat: 1, _: 2}}
"""


def read(text: str) -> Declaration:
    return parse_declaration(text, "youtube", WHERE)


def test_every_key_is_read() -> None:
    assert read(WHOLE) == Declaration(
        name="youtube",
        version="1.1-youtube",
        data=Data(
            roots={"": "data/youtube"},
            url="s3://lake/youtube",
            include=("**/*.jpg",),
            exclude=("**/.DS_Store",),
            algorithm="sha256",
            upload=True,
        ),
        dataset="obj-detect",
        project="Dataset/Object Detection",
        description="drop duplicates",
        parents=(
            Parent("youtube", "1.0-youtube"),
            Parent("youtube", "1.0-youtube", "0123abcd"),
            Parent(foreign="clearml:48b8d22437624e519f6a177eddcfcd36"),
        ),
        tags=("cleaned", "no 2"),
        labels=Labels(path="{split}/{label}/*"),
        samples=12,
        reports=Reports(
            tables=("reports/classes.csv",),
            figures=("reports/balance.png", "reports/figure.plotly.json"),
            media=("reports/example.jpg",),
        ),
        properties={
            "source": "https://kaggle.com/obj_detect",
            "script": "scripts/dedupe.py",
        },
        layout=Layout(2, {"train/cat": 1, "_": 2}),
    )


def test_three_keys_are_enough() -> None:
    assert read(LEAST) == Declaration(
        name="youtube",
        version="1.0",
        data=Data({"": "data/youtube"}, None, (), (), "xxh3", upload=False),
        dataset="youtube",
        project="Datasets",
        description="",
        parents=(),
        tags=(),
        labels=None,
        samples=None,
        reports=Reports(),
        properties={},
        layout=Layout(0),
    )


def test_the_order_of_the_keys_the_comments_and_the_line_ends_do_not_matter() -> None:
    lines = LEAST.splitlines()
    assert read("\n".join(reversed(lines))) == read(LEAST)
    assert read("\ufeff---\r\n# c\r\n\r\n" + "  # c\r\n".join(lines)) == read(LEAST)


@pytest.mark.parametrize(
    "text",
    [
        "1.10",
        "1.0",
        "no",
        "0x10",
        "1e3",
        "2024-01-01",
        "~",
        "null",
        "true",
        "01",
        "1_0",
        ".5",
        "été",
    ],
)
@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_a_version_is_the_text_that_stands_there(text: str, quote: str) -> None:
    found = read(LEAST.replace("version: 1.0", f"version: {quote}{text}{quote}  # c"))
    assert found.version == text


def test_texts_are_text_wherever_they_stand() -> None:
    more = (
        "tags: [no, 1.10, ~]\nproperties: {1: yes, on: 0x10}\ndataset: 2024-01-01\nproject: 1e3\n"
    )
    found = read(LEAST + more)
    assert found.tags == ("no", "1.10", "~")
    assert found.properties == {"1": "yes", "on": "0x10"}
    assert (found.dataset, found.project) == ("2024-01-01", "1e3")


def test_keys_with_nothing_behind_them_are_as_if_they_were_not_there() -> None:
    empty = "".join(
        f"{key}:\n"
        for key in ("dataset", "project", "description", "parents", "tags", "labels", "samples")
    )
    data = "format: 1\nversion: 1.0\ndata:\n  root: data/youtube\n  url:\n  include:\n  exclude:\n"
    assert read(data + empty + "reports:\nproperties:\nlayout:\n") == read(LEAST)


def test_a_merged_manifest_mounts_several_roots() -> None:
    text = LEAST.replace("{root: data/youtube}", "{roots: {kaggle: data/k, youtube: /mnt/y}}")
    assert read(text).data.roots == {"kaggle": "data/k", "youtube": "/mnt/y"}


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ('path: "{label}/*"', Labels(path="{label}/*")),
        ("table: labels.csv", Labels(table="labels.csv")),
        ("coco: {train: a.json, val: b.json}", Labels(coco={"train": "a.json", "val": "b.json"})),
        ("yolo: labels/", Labels(yolo="labels/")),
        ("metadata: metadata.jsonl", Labels(metadata="metadata.jsonl")),
    ],
)
def test_labels_come_from_one_place(text: str, labels: Labels) -> None:
    assert read(f"{LEAST}labels:\n  {text}\n").labels == labels


def test_a_long_description_keeps_its_lines() -> None:
    found = read(LEAST + "description: |\n  one\n\n  # two\n\n")
    assert found.description == "one\n\n# two"


@pytest.mark.parametrize(
    ("layout", "found"),
    [
        ("{}", Layout(0)),
        ("{depth: 0}", Layout(0)),
        ("{depth: 8}", Layout(8)),
        ("{fan: {_: 4}}", Layout(0, {"_": 4})),
        ("{depth: 1, fan: {my%20cats: 1}}", Layout(1, {"my%20cats": 1})),
    ],
)
def test_a_layout_is_a_depth_and_fans(layout: str, found: Layout) -> None:
    assert read(f"{LEAST}layout: {layout}\n").layout == found


def test_a_root_and_an_address_with_credentials_are_refused_and_not_shown() -> None:
    for data in ("{root: 's3://a:secret@b/c'}", "{root: a, url: 'https://secret@b/c'}"):
        text = f"format: 1\nversion: 1\ndata: {data}\n"
        with pytest.raises(InputError, match="has credentials in it") as caught:
            parse_declaration(text, "pets", "manifest.yaml")
        assert "secret" not in str(caught.value)
