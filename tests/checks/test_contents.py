"""`split-leak`, `label-conflict`, `duplicates`, `empty-file`: contents that a change brought."""

from __future__ import annotations

import pytest

from dsv_git.manifest.layout import Layout
from tests.checks.conftest import edit, every_finding, only_finding, severities
from tests.conftest import Repo
from tests.manifests import INITIAL, write_manifest

LIST = "manifests/pets/files/_.jsonl"
LAYOUTS = [Layout(), Layout(depth=2), Layout(fans={"_": 2})]
LEAK = {"val/dog/b.jpg": "2"}
TWO_LABELS = {"train/cat/b.jpg": "2"}
SAME = {"train/dog/b2.jpg": "2"}
WARNINGS = "registry: local\nchecks: {duplicates: off}\n"


@pytest.fixture
def quiet(team: Repo) -> Repo:
    """Without the warnings of `duplicates`, which every repeated content gives."""
    team.write(".dsv.yaml", WARNINGS)
    return team


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
@pytest.mark.parametrize(
    ("rule", "more", "told"),
    [
        ("split-leak", LEAK, "train/dog/b.jpg (train) = val/dog/b.jpg (val)"),
        ("label-conflict", TWO_LABELS, "train/cat/b.jpg (cat) = train/dog/b.jpg (dog)"),
    ],
)
def test_one_content_in_two_splits_or_with_two_labels(
    quiet: Repo, layout: Layout, rule: str, more: dict[str, str], told: str
) -> None:
    write_manifest(quiet, "pets", "1.0", layout=layout)
    quiet.commit("Start")
    write_manifest(quiet, "pets", "1.1", INITIAL | SAME, layout=layout)
    assert every_finding(quiet) == []
    write_manifest(quiet, "pets", "1.1", INITIAL | more, layout=layout)
    quiet.git("add", "-A")
    for args in ((), ("--staged",)):
        found = only_finding(quiet, rule, *args)
        assert found["concerned"] == [told]
        assert found["hint"].endswith(f"Data-Override: {rule}")


@pytest.mark.parametrize("rule", ["split-leak", "label-conflict"])
def test_the_severity_is_the_configured_one(team: Repo, rule: str) -> None:
    write_manifest(team, "pets", "1.0", INITIAL | {"val/cow/b.jpg": "2"})
    assert severities(team, rule) == [["warn"], []]


def test_a_first_version_is_told_of_all(quiet: Repo) -> None:
    write_manifest(quiet, "pets", "1.0", INITIAL | {"val/cow/b.jpg": "2"}, layout=Layout(2))
    assert sorted(one["rule"] for one in every_finding(quiet)) == ["label-conflict", "split-leak"]


@pytest.mark.parametrize(
    "after",
    [
        {"train/cat/new.jpg": "9"},
        {"val/dog/b.jpg": "2", "train/cat/b.jpg": "2", "val/cat/b2.jpg": "2"},
        {"val/dog/renamed.jpg": "2", "train/cat/b.jpg": "2"},
        {"train/cat/b.jpg": "2"},
    ],
    ids=["another file", "one more of it", "renamed", "one less"],
)
def test_what_was_there_before_stops_no_other_change(quiet: Repo, after: dict[str, str]) -> None:
    contents = INITIAL | LEAK | TWO_LABELS
    write_manifest(quiet, "pets", "1.0", contents)
    quiet.commit("Leaks", "--no-verify")
    former = {} if len(after) != 1 or "train/cat/new.jpg" not in after else contents
    write_manifest(quiet, "pets", "1.1", INITIAL | former | after)
    rules = {one["rule"] for one in every_finding(quiet)}
    assert rules == ({"split-leak", "label-conflict"} if "val/cat/b2.jpg" in after else set())


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('"label":"dog","split":"train"', '"label":"dog","split":"val"', "split-leak"),
        ('"label":"dog","split":"train"', '"label":"cow","split":"train"', "label-conflict"),
    ],
)
def test_a_changed_split_or_label_makes_a_leak_too(
    quiet: Repo, old: str, new: str, rule: str
) -> None:
    write_manifest(quiet, "pets", "1.0", INITIAL | {"train/dog/z.jpg": "2", "x/cow/y.jpg": "y"})
    quiet.commit("Start")
    place = quiet.path / LIST
    first, last = place.read_text().rsplit(old, 1)
    place.write_text(first + new + last)
    assert only_finding(quiet, rule)["concerned"]


def test_files_without_a_split_or_a_label_leak_nothing(quiet: Repo) -> None:
    write_manifest(quiet, "pets", "1.0", INITIAL | {"b.jpg": "2"})
    assert every_finding(quiet) == []


def test_duplicates_are_a_warning_when_they_are_new(team: Repo) -> None:
    write_manifest(team, "pets", "1.0", INITIAL | SAME)
    (found,) = every_finding(team)
    assert (found["rule"], found["severity"]) == ("duplicates", "warn")
    assert found["concerned"] == ["train/dog/b.jpg = train/dog/b2.jpg"]
    assert found["hint"].startswith("dsv dedupe pets ")
    team.commit("With a duplicate")
    write_manifest(team, "pets", "1.1", INITIAL | {"train/dog/b3.jpg": "2", "train/cat/d.jpg": "4"})
    assert every_finding(team) == []
    write_manifest(team, "pets", "1.1", INITIAL | SAME | {"train/dog/b3.jpg": "2"})
    assert [one["rule"] for one in every_finding(team)] == ["duplicates"]


def test_empty_files_are_an_error_when_they_are_new(team: Repo) -> None:
    write_manifest(team, "pets", "1.0", INITIAL | {"train/cat/e.jpg": "", "val/dog/f.jpg": ""})
    found = only_finding(team, "empty-file")
    assert (found["message"], found["concerned"]) == (
        "2 files are empty",
        ["train/cat/e.jpg", "val/dog/f.jpg"],
    )
    assert severities(team, "empty-file") == [["warn"], []]
    team.commit("Empty", "--no-verify")
    moved = INITIAL | {"train/cat/e2.jpg": "", "val/dog/f.jpg": ""}
    write_manifest(team, "pets", "1.1", moved)
    assert every_finding(team) == []
    write_manifest(team, "pets", "1.1", moved | {"train/dog/b.jpg": "", "x/dog/b.jpg": "2"})
    assert only_finding(team, "empty-file")["concerned"] == ["train/dog/b.jpg"]


def test_annotation_files_that_are_alike_or_empty_are_as_they_should_be(team: Repo) -> None:
    notes = {"labels/train/a.txt": "box", "labels/val/b.txt": "box", "labels/val/c.txt": ""}
    write_manifest(team, "pets", "1.0", INITIAL | notes)
    edit(team, "manifests/pets/manifest.yaml", "data:", "labels: {yolo: labels}\ndata:")
    assert every_finding(team) == []
