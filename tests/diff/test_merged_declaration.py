"""manifest.yaml merges by key, and keeps what people wrote around it."""

from __future__ import annotations

import pytest

from dsv_git.diff.merged_declaration import merge_declarations
from dsv_git.diff.merged_files import Marks
from dsv_git.diff.merged_records import merge_record, merge_records
from dsv_git.manifest.record import Record, RecordStats

BASE = """\
# head
format: 1
project: P   # keep
version: 1.0
# about parents
parents:
  - a@1.0
tags: [x, y]
data:
  # inner
  root: data/a
properties:
  a: 1
  b: 2
layout: {depth: 1}
# tail
"""


def merge(ours: str, theirs: str) -> tuple[str, tuple[str, ...]]:
    merged = merge_declarations(BASE, ours, theirs, Marks())
    return merged.text, merged.conflicts


def test_changes_of_different_keys_come_together_with_their_comments() -> None:
    ours = BASE.replace("[x, y]", "[x, y, z]").replace("  b: 2", "  b: 2\n  c: 3 # mine")
    theirs = BASE.replace("[x, y]", "[y]").replace("a: 1", "a: 9 # theirs").replace("/a", "/b")
    theirs = theirs.replace("  - a@1.0", "  - a@1.0\n  - c@2.0")
    expected = ours.replace("[x, y, z]", "[y, z]").replace("a: 1", "a: 9 # theirs")
    expected = expected.replace("/a", "/b").replace("  - a@1.0", "  - a@1.0\n  - c@2.0")
    assert merge(ours, theirs) == (expected, ())


def test_one_side_alone_is_that_side() -> None:
    changed = BASE.replace("1.0\n#", "1.1\ndescription: new\n#")
    assert merge(changed, BASE) == (changed, ())
    assert merge(BASE, changed) == (changed, ())
    assert merge(changed, changed) == (changed, ())


def test_parallel_bumps_conflict_on_the_version_alone() -> None:
    text, conflicts = merge(BASE.replace("n: 1.0", "n: 1.1"), BASE.replace("n: 1.0", "n: 1.1-f"))
    assert conflicts == ("version",)
    marked = "<<<<<<< ours\nversion: 1.1\n=======\nversion: 1.1-f\n>>>>>>> theirs\n"
    assert text == BASE.replace("version: 1.0\n", marked)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ("dsv bump a", "dsv update a", "dsv dedupe a", "dsv update a && dsv dedupe a"),
        ("", "dsv update a && dsv dedupe a", "dsv dedupe a", "dsv update a && dsv dedupe a"),
        ("dsv bump a", "dsv bump a", "dsv update a", "dsv update a"),
    ],
)
def test_what_both_sides_did_made_the_result(
    base: str, ours: str, theirs: str, merged: str
) -> None:
    before, mine, other = (
        BASE.replace("tags:", f"made_by: {text}\ntags:") for text in (base, ours, theirs)
    )
    found = merge_declarations(before, mine, other, Marks())
    assert found.conflicts == ()
    assert f"made_by: {merged}\n" in found.text


@pytest.mark.parametrize("sides", [("1", "2"), ("2", "1")])
def test_another_layout_of_one_side_is_a_conflict(sides: tuple[str, str]) -> None:
    ours, theirs = (BASE.replace("depth: 1", f"depth: {depth}") for depth in sides)
    assert merge(ours, theirs)[1] == ("layout",)


def test_a_key_inside_a_mapping_conflicts_there() -> None:
    text, conflicts = merge(BASE.replace("a: 1", "a: 2"), BASE.replace("a: 1", "a: 3"))
    assert conflicts == ("properties.a",)
    assert "<<<<<<< ours\n  a: 2\n=======\n  a: 3\n>>>>>>> theirs\n  b: 2\n" in text


def record(key: str, id_: str, former: tuple[str, ...] = (), registry: str = "local") -> Record:
    stats = RecordStats(0, 0, 0, 0, 0, 0, {})
    return Record("1.1", key * 64, "sha256:" + "0" * 64, registry, id_, former, (), stats)


def test_of_two_records_of_one_version_the_newer_id_counts_and_none_is_forgotten() -> None:
    old, new = record("a", "one"), record("a", "two", ("one",))
    assert merge_record(old, new) == new == merge_record(new, old)
    local, promoted = record("a", "one"), record("a", "two", registry="clearml")
    assert merge_record(local, promoted).id == "two"
    both = merge_record(record("a", "x", ("one",)), record("a", "y", ("two",)))
    assert (both.id, set(both.former_ids)) == ("x", {"one", "two", "y"})


def test_of_two_versions_of_one_name_ours_keeps_the_plain_file() -> None:
    ours, theirs = record("a", "one"), record("b", "two")
    assert merge_records([ours], [theirs]) == {
        "versions/1.1.json": ours,
        "versions/1.1#bbbbbbbb.json": theirs,
    }
