"""A `manifest.yaml` that cannot be used: the file, the line, what is wrong, what to type."""

from __future__ import annotations

import pytest

from dsv_git.errors import InputError
from dsv_git.manifest.declaration import KEYS
from dsv_git.manifest.parsing import DATA_KEYS, LABEL_KEYS, REPORT_KEYS, parse_declaration
from tests.manifest.test_parsing import LEAST, WHERE


def refused(text: str) -> tuple[int, str, str]:
    """Line, message and hint."""
    with pytest.raises(InputError) as caught:
        parse_declaration(text, "youtube", WHERE)
    file, _, line = (caught.value.where or "").rpartition(":")
    assert file == WHERE
    return int(line), caught.value.message, caught.value.hint or ""


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("lables: {}", "unknown key 'lables' in a manifest", "did you mean labels?"),
        ("Version: 1", "unknown key 'Version' in a manifest", "did you mean version?"),
        ("parent: [a@1]", "unknown key 'parent' in a manifest", "did you mean parents?"),
        ("zzz: 1", "unknown key 'zzz' in a manifest", "known keys: format, dataset,"),
        ("<<: {a: b}", "unknown key '<<' in a manifest", "known keys: format"),
        ("'': 1", "unknown key '' in a manifest", "known keys: format"),
        ("labels: {file: a}", "unknown key 'file' in labels", ""),
        ("labels: {tabel: a}", "unknown key 'tabel' in labels", "did you mean table?"),
        ("reports: {figure: [a]}", "unknown key 'figure' in reports", "did you mean figures?"),
        ("layout: {fans: {_: 1}}", "unknown key 'fans' in layout", "did you mean fan?"),
        ("version: 2", "the key 'version' stands twice", ""),
        ("tags: cleaned", "tags must be a list", "tags: [first, second]"),
        ("tags: {a: b}", "tags must be a list", "tags: [first, second]"),
        ("tags: ''", "tags must be a list", ""),
        ("tags: [[a]]", "an item of tags must be a text", ""),
        ("dataset: [a]", "dataset must be a text", ""),
        ("description: {a: b}", "description must be a text", ""),
        ("parents: a@1", "parents must be a list", "parents: [first, second]"),
        ("parents: [youtube]", "not a version: 'youtube'", "write MANIFEST@VERSION"),
        ("parents: ['a@1', '']", "not a version: ''", "write MANIFEST@VERSION"),
        ("parents: ['a@1', 'a@1']", "a parent is named twice", ""),
        ("samples: -1", "samples must be a whole number from 0 to 1000", ""),
        ("samples: 1001", "samples must be a whole number from 0 to 1000", ""),
        ("samples: 1.0", "samples must be a whole number", ""),
        ("samples: many", "not 'many'", ""),
        ("samples: ''", "samples must be a whole number", ""),
        ("samples: \uff11", "samples must be a whole number", ""),
        ("samples: 00000000000000000001", "samples must be a whole number", ""),
        ("labels: {}", "labels come from one of: path, table, coco, yolo, metadata", ""),
        (
            "labels: {path: a, table: b}",
            "labels come from one of: path, table, coco, yolo, metadata",
            "",
        ),
        ("labels: {metadata: '**/metadata.jsonl'}", "not the name of metadata files", "in every"),
        ("labels: {metadata: train.json}", "not the name of metadata files", "metadata.jsonl or"),
        ("labels: {metdata: a.csv}", "unknown key 'metdata' in labels", "did you mean metadata?"),
        ("labels: labels.csv", "labels must be a mapping", "labels: {name: value}"),
        ("labels: {path: ''}", "labels.path is empty", ""),
        ("labels: {path: [a]}", "path must be a text", ""),
        ("labels: {coco: a.json}", "coco must be a mapping", "coco: {name: value}"),
        ("labels: {coco: {}}", "labels.coco is empty", ""),
        ("labels: {coco: {train: ''}}", "labels.coco.train is empty", ""),
        ("labels: {coco: {train: [a]}}", "coco.train must be a text", ""),
        ("reports: [a]", "reports must be a mapping", ""),
        ("reports: {tables: a.csv}", "tables must be a list", ""),
        ("properties: [a]", "properties must be a mapping", ""),
        ("properties: {'': a}", "a property needs a name", ""),
        ("properties: {a: {b: c}}", "properties.a must be a text", ""),
        ("layout: 2", "layout must be a mapping", ""),
        ("layout: {depth: 9}", "depth must be a whole number from 0 to 8", ""),
        ("layout: {depth: -1}", "depth must be a whole number from 0 to 8", ""),
        ("layout: {depth: two}", "depth must be a whole number from 0 to 8, not 'two'", ""),
        ("layout: {fan: 2}", "fan must be a mapping", ""),
        ("layout: {fan: {_: 5}}", "fan._ must be a whole number from 0 to 4", ""),
        ("layout: {fan: {a: 1}}", "a layout of depth 0 has no list 'a'", "below files/"),
        ("layout: {depth: 1, fan: {a/b: 1}}", "a layout of depth 1 has no list 'a/b'", ""),
        ("layout: {depth: 1, fan: {my cats: 1}}", "has no list 'my cats'", ""),
        ("layout: {depth: 1, fan: {a.jsonl: 1}}", "has no list 'a.jsonl'", ""),
        ("layout: {depth: 1, fan: {a~0: 1}}", "has no list 'a~0'", ""),
        ("layout: {depth: 1, fan: {'': 1}}", "has no list ''", ""),
        ("layout: {depth: 2, fan: {'%2E.': 1}}", "has no list '%2E.'", ""),
    ],
)
def test_a_line_that_cannot_be_used_is_named(line: str, message: str, hint: str) -> None:
    number, said, then = refused(f"{LEAST}{line}\n")
    assert number == 4
    assert message in said
    assert hint in then


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        ("{rot: a}", "unknown key 'rot' in data", "did you mean root?"),
        ("{}", "data needs a root, or roots, one of both", "data: {root: FOLDER}"),
        ("{root: }", "data needs a root, or roots, one of both", "data: {root: FOLDER}"),
        ("{root: a, roots: {b: c}}", "data needs a root, or roots, one of both", ""),
        ("data/youtube", "data must be a mapping", ""),
        ("{root: ''}", "a root is empty", ""),
        ("{root: [a]}", "root must be a text", ""),
        ("{roots: {}}", "a root is empty", ""),
        ("{roots: {a: ''}}", "a root is empty", ""),
        ("{roots: [a]}", "roots must be a mapping", ""),
        ("{roots: {'': a}}", "not a mount's name: ''", ""),
        ("{roots: {a/b: c}}", "not a mount's name: 'a/b'", ""),
        ("{roots: {..: c}}", "not a mount's name: '..'", ""),
        ("{roots: {.Git: c}}", "not a mount's name: '.Git'", ""),
        ("{root: a, hash: md5}", "hash cannot be 'md5'", "it is one of: xxh3, sha256"),
        ("{root: a, hash: sha25}", "hash cannot be 'sha25'", "did you mean sha256?"),
        ("{root: a, upload: yes}", "upload cannot be 'yes'", "it is one of: true, false"),
        ("{root: a, include: '*.jpg'}", "include must be a list", "include: [first, second]"),
        ("{root: a, url: [b]}", "url must be a text", ""),
    ],
)
def test_data_that_cannot_be_used_is_named(data: str, message: str, hint: str) -> None:
    number, said, then = refused(f"format: 1\n\nversion: 1.0\ndata: {data}\n")
    assert number == 4
    assert message in said
    assert hint in then


