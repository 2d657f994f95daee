"""What DVC writes is read as it means it, and nothing else is."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.errors import InputError
from dsv_git.manifest.dvc import DvcFile, Out, Tracked, decode_folder, folder_md5, parse_dvc

MD5 = "f97c5d29941bfb1b2fdab0874906ab82"
PARTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0."), min_size=1)
FILES = st.lists(
    st.builds(DvcFile, PARTS, st.binary(min_size=16, max_size=16).map(bytes.hex)),
    unique_by=lambda file: file.path,
)


def test_the_md5_of_a_folder_is_dvcs_own() -> None:
    """The values are those of DVC 3.67.1."""
    files = [
        DvcFile("ä b.txt", "9dd4e461268c8034f5c8564e155c67a6"),
        DvcFile("cat/1.txt", MD5),
        DvcFile("cat/2.txt", "c193497a1a06b2c72230e6146ff47080"),
    ]
    assert folder_md5(files) == "243c673ea918b13e8bd005f325233301"


@settings(deadline=None, max_examples=50)
@given(FILES)
def test_a_list_is_believed_by_its_md5_alone(files: list[DvcFile]) -> None:
    rows = [{"md5": file.md5, "relpath": file.path} for file in sorted(files)]
    data = json.dumps(rows, sort_keys=True).encode()
    assert decode_folder(data, folder_md5(files)) == tuple(sorted(files))
    assert decode_folder(data + b" ", folder_md5(files)) is None


@pytest.mark.parametrize(
    "row",
    [
        {"relpath": "../x", "md5": MD5},
        {"relpath": "/etc/x", "md5": MD5},
        {"relpath": "x", "md5": f"{MD5}.dir"},
        {"relpath": "x", "md5": "../../secret"},
        {"relpath": "x"},
        [],
    ],
)
def test_a_list_that_names_what_no_folder_holds_is_none(row: object) -> None:
    data = json.dumps([row]).encode()
    assert decode_folder(data, hashlib.md5(data, usedforsecurity=False).hexdigest()) is None


def test_a_dvc_file_says_what_is_tracked() -> None:
    text = f"outs:\n- md5: {MD5}.dir\n  size: 8\n  nfiles: 3\n  hash: md5\n  path: data\n"
    assert parse_dvc(text, "data.dvc") == Tracked(".", (Out("data", MD5, True, 8, False),))
    text = f"wdir: ..\nouts:\n- md5: {MD5}\n  path: ./data.xml\n  cache: true\n"
    assert parse_dvc(text, "x.dvc") == Tracked("..", (Out("data.xml", MD5, False, None, True),))


def test_files_that_a_dvc_file_lists_itself_have_their_sizes() -> None:
    text = f"outs:\n- path: data\n  files:\n  - relpath: a\n    md5: {MD5}\n    size: 3\n"
    (out,) = parse_dvc(text, "data.dvc").outs
    assert out.files == ((DvcFile("a", MD5), 3),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names no data"),
        ("outs: x", "names no data"),
        ("outs:\n- path: x\n  etag: y\n", "has no MD5"),
        (f"outs:\n- path: ../x\n  md5: {MD5}\n", "has a part"),
        (f"outs:\n- path: /x\n  md5: {MD5}\n", "is absolute"),
        ("outs:\n- path: x\n  md5: ../../secret\n", "has no MD5"),
        ("a: &a [*a]", "anchors"),
        (f"outs:\n- path: d\n  files:\n  - {{relpath: ../a, md5: {MD5}, size: 1}}\n", "not a file"),
    ],
)
def test_what_is_no_dvc_file_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        parse_dvc(text, "abc:x.dvc")
    assert said in str(error.value)
    assert "abc:x.dvc" in str(error.value)
