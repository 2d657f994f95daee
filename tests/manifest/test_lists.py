"""Lists of files in other tools' forms: what is written is read back, whatever it holds."""

from __future__ import annotations

import csv
import io

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry, PropValue
from dsv_git.manifest.filelist import encode_entries
from dsv_git.manifest.identity import digest, list_digest
from dsv_git.manifest.layout import Layout
from dsv_git.manifest.lists import KINDS, Kind, as_entries, list_kind, read_list, write_list
from dsv_git.manifest.names import unsafe_path
from tests.manifest.lists import CAT, DOG
from tests.manifest.strategies import entries, paths

LOOK_ALIKES: dict[str, PropValue] = {
    "a": True,
    "b": "true",
    "c": "TRUE",
    "d": 1,
    "e": "1",
    "f": 1.5,
    "g": "1.5",
    "h": "1.50",
    "i": "",
    "j": '"',
    "k": '"1"',
    "l": 1e16,
    "m": "10000000000000000",
    "n": "1e400",
    "o": -0.0,
    "p": "-0",
    "q": "[]",
    "r": "\u0661",
    "path": "a prop may be called so",
    "md5": "too",
    "props.a": "and so",
    "": "or not at all",
    " spaced ": "x",
    "\u00a0": "x",
    "=1+1": "=1+1",
    "two\nlines": "two\r\nlines\0",
}
ODD = Entry(
    path="=cmd,\n\"'é.jpg",
    size=2**53,
    hash='etag:"5d,41-2"',
    label=("+1", '["a"]', "cat", "cat"),
    split="@x",
    props=LOOK_ALIKES,
)

manifests = st.lists(
    st.builds(
        lambda entry, path: msgspec.structs.replace(entry, path=path),
        entries,
        paths.filter(lambda path: unsafe_path(path) is None),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda entry: entry.path,
)


def digest_of(rows: tuple[Entry, ...]) -> str:
    lists = Layout().split(rows)  # of depth 0: folders may differ by case alone
    return digest({path: list_digest(encode_entries(part)) for path, part in lists.items()})


def written(rows: tuple[Entry, ...] | list[Entry], kind: Kind) -> bytes:
    return b"".join(write_list(rows, kind))


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=100)
@given(rows=manifests)
@example(rows=[ODD])
@example(rows=[Entry("a", 0, CAT, '["a","b"]'), Entry("b", 0, CAT, "[", "1")])
def test_a_manifest_written_as_a_list_and_read_back_has_the_same_digest(
    kind: Kind, rows: list[Entry]
) -> None:
    there = written(rows, kind)
    back = as_entries(read_list(there, "x", kind), "x")

    assert digest_of(back) == digest_of(tuple(rows))
    assert written(back, kind) == there


@settings(deadline=None, max_examples=60)
@given(rows=manifests)
@example(rows=[ODD])
def test_no_cell_of_a_csv_runs_in_a_spreadsheet_and_every_row_is_one_line(
    rows: list[Entry],
) -> None:
    data = written(rows, "csv").decode()
    cells = [cell for row in csv.reader(io.StringIO(data, newline="")) for cell in row]
    numbers = {cell for cell in cells if cell.startswith("-") and float(cell) <= 0}

    assert not [c for c in cells if c[:1] in {"=", "+", "@", "\t", "\r", "\n"}]
    assert numbers == {c for c in cells if c.startswith("-")}
    assert data.count("\n") == len(rows) + 1
    assert "\r" not in data


