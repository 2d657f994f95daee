"""The JSON form of a diff and of a version's numbers."""

from __future__ import annotations

import json

import msgspec

from dsv_git.diff.changes import diff_entries
from dsv_git.diff.manifest_diff import ManifestDiff
from dsv_git.diff.repeated import repeated_contents
from dsv_git.diff.stats import Totals, stats
from dsv_git.manifest.entry import Entry
from dsv_git.review.document import as_json, diff_document, stats_document
from dsv_git.review.schema import DiffDocument, StatsDocument

ONE, TWO, THREE = (f"xxh3:{number:032x}" for number in (1, 2, 3))

BEFORE = [
    Entry("cat/1", 10, ONE, "cat", "train"),
    Entry("cat/2", 10, TWO, "cat", props={"flag": True}),
    Entry("dog/3", 10, THREE, "dog"),
]
AFTER = [
    Entry("cat/1", 10, ONE, "dog", "val"),
    Entry("dog/2", 10, TWO, "cat", props={"flag": 1}),
    Entry("dog/3", 10, THREE, "dog"),
    Entry("dog/4", 10, THREE, "dog"),
]
DIFF = ManifestDiff(
    "pets",
    "1.0",
    "1.1",
    diff_entries(BEFORE, AFTER),
    ("pets@1.0",),
    Totals(3, 30, {"cat": 2}),
    repeated=repeated_contents(BEFORE, AFTER),
    unread=2,
)


def test_the_document_of_a_diff() -> None:
    assert json.loads(as_json(diff_document([DIFF]))) == {
        "schema": 1,
        "manifests": [
            {
                "manifest": "pets",
                "before": {
                    "version": "1.0",
                    "totals": {"files": 3, "bytes": 30, "labels": {"cat": 2}},
                },
                "after": {
                    "version": "1.1",
                    "totals": {"files": 4, "bytes": 40, "labels": {"cat": 1, "dog": 2}},
                },
                "parents": ["pets@1.0"],
                "description": "",
                "counts": {
                    "added": 0,
                    "removed": 0,
                    "modified": 0,
                    "renamed": 1,
                    "copied": 1,
                    "relabelled": 1,
                    "reannotated": 0,
                    "redescribed": 0,
                },
                "flagged": {"relabelled": 1, "reannotated": 0, "redescribed": 1},
                "files": 1,
                "bytes": 10,
                "bytes_added": 10,
                "bytes_removed": 0,
                "labels": [
                    {
                        "label": "dog",
                        "before": 0,
                        "after": 2,
                        "change": 2,
                        "share_before": 0.0,
                        "share_after": 50.0,
                        "shift": 50.0,
                        "objects": 2,
                    },
                    {
                        "label": "cat",
                        "before": 2,
                        "after": 1,
                        "change": -1,
                        "share_before": 66.667,
                        "share_after": 25.0,
                        "shift": -41.667,
                        "objects": -1,
                    },
                ],
                "relabelled": [{"from": "cat", "to": "dog", "count": 1}],
                "resplit": [{"from": "train", "to": "val", "count": 1}],
                "folders": [
                    {"folder": "cat", "moved_to": None, "counts": {"relabelled": 1}},
                    {"folder": "cat", "moved_to": "dog", "counts": {"renamed": 1}},
                    {"folder": "dog", "moved_to": None, "counts": {"copied": 1}},
                ],
                "changes": [
                    {
                        "kind": "relabelled",
                        "path": "cat/1",
                        "flags": ["relabelled"],
                        "before": {
                            "path": "cat/1",
                            "size": 10,
                            "hash": ONE,
                            "label": "cat",
                            "split": "train",
                        },
                        "after": {
                            "path": "cat/1",
                            "size": 10,
                            "hash": ONE,
                            "label": "dog",
                            "split": "val",
                        },
                        "source": None,
                        "successor": None,
                    },
                    {
                        "kind": "renamed",
                        "path": "dog/2",
                        "flags": ["redescribed"],
                        "before": {
                            "path": "cat/2",
                            "size": 10,
                            "hash": TWO,
                            "label": "cat",
                            "props": {"flag": True},
                        },
                        "after": {
                            "path": "dog/2",
                            "size": 10,
                            "hash": TWO,
                            "label": "cat",
                            "props": {"flag": 1},
                        },
                        "source": None,
                        "successor": None,
                    },
                    {
                        "kind": "copied",
                        "path": "dog/4",
                        "flags": [],
                        "before": None,
                        "after": {"path": "dog/4", "size": 10, "hash": THREE, "label": "dog"},
                        "source": "dog/3",
                        "successor": None,
                    },
                ],
                "repeated": {
                    "new_duplicates": [
                        {
                            "hash": THREE,
                            "size": 10,
                            "before": [{"path": "dog/3", "label": "dog", "split": None}],
                            "after": [
                                {"path": "dog/3", "label": "dog", "split": None},
                                {"path": "dog/4", "label": "dog", "split": None},
                            ],
                        }
                    ],
                    "gone_duplicates": [],
                    "new_leaks": [],
                    "gone_leaks": [],
                    "new_conflicts": [],
                    "gone_conflicts": [],
                    "unread_lists": 2,
                },
            }
        ],
    }


def test_a_reader_gets_back_what_was_written() -> None:
    document = diff_document([DIFF])
    assert msgspec.json.decode(as_json(document), type=DiffDocument) == document
    numbers = stats_document(stats(BEFORE))
    assert msgspec.json.decode(as_json(numbers), type=StatsDocument) == numbers


def test_the_line_is_safe_to_show_and_still_the_same_text() -> None:
    name = "\x1b[2J\x7f\x9b\u202e\u2028\u200b\ufeff\\u0041é猫"
    line = as_json(diff_document([ManifestDiff(name, "1", "2", DIFF.diff)]))
    assert line.endswith("}\n")
    assert line[:-1].isprintable()
    assert json.loads(line)["manifests"][0]["manifest"] == name


def test_the_document_of_a_versions_numbers() -> None:
    assert json.loads(as_json(stats_document(stats(BEFORE)))) == {
        "schema": 1,
        "files": 3,
        "bytes": 30,
        "unlabelled": 0,
        "labels": [
            {"label": "cat", "images": 2, "objects": 2},
            {"label": "dog", "images": 1, "objects": 1},
        ],
        "splits": [
            {"split": "train", "files": 1, "labels": {"cat": 1}},
            {"split": None, "files": 2, "labels": {"cat": 1, "dog": 1}},
        ],
        "sizes": {
            "minimum": 10, "p5": 10, "p25": 10, "median": 10, "p75": 10, "p95": 10, "maximum": 10,
        },
        "duplicates": {"groups": 0, "extra_files": 0, "extra_bytes": 0},
    }  # fmt: skip
