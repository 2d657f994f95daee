"""Labels from a table: CSV or JSON Lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.errors import InputError
from dsv_git.manifest.declaration import Labels
from dsv_git.scan.labels import Labelled, Labeller, open_labels

PATHS = ("a.jpg", "b.jpg", "c/d.jpg")


def opened(place: Path, content: str | bytes, paths: Sequence[str] = PATHS) -> Labeller:
    place.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_labels(Labels(table=place.name), {"": place}, place.parent, paths)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "labels.csv"


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    return tmp_path / "labels.jsonl"


def test_columns_are_label_split_and_props(table: Path) -> None:
    labels = opened(table, "path,camera,label,split\na.jpg,roof,cat,train\nc/d.jpg,,dog,\n")

    assert labels.annotation("a.jpg") == Labelled("cat", "train", None, {"camera": "roof"})
    assert labels.annotation("c/d.jpg") == Labelled("dog")
    assert labels.annotation("b.jpg") is None
    assert labels.notices == ()


def test_cells_stay_text(table: Path) -> None:
    labels = opened(table, "path,label,n,flag\na.jpg,007,1.10,true\n")

    assert labels.annotation("a.jpg") == Labelled("007", props={"n": "1.10", "flag": "true"})


def test_the_path_alone_is_enough(table: Path) -> None:
    assert opened(table, "path\na.jpg\n").annotation("a.jpg") == Labelled()


def test_a_spreadsheets_file_is_read(table: Path) -> None:
    labels = opened(table, b"\xef\xbb\xbfpath,label\r\n./a.jpg,c\xc3\xa4t\r\n\r\n")

    assert labels.annotation("a.jpg") == Labelled("cät")


def test_quotes_hold_commas_quotes_and_line_ends(table: Path) -> None:
    labels = opened(table, 'path,label\r\na.jpg,"a, ""b""\r\nc\nd"\r\n')

    assert labels.annotation("a.jpg") == Labelled('a, "b"\r\nc\nd')


def test_several_rows_of_a_path_are_several_objects(table: Path) -> None:
    labels = opened(
        table,
        "path,label,split\na.jpg,dog,train\nb.jpg,cat,val\n./a.jpg,cat,train\na.jpg,dog,train\n"
        "a.jpg,,train\n",
    )

    assert labels.annotation("a.jpg") == Labelled(("cat", "dog", "dog"), "train")
    assert labels.annotation("b.jpg") == Labelled("cat", "val")


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ("a.jpg,cat,train,x\nb.jpg,cat,,\na.jpg,dog,val,x\n", "split"),
        ("a.jpg,cat,train,x\nb.jpg,cat,,\na.jpg,dog,,x\n", "split"),
        ("a.jpg,cat,train,x\nb.jpg,cat,,\na.jpg,dog,train,y\n", "props"),
        ("a.jpg,cat,train,x\nb.jpg,cat,,\na.jpg,dog,train,\n", "props"),
    ],
)
def test_rows_that_disagree_are_named_by_both_lines(table: Path, rows: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        opened(table, f"path,label,split,camera\n{rows}")

    assert f"lines 2 and 4 give 'a.jpg' different {what}" in caught.value.message
    assert caught.value.where == f"{table}:4"


def test_paths_that_are_no_entries_are_counted(table: Path) -> None:
    rows = "".join(f"gone/{n}.jpg,cat\n" for n in range(1200)) + "gone/0.jpg,dog\na.jpg,cat\n"
    labels = opened(table, f"path,label\n{rows}")

    (notice,) = labels.notices
    assert (notice.kind, notice.count) == ("unmatched-label", 1200)
    assert notice.paths == tuple(f"gone/{n}.jpg" for n in range(5))
    assert labels.annotation("a.jpg") == Labelled("cat")


def test_only_a_leading_dot_is_taken_from_a_path(table: Path) -> None:
    labels = opened(table, "path,label\nc/../a.jpg,cat\n/a.jpg,cat\nc//d.jpg,cat\n A.jpg,cat\n")

    assert labels.notices[0].count == 4
    assert all(labels.annotation(path) is None for path in PATHS)


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "empty"),
        (b"file,label\na.jpg,cat\n", 1, "no column path: 'file', 'label'"),
        (b"path;label\na.jpg;cat\n", 1, "no column path: 'path;label'"),
        (b"Path,label\n", 1, "no column path"),
        (b"path, label\na.jpg, cat\n", 1, "not a column's name: ' label'"),
        (b",path,label\n0,a.jpg,cat\n", 1, "not a column's name: ''"),
        (b"path,label,label\na.jpg,cat,dog\n", 1, "column 'label' is twice"),
        (b"path,label\na.jpg,cat\nb.jpg\n", 3, "1 cells, the header 2"),
        (b'path,label\na.jpg,"c\nat"\nb.jpg,x,y\n', 4, "3 cells, the header 2"),
        (b"path,label\na.jpg,cat\nb.jpg,c\xe4t\n", 3, "not UTF-8"),
        (b"\xff\xfep\0a\0t\0h\0", 1, "not UTF-8"),
        (b'path,label\na.jpg,"cat\n', 2, "not CSV"),
        (b'path,label\na.jpg,"cat" \n', 2, "not CSV"),
        (b"path,label\n" + b"a" * 5_000_000 + b",cat\n", 2, "not CSV"),
        (b"path,label\na.jpg,cat\n,dog\n", 3, "the path is empty"),
    ],
)
def test_a_bad_csv_is_named_by_file_and_line(
    table: Path, content: bytes, line: int, reason: str
) -> None:
    with pytest.raises(InputError) as caught:
        opened(table, content)

    assert reason in caught.value.message
    assert caught.value.where == f"{table}:{line}"


def test_json_lines_keep_the_kinds_of_props(lines: Path) -> None:
    labels = opened(
        lines,
        '{"path":"./a.jpg","label":"cat","split":"train","n":1,"x":0.5,"ok":true,"t":"","no":null}\r\n'
        "\n"
        '{"path":"b.jpg","label":["dog","cat","dog"]}\n'
        '{"path":"c/d.jpg","label":["dog"],"split":""}',
    )

    found = labels.annotation("a.jpg")
    assert found == Labelled("cat", "train", None, {"n": 1, "x": 0.5, "ok": True, "t": ""})
    assert found is not None
    assert found.props["ok"] is True
    assert labels.annotation("b.jpg") == Labelled(("cat", "dog", "dog"))
    assert labels.annotation("c/d.jpg") == Labelled("dog")


@pytest.mark.parametrize("label", ["null", '""', "[]"])
def test_json_lines_without_a_label_give_none(lines: Path, label: str) -> None:
    assert opened(lines, f'{{"path":"a.jpg","label":{label}}}').annotation("a.jpg") == Labelled()


def test_json_lines_of_one_path_are_several_objects(lines: Path) -> None:
    labels = opened(lines, '{"path":"a.jpg","label":"b"}\n{"path":"a.jpg","label":["a","c"]}\n')

    assert labels.annotation("a.jpg") == Labelled(("a", "b", "c"))


def test_true_is_not_one_in_json_lines_of_one_path(lines: Path) -> None:
    with pytest.raises(InputError, match="different props"):
        opened(lines, '{"path":"a.jpg","n":1}\n{"path":"a.jpg","n":true}\n')


@pytest.mark.parametrize("number", [str(2**53 - 1), str(1 - 2**53), "1e300", "-0.0"])
def test_numbers_that_every_reader_keeps_are_props(lines: Path, number: str) -> None:
    found = opened(lines, f'{{"path":"a.jpg","n":{number}}}').annotation("a.jpg")

    assert found is not None
    assert found.props == {"n": json.loads(number)}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b'{"label":"cat"}', "it has no path"),
        (b'{"path":3}', "the path is not a text"),
        (b'{"path":""}', "the path is empty"),
        (b'{"path":"a.jpg","label":3}', "a label is a text"),
        (b'{"path":"a.jpg","label":{"a":1}}', "a label is a text"),
        (b'{"path":"a.jpg","label":["cat",""]}', "a label is a text"),
        (b'{"path":"a.jpg","label":["cat",["dog"]]}', "a label is a text"),
        (b'{"path":"a.jpg","split":1}', "a split is a text"),
        (b'{"path":"a.jpg","size":{"w":1}}', "'size' is nested"),
        (b'{"path":"a.jpg","size":[1]}', "'size' is nested"),
        (b'{"path":"a.jpg","":1}', "a prop has no name"),
        (b'{"path":"a.jpg","n":NaN}', "not a row of labels"),
        (b'{"path":"a.jpg","n":Infinity}', "not a row of labels"),
        (b'{"path":"a.jpg","n":1e999}', "not a row of labels"),
        (b'{"path":"a.jpg","n":9007199254740992}', "beyond 2^53"),
        (b'{"path":"a.jpg","n":-123456789012345678901234567890}', "beyond 2^53"),
        (b'["a.jpg"]', "not a row of labels"),
        (b'{"path":"a.jpg"', "not a row of labels"),
        (b'{"path":"\xff.jpg"}', "not UTF-8"),
        (b'{"path":"a.jpg","n":' + b"[" * 100_000, "not a row of labels"),
    ],
)
def test_a_bad_json_line_is_named_by_file_and_line(lines: Path, row: bytes, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        opened(lines, b'\xef\xbb\xbf{"path":"b.jpg"}\n\n' + row + b"\n")

    assert reason in caught.value.message
    assert caught.value.where == f"{lines}:3"


def test_a_table_that_cannot_be_read_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        open_labels(Labels(table="x.csv"), {"": tmp_path}, tmp_path, ())


_text = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=9)
_rows = st.dictionaries(
    _text.map(lambda text: f"x{text}"),
    st.tuples(st.lists(_text, min_size=1, max_size=3), st.none() | _text, st.none() | _text),
    max_size=6,
)


@settings(deadline=None, max_examples=60)
@given(rows=_rows)
def test_both_forms_of_a_table_say_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[str, Any]
) -> None:
    folder, text = tmp_path_factory.mktemp("tables"), io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["label", "weather", "path", "split"])
    for path, (labels, split, weather) in rows.items():
        writer.writerows([label, weather, path, split] for label in labels)
    objects = (
        {"path": path, "label": labels, "split": split, "weather": weather}
        for path, (labels, split, weather) in rows.items()
    )

    one = opened(folder / "a.csv", text.getvalue(), tuple(rows))
    other = opened(folder / "a.jsonl", "\n".join(map(json.dumps, objects)), tuple(rows))

    assert one.notices == other.notices == ()
    for path, (labels, split, weather) in rows.items():
        label = labels[0] if len(labels) == 1 else tuple(sorted(labels))
        wanted = Labelled(label, split, None, {} if weather is None else {"weather": weather})
        assert one.annotation(path) == other.annotation(path) == wanted
