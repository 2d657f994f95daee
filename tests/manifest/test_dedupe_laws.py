"""What holds for every deduplication, whatever the entries."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.manifest.annotation_files import annotation_files
from dsv_git.manifest.declaration import Data, Declaration, Labels
from dsv_git.manifest.dedupe import Other, across, deduplicate
from dsv_git.manifest.dropped import leave_out
from dsv_git.manifest.entry import Entry

QUICK = settings(deadline=None, max_examples=150)
LABELS = st.sampled_from([None, "cat", "dog", ("cat", "dog")])
ANNOTATIONS = st.sampled_from([None, "sha256:" + "a" * 64, "sha256:" + "b" * 64])


@st.composite
def versions(draw: st.DrawFn) -> list[Entry]:
    """Entries of few contents, so that most have copies; content 0 is empty."""
    paths = draw(st.lists(st.text("ab/", min_size=1, max_size=4), unique=True, max_size=12))
    entries = []
    for path in paths:
        content = draw(st.integers(0, 2))
        entry = Entry(
            path,
            content,
            f"xxh3:{content:032x}",
            draw(LABELS),
            draw(st.sampled_from([None, "train", "val"])),
            draw(ANNOTATIONS),
        )
        entries.append(entry)
    return entries


def says(entry: Entry) -> set[tuple[str, object]]:
    values = {"label": entry.label, "split": entry.split, "ann": entry.ann}
    return {(key, value) for key, value in values.items() if value is not None}


@QUICK
@given(versions(), st.booleans())
def test_no_content_is_lost_and_every_entry_is_kept_or_gone(
    entries: list[Entry], any_label: bool
) -> None:
    found = deduplicate(entries, any_label=any_label)
    assert {e.hash for e in found.kept} == {e.hash for e in entries}
    assert sorted([*found.kept, *(copy.entry for copy in found.gone)], key=lambda e: e.path) == (
        sorted(entries, key=lambda e: e.path)
    )


@QUICK
@given(versions(), versions(), versions())
def test_across_leaves_no_content_of_the_others_but_empty_files(
    entries: list[Entry], first: list[Entry], second: list[Entry]
) -> None:
    others = (Other("a@1", tuple(first)), Other("b@1", tuple(second)))
    rest, gone = across(entries, others)
    theirs = {entry.hash for entry in (*first, *second) if entry.size}
    assert not theirs & {entry.hash for entry in rest}
    assert {copy.entry.hash for copy in gone} <= theirs
    assert sorted([*rest, *(copy.entry for copy in gone)], key=lambda e: e.path) == sorted(
        entries, key=lambda e: e.path
    )
    for copy in gone:
        held = first if copy.of == "a@1" else second
        assert (copy.kept, copy.entry.hash) in {(entry.path, entry.hash) for entry in held}


@QUICK
@given(versions())
def test_what_goes_says_nothing_that_its_copy_does_not_say(entries: list[Entry]) -> None:
    found = deduplicate(entries)
    kept = {entry.path: entry for entry in found.kept}
    for copy in found.gone:
        assert kept[copy.kept].hash == copy.entry.hash
        assert says(copy.entry) <= says(kept[copy.kept])


@QUICK
@given(versions())
def test_copies_that_stay_disagree_and_are_all_listed(entries: list[Entry]) -> None:
    found = deduplicate(entries)
    contents: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in found.kept:
        if entry.size:
            contents[entry.hash].append(entry)
    several = {content: copies for content, copies in contents.items() if len(copies) > 1}
    listed = {one.copies[0].hash: list(one.copies) for one in found.disagreements}
    assert listed.keys() == several.keys()
    for content, copies in several.items():
        assert sorted(listed[content], key=lambda e: e.path) == copies
        for one in copies:
            assert not any(says(one) <= says(other) for other in copies if other is not one)


@QUICK
@given(versions())
def test_any_label_leaves_one_copy_of_each_content(entries: list[Entry]) -> None:
    found = deduplicate(entries, any_label=True)
    hashes = [entry.hash for entry in found.kept if entry.size]
    assert len(hashes) == len(set(hashes))
    assert not found.disagreements
    for copy in found.gone:
        kept = next(entry for entry in found.kept if entry.path == copy.kept)
        assert len(says(kept)) >= len(says(copy.entry))


@QUICK
@given(versions(), st.randoms(use_true_random=False), st.booleans())
def test_the_order_of_the_entries_decides_nothing(
    entries: list[Entry], random: object, any_label: bool
) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert deduplicate(shuffled, any_label=any_label) == deduplicate(entries, any_label=any_label)


@QUICK
@given(versions(), st.booleans())
def test_again_drops_nothing(entries: list[Entry], any_label: bool) -> None:
    once = deduplicate(entries, any_label=any_label)
    twice = deduplicate(once.kept, any_label=any_label)
    assert twice.kept == once.kept
    assert twice.gone == ()


@QUICK
@given(versions())
def test_a_later_scan_that_honours_the_list_gives_the_same_entries(entries: list[Entry]) -> None:
    found = deduplicate(entries)
    out = [copy.dropped for copy in found.gone]
    assert sorted(leave_out(entries, out), key=lambda e: e.path) == list(found.kept)


@QUICK
@given(versions())
def test_spared_files_stay(entries: list[Entry]) -> None:
    found = deduplicate(entries, spared=lambda entry: entry.path.startswith("a"))
    assert {e.path for e in entries if e.path.startswith("a")} <= {e.path for e in found.kept}
    assert not any(copy.kept.startswith("a") for copy in found.gone)


@pytest.mark.parametrize(
    ("labels", "root", "path", "is_annotation"),
    [
        (Labels(yolo="labels/"), "data", "labels/train/a.txt", True),
        (Labels(yolo="./labels"), "data", "labels/a.txt", True),
        (Labels(yolo="data/labels"), "data/", "labels/a.txt", True),
        (Labels(yolo="."), "data", "images/a.txt", True),
        (Labels(yolo="data"), "data", "images/a.txt", True),
        (Labels(yolo="labels/"), "data", "labels/a.jpg", False),
        (Labels(yolo="labels/"), "data", "labels2/a.txt", False),
        (Labels(yolo="labels/"), "data", "x/labels/a.txt", False),
        (Labels(yolo="labels/"), "data", "data.yaml", True),
        (Labels(yolo="labels/"), "data", "notes.yaml", False),
        (Labels(yolo="data.yaml"), "data", "data.yaml", True),
        (Labels(yolo="pets.yml"), "data", "images/train/a.txt", True),
        (Labels(yolo="data.yaml"), "data", "images/train/a.jpg", False),
        (Labels(metadata="metadata.jsonl"), "data", "train/metadata.jsonl", True),
        (Labels(metadata="metadata.jsonl"), "data", "metadata.jsonl", True),
        (Labels(metadata="metadata.jsonl"), "data", "train/metadata.csv", False),
        (Labels(table="labels.csv"), "data", "labels.csv", True),
        (Labels(table="data/labels.csv"), "data", "labels.csv", True),
        (Labels(table="labels.csv"), "data", "x/labels.csv", False),
        (Labels(coco={"train": "ann/train.json"}), "data", "ann/train.json", True),
        (Labels(coco={"train": "ann/train.json"}), "data", "train.json", False),
        (Labels(path="{label}/*"), "data", "labels/a.txt", False),
        (None, "data", "labels/a.txt", False),
    ],
)
def test_annotation_files_are_told_by_what_the_manifest_declares(
    labels: Labels | None, root: str, path: str, is_annotation: bool
) -> None:
    declaration = Declaration(name="m", version="1", data=Data({"": root}), labels=labels)
    assert annotation_files(declaration)(Entry(path, 1, "xxh3:" + "0" * 32)) is is_annotation


def test_of_copies_that_say_as_much_the_labelled_one_stays() -> None:
    content = "xxh3:" + "0" * 32
    labelled, split = Entry("b", 1, content, "cat"), Entry("a", 1, content, None, "train")
    assert deduplicate([labelled, split], any_label=True).kept == (labelled,)
    assert deduplicate([labelled, split]).kept == (split, labelled)
