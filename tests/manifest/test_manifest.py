"""A whole manifest, read from wherever its files are."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.errors import InputError
from dsv_git.manifest.dropped import encode_dropped
from dsv_git.manifest.entry import Entry, same_props
from dsv_git.manifest.filelist import encode_entries
from dsv_git.manifest.identity import digest, list_digest
from dsv_git.manifest.layout import Layout
from dsv_git.manifest.manifest import Manifest, is_list, manifest_files
from dsv_git.manifest.record import encode_record, record_path
from tests.manifest.lists import CAT
from tests.manifest.memory import OUT, ROWS, Memory, manifest, whole
from tests.manifest.strategies import entries, layouts, paths
from tests.manifest.test_record import RECORD


@pytest.mark.parametrize("layout", [Layout(0), Layout(1), Layout(2, {"train/cat": 1, "_": 2})])
def test_a_manifest_reads_back_as_it_was_written(layout: Layout) -> None:
    record = {record_path(RECORD.version): encode_record(RECORD)}
    found = manifest({**whole(layout, ROWS), **record})
    assert list(found.entries) == ROWS
    assert found.layout == layout
    assert (found.declaration.name, found.declaration.version) == ("youtube", "1.1-youtube")
    assert found.text.startswith("format: 1\n")
    assert found.dropped == (OUT,)
    assert found.records == {"versions/1.1-youtube.json": RECORD}


@settings(deadline=None, max_examples=60)
@given(
    layouts,
    st.dictionaries(paths, entries, min_size=1, max_size=6),
    st.randoms(use_true_random=False),
)
def test_any_layout_holds_the_same_entries(
    layout: Layout, rows: dict[str, Entry], random: object
) -> None:
    wanted = [
        Entry(path, row.size, row.hash, row.label, row.split, row.ann, row.props)
        for path, row in sorted(rows.items())
    ]
    shuffled = list(wanted)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    try:
        files = whole(layout, shuffled)
    except InputError:
        return  # Folders that differ by case alone are tested where layouts are.
    found = manifest(files)
    assert list(found.entries) == wanted
    pairs = zip(found.entries, wanted, strict=True)
    assert all(same_props(one.props, other.props) for one, other in pairs)
    assert whole(layout, wanted) == files


def test_the_files_of_a_manifest_are_these() -> None:
    files = whole(Layout(2, {"train/dog": 1}), ROWS)
    assert sorted(files) == [
        "dropped.jsonl",
        "files/%C3%A9t%C3%A9.jsonl",
        "files/_.jsonl",
        "files/train/cat.jsonl",
        "files/train/dog~5.jsonl",
        "manifest.yaml",
    ]
    assert files["files/_.jsonl"] == encode_entries([ROWS[0]])
    assert files["dropped.jsonl"] == encode_dropped([OUT])


def test_what_is_empty_has_no_file() -> None:
    assert manifest_files("format: 1\n", Layout(2), [], []) == {"manifest.yaml": b"format: 1\n"}
    empty = manifest({"manifest.yaml": b"format: 1\nversion: 1\ndata: {root: a}\n"})
    assert empty.entries == ()
    assert empty.dropped == ()
    assert empty.records == {}
    assert empty.lists == {}
    assert empty.digest == digest({})


def test_the_digest_is_that_of_the_lists() -> None:
    files = whole(Layout(1), ROWS)
    lists = {path: list_digest(data) for path, data in files.items() if path.startswith("files/")}
    assert manifest(files).digest == digest(lists)
    more = {"dropped.jsonl": b"", "versions/1.json": b"{}", "files/README.md": b"x", "note": b""}
    assert manifest({**files, **more}).digest == digest(lists)


def test_only_lists_are_lists() -> None:
    found = manifest(
        {
            "files/a/b.jsonl": b"",
            "files/a.jsonl": b"",
            "files/a.json": b"",
            "files.jsonl": b"",
            "other/files/a.jsonl": b"",
            "dropped.jsonl": b"",
        }
    )
    assert found.lists == {
        "files/a.jsonl": "blob of files/a.jsonl",
        "files/a/b.jsonl": "blob of files/a/b.jsonl",
    }
    assert list(found.lists) == ["files/a.jsonl", "files/a/b.jsonl"]
    assert is_list("files/_.jsonl")


def test_a_list_is_read_when_it_is_asked_for() -> None:
    memory = Memory(whole(Layout(1), ROWS))
    found = Manifest("youtube", memory)
    assert len(found.lists) == 3
    assert memory.reads == []
    assert [row.path for row in found.rows("files/train.jsonl")] == [
        "train/cat/b.jpg",
        "train/dog/c.jpg",
    ]
    assert memory.reads == ["manifest.yaml", "files/train.jsonl"]


def test_one_of_several_records_of_a_name_is_found_by_its_key() -> None:
    other = msgspec.structs.replace(RECORD, key="0" * 64)
    found = manifest(
        {
            record_path(RECORD.version): encode_record(RECORD),
            record_path(RECORD.version, other.key): encode_record(other),
        }
    )
    assert found.record(RECORD.version, other.key[:8]) == other
    assert found.record(RECORD.version, RECORD.key) == RECORD
    assert found.record(RECORD.version, "f" * 8) is None
    assert found.record(RECORD.version) in (RECORD, other)
    assert found.record("2.0") is None


@pytest.mark.parametrize(
    ("path", "data", "where", "message"),
    [
        ("files/_.jsonl", b"{}\n", "files/_.jsonl:1", "not an entry"),
        ("files/a b.jsonl", b"", "files/a b.jsonl", "not an encoded name"),
        ("files/x/y.jsonl", b"", "files/x/y.jsonl", "the layout has no list"),
        ("files/%2E..jsonl", b"", "files/%2E..jsonl", "no data folder"),
        ("dropped.jsonl", b"{}\n", "dropped.jsonl:1", "not a dropped entry"),
        ("versions/2.json", b"{}", "versions/2.json", "not a version's record"),
        ("manifest.yaml", b"format: 1\nversio: 2\n", "manifest.yaml:2", "unknown key 'versio'"),
        ("manifest.yaml", b"format: 1\ndataset: \xff\n", "manifest.yaml:2", "not UTF-8"),
        ("manifest.yaml", "format: 1\n".encode("utf-16"), "manifest.yaml:1", "not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_named(path: str, data: bytes, where: str, message: str) -> None:
    found = manifest({**whole(Layout(1), ROWS), path: data})
    with pytest.raises(InputError) as caught:
        _ = (found.declaration, found.entries, found.dropped, found.records)
    assert caught.value.where == f"manifests/youtube/{where}"
    assert message in caught.value.message


def test_a_folder_without_a_manifest_is_no_manifest() -> None:
    with pytest.raises(InputError, match=r"there is no manifest\.yaml") as caught:
        _ = manifest({}).declaration
    assert caught.value.where == "manifests/youtube"


def test_lists_that_collide_are_not_written() -> None:
    rows = [Entry("Cat/a", 1, CAT), Entry("cat/a", 1, CAT)]
    with pytest.raises(InputError, match="differ by case alone"):
        whole(Layout(1), rows)
    with pytest.raises(ValueError, match="is twice"):
        whole(Layout(1), [rows[0], rows[0]])