@pytest.mark.parametrize("key", ["format", "version", "data"])
def test_a_missing_key_is_named(key: str) -> None:
    lines = [line for line in LEAST.splitlines() if not line.startswith(key)]
    missing = (1, f"the key {key} is missing")
    assert refused("\n".join(lines))[:2] == missing
    assert refused("\n".join([*lines, f"{key}:  # nothing"]))[:2] == missing


def test_an_empty_file_misses_the_format() -> None:
    assert refused("")[:2] == (1, "the key format is missing")


@pytest.mark.parametrize("version", ["''", '" "', "a@b", "a#b", '"a\\nb"', '"\\e[31m"', "x" * 231])
def test_a_text_that_is_no_version_is_refused_where_it_stands(version: str) -> None:
    number, said, _ = refused(LEAST.replace("version: 1.0", f"version: {version}"))
    assert number == 2
    assert "version" in said


@pytest.mark.parametrize("number", ["2", "0", "one", "1.0", "''"])
def test_another_format_says_to_upgrade(number: str) -> None:
    line, said, hint = refused(LEAST.replace("format: 1", f"format: {number}"))
    assert line == 1
    assert "is not known to this release" in said
    assert hint == "pip install --upgrade dsv-git"


def test_the_line_of_an_inner_value_is_named() -> None:
    text = LEAST + "parents:\n  - a@1\n  # c\n  - b\nlayout:\n  depth: 0\n"
    assert refused(text)[0] == 7
    assert refused(text.replace("- b", "- b@1").replace("depth: 0", "depth: x"))[0] == 9


@pytest.mark.parametrize(
    ("prefix", "keys"),
    [("", KEYS), ("data", DATA_KEYS), ("labels", LABEL_KEYS), ("reports", REPORT_KEYS)],
)
def test_the_nearest_key_is_the_one_with_a_letter_too_many(
    prefix: str, keys: tuple[str, ...]
) -> None:
    for key in keys:
        wrong = f"{key}x: {{}}\n"
        if prefix == "data":
            text = f"format: 1\nversion: 1.0\ndata:\n  {wrong}"
        else:
            text = LEAST + (f"{prefix}:\n  {wrong}" if prefix else wrong)
        assert refused(text)[2] == f"did you mean {key}?"
