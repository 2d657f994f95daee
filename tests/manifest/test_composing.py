"""A new `manifest.yaml` reads back as what it was written from."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.manifest.composing import labels_words, layout_value, write_declaration
from dsv_git.manifest.declaration import Data, Declaration, Labels, Reports
from dsv_git.manifest.layout import Layout
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.parsing import parse_declaration
from dsv_git.manifest.yamlnodes import plain
from dsv_git.manifest.yamltext import parse
from dsv_git.manifest.yamlwrite import flow, scalar
from tests.manifest.strategies import declarations, texts
from tests.manifest.test_parsing import WHERE, WHOLE

TYPICAL = Declaration(
    name="youtube",
    version="1.1-youtube",
    data=Data(
        roots={"": "data/youtube"},
        url="s3://lake/youtube",
        include=("**/*.jpg", "*.png"),
        exclude=("**/.DS_Store",),
    ),
    dataset="obj-detect",
    project="Dataset/Object Detection",
    description="drop duplicates: a second pass",
    parents=(Parent("youtube", "1.0-youtube"), Parent(foreign="clearml:48b8d2")),
    tags=("cleaned", "a, b"),
    labels=Labels(path="{split}/{label}/*"),
    samples=12,
    reports=Reports(tables=("reports/classes.csv",), media=("a.jpg", "b.wav")),
    properties={"source": "https://kaggle.com/obj_detect"},
    layout=Layout(2, {"train/cat": 1, "_": 2}),
)
TYPICAL_TEXT = """\
format: 1
dataset: obj-detect
project: Dataset/Object Detection
version: 1.1-youtube
description: "drop duplicates: a second pass"
parents:
  - youtube@1.0-youtube
  - clearml:48b8d2
tags: [cleaned, "a, b"]
data:
  root: data/youtube
  url: s3://lake/youtube
  include: ["**/*.jpg", "*.png"]
  exclude: ["**/.DS_Store"]
labels:
  path: "{split}/{label}/*"
samples: 12
reports:
  tables: [reports/classes.csv]
  media: [a.jpg, b.wav]
properties:
  source: https://kaggle.com/obj_detect
layout: {depth: 2, fan: {_: 2, train/cat: 1}}
"""


def test_a_manifest_is_written_as_a_person_would() -> None:
    assert write_declaration(TYPICAL) == TYPICAL_TEXT
    assert parse_declaration(TYPICAL_TEXT, "youtube", WHERE) == TYPICAL


def test_what_is_the_default_is_not_written() -> None:
    least = Declaration(name="a", version="1.0", data=Data({"": "data/a"}), dataset="a")
    assert write_declaration(least) == (
        "format: 1\nproject: Datasets\nversion: 1.0\ndata:\n  root: data/a\nlayout: {depth: 0}\n"
    )


def test_several_roots_and_the_rarer_keys() -> None:
    declaration = Declaration(
        name="all",
        version="1.0",
        data=Data({"kaggle": "data/k", "you tube": "/mnt/y"}, algorithm="sha256", upload=True),
        dataset="all",
        labels=Labels(coco={"train": "a.json", "val": "b, c.json"}),
        samples=0,
    )
    text = write_declaration(declaration)
    assert text == (
        "format: 1\nproject: Datasets\nversion: 1.0\ndata:\n  roots:\n    kaggle: data/k\n"
        "    you tube: /mnt/y\n  hash: sha256\n  upload: true\nlabels:\n"
        '  coco: {train: a.json, val: "b, c.json"}\nsamples: 0\nlayout: {depth: 0}\n'
    )
    assert parse_declaration(text, "all", WHERE) == declaration


@settings(deadline=None, max_examples=80)
@given(declarations())
def test_a_declaration_reads_back_as_it_was_written(declaration: Declaration) -> None:
    text = write_declaration(declaration)
    assert parse_declaration(text, declaration.name, WHERE) == declaration
    assert text.endswith("\n")
    assert "\r" not in text


def test_the_whole_of_the_format_is_written_again() -> None:
    declaration = parse_declaration(WHOLE, "youtube", WHERE)
    again = parse_declaration(write_declaration(declaration), "youtube", WHERE)
    assert again == declaration


@pytest.mark.parametrize(
    "text", ["1.0", "a b", "a:b", "a#b", "s3://lake/x", "a (b)", "no", "-1", "~/data", "a~", "a, b"]
)
def test_a_text_that_nothing_can_take_amiss_is_written_plain(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "*", "~", "-", "- a", "%a", "?", "a: b", "a:", "a #b", " a", "a ", "[a]", "é", "'a'"],
)
def test_any_other_text_is_written_in_quotes(text: str) -> None:
    assert scalar(text) == f'"{text}"'


def test_commas_and_brackets_are_quoted_within_lists_and_mappings() -> None:
    assert flow({"a, b": ["c, d", "e"], "f": "*.g"}) == '{"a, b": ["c, d", e], f: "*.g"}'


@settings(deadline=None, max_examples=200)
@given(texts.filter(lambda text: "\0" not in text))
def test_a_text_reads_back_wherever_it_stands(text: str) -> None:
    written = scalar(text)
    assert "\n" not in written
    block = f"a: {written}\nb:\n  - {written}\n  - {written}  # c\n"
    assert plain(parse(block, "f")) == {"a": text, "b": [text, text]}
    nested = {"x": [text, text], text: text, "y": {"z": text}}
    assert plain(parse(f"c: {flow(nested)}  # c\n", "f")) == {"c": nested}
    if text:
        assert plain(parse(f"{written}: {written}\n", "f")) == {text: text}


def test_a_layout_is_written_with_its_fans_in_order() -> None:
    assert flow(layout_value(Layout(3))) == "{depth: 3}"
    fans = {"train/cat": 1, "_": 2, "my%20cats": 3}
    assert flow(layout_value(Layout(2, fans))) == (
        "{depth: 2, fan: {_: 2, my%20cats: 3, train/cat: 1}}"
    )


@settings(deadline=None, max_examples=50)
@given(st.lists(texts, max_size=3))
def test_a_layout_value_holds_texts_alone(names: list[str]) -> None:
    value = layout_value(Layout(1, dict.fromkeys(names, 1)))
    assert value.get("fan", {}) == dict.fromkeys(names, "1")


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (Labels(path="{label}/*"), ("{label}/*",)),
        (Labels(table="labels.csv"), ("labels.csv",)),
        (Labels(yolo="labels"), ("yolo:labels",)),
        (Labels(yolo="data.yaml"), ("data.yaml",)),
        (Labels(metadata="metadata.csv"), ("metadata:metadata.csv",)),
        (Labels(coco={"train": "a.json", "val": "b.json"}), ("train=a.json", "val=b.json")),
    ],
)
def test_a_source_of_labels_is_said_as_it_is_typed(labels: Labels, words: tuple[str, ...]) -> None:
    assert labels_words(labels) == words