def test_json_lines_are_a_file_list_of_depth_0() -> None:
    rows = (Entry("b/c", 1, CAT), Entry("a", 2, DOG, "cat", props={"k": 1.0}))
    assert written(rows, "jsonl") == encode_entries(rows)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"path,size,md5,label\nb,1,%s,cat\n./a,2,,\n" % (b"AB" * 16), "csv"),
        (
            b'{"path":"b","size":1,"md5":"%s","label":"cat"}\n{"path":"./a","size":2}'
            % (b"ab" * 16),
            "jsonl",
        ),
        (b"\xef\xbb\xbfpath,label,md5,size\r\nb,cat,%s,1\r\n\r\na,,,2" % (b"ab" * 16), "csv"),
        (
            b'{"path":"b","size":1,"hash":"md5:%s","label":["cat"],"split":null}\n\n{"path":"a","size":2,"label":""}'
            % (b"ab" * 16),
            "jsonl",
        ),
    ],
)
def test_lists_of_other_tools_keep_their_hashes(data: bytes, kind: Kind) -> None:
    one, two = read_list(data, "x", kind)

    assert (one.path, one.size, one.hash, one.label) == ("a", 2, None, None)
    assert (two.path, two.size, two.hash, two.label) == ("b", 1, f"md5:{'ab' * 16}", "cat")
    with pytest.raises(InputError, match="'a' has no hash"):
        as_entries((one, two), "x")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"path,label,width\na,dog,640\na,cat,640\na,dog,640\n", "csv"),
        (b'{"path":"a","label":["dog","cat","dog"],"width":640}', "jsonl"),
        (
            b'{"path":"a","label":["dog","cat"],"props":{"width":640}}\n{"path":"a","label":"dog","width":640}',
            "jsonl",
        ),
    ],
)
def test_rows_of_one_path_are_its_objects(data: bytes, kind: Kind) -> None:
    (one,) = read_list(data, "x", kind)

    assert one.label == ("cat", "dog", "dog")
    assert one.props == {"width": 640}


def test_absolute_paths_are_taken_below_a_given_folder() -> None:
    data = b"path\n/mnt/nas/pets/cat/1.jpg\ndog/1.jpg\n"
    found = read_list(data, "x", "csv", base="/mnt/nas/pets/")
    assert [file.path for file in found] == ["cat/1.jpg", "dog/1.jpg"]


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        (b"", "csv", "x:1: the table is empty"),
        (b"file,label\na,b\n", "csv", "x:1: the table has no column path"),
        (b"path,label\na,b\nc\n", "csv", "x:3: the row has 1 cells, the header 2"),
        (b"path\n\n../a\n", "csv", "x:3: the path '../a' has a part '..'"),
        (b"path\n/a\n", "csv", "x:2: the path '/a' is absolute\n  paths are relative"),
        (b"path,size\na,1e3\n", "csv", "x:2: not a size in bytes: '1e3'"),
        (b"path,size\na,9007199254740993\n", "csv", "x:2: not a size in bytes: 9007199254740993"),
        (b"path,hash\na,abc\n", "csv", "x:2: not a hash: 'abc'"),
        (b"path,sha256\na,abc\n", "csv", "x:2: not a hash: 'sha256:abc'"),
        (b"path,split\na,x\na,y\n", "csv", "lines 2 and 3 give 'a' different split"),
        (b"path,w\na,1\na,true\n", "csv", "lines 2 and 3 give 'a' different props"),
        (b'path,label\na,"[""b"",""""]"\n', "csv", "x:2: a label is empty"),
        (b"path\n\xff\n", "csv", "x:2: the text is not UTF-8"),
        (b'{"path":"a"}\n{"size":1}\n', "jsonl", "x:2: not a row of a list: it has no path"),
        (b'{"path":"a","size":true}', "jsonl", "x:1: .*not a size in bytes: True"),
        (b'{"path":"a","size":-1}', "jsonl", "x:1: .*not a size in bytes: -1"),
        (b'{"path":"a","split":1}', "jsonl", "x:1: .*split is no text"),
        (b'{"path":"a","label":["b",1]}', "jsonl", "x:1: .*a label is a text"),
        (b'{"path":"a","props":{"k":[1]}}', "jsonl", "x:1: .*'k' is nested"),
        (b'{"path":"a","box":{"x":1}}', "jsonl", "x:1: .*'box' is nested"),
        (b'{"path":"a","id":1152921504606846977}', "jsonl", "x:1: .*beyond 2\\^53"),
        (b"[1]\n", "jsonl", "x:1: not a row of a list"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_told_with_its_line(data: bytes, kind: Kind, message: str) -> None:
    with pytest.raises(InputError) as told:
        read_list(data, "x", kind)
    assert told.match(message)


def test_the_ending_of_a_name_tells_what_a_list_is() -> None:
    assert [list_kind(name) for name in ("a/b.CSV", "c.jsonl")] == ["csv", "jsonl"]
    with pytest.raises(InputError, match="not a list of files: 'a"):
        list_kind("a.txt")
