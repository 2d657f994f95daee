"""Names on disk, and paths that may not be used."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.manifest.names import (
    decode_part,
    encode_part,
    is_manifest_name,
    printable,
    unsafe_path,
)
from tests.manifest.strategies import parts, paths, texts

ANY_PART = parts | texts | st.sampled_from((".", "..", ".git", "a/b", "\0", "", "%", "%2E", "%5f"))


@pytest.mark.parametrize(
    ("part", "encoded"),
    [
        ("cat", "cat"),
        ("Cat_1.0-x", "Cat_1.0-x"),
        ("my cats", "my%20cats"),
        ("été", "%C3%A9t%C3%A9"),
        ("日", "%E6%97%A5"),
        ("\U0001f600", "%F0%9F%98%80"),
        ("100%", "100%25"),
        ("a~0", "a%7E0"),
        ("a/b", "a%2Fb"),
        ("a\nb", "a%0Ab"),
        (".hidden", "%2Ehidden"),
        (".", "%2E"),
        ("..", "%2E."),
        ("a.", "a."),
        ("_", "%5F"),
        ("__", "__"),
        ("a_", "a_"),
        ("train.jsonl", "train%2Ejsonl"),
        ("train.JSONL", "train.JSONL"),
        (".jsonl", "%2Ejsonl"),
        ("x.jsonl.jsonl", "x.jsonl%2Ejsonl"),
        (".x.jsonl", "%2Ex%2Ejsonl"),
        ("train.jsonl.gz", "train.jsonl.gz"),
    ],
)
def test_a_part_has_one_name_on_disk(part: str, encoded: str) -> None:
    assert encode_part(part) == encoded
    assert decode_part(encoded) == part


@settings(deadline=None, max_examples=200)
@given(ANY_PART)
def test_an_encoded_part_is_a_plain_file_name_that_decodes(part: str) -> None:
    encoded = encode_part(part)
    assert decode_part(encoded) == part
    assert re.fullmatch(r"[A-Za-z0-9._%-]*", encoded)
    assert encoded not in {".", "..", "_"}
    assert not encoded.startswith(".")
    assert not encoded.endswith(".jsonl")
    assert bool(encoded) == bool(part)


@settings(deadline=None, max_examples=200)
@given(st.lists(ANY_PART, min_size=2, max_size=6, unique=True))
def test_two_parts_never_share_a_name(several: list[str]) -> None:
    assert len({encode_part(part) for part in several}) == len(several)


@settings(deadline=None, max_examples=200)
@given(st.text(st.sampled_from("aA.%_~/25eEfF é-"), max_size=8))
def test_a_name_decodes_only_where_it_is_the_encoding(name: str) -> None:
    try:
        part = decode_part(name)
    except ValueError:
        part = None
    if part is not None:
        assert encode_part(part) == name


@pytest.mark.parametrize(
    "name",
    [
        "_",
        ".a",
        "a.jsonl",
        "%61",
        "%2e",
        "%",
        "%2",
        "%GG",
        "a b",
        "é",
        "日",
        "%C3",
        "%ED%A0%80",
        "a~",
    ],
)
def test_a_name_that_no_part_encodes_to_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode_part(name)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "is empty"),
        ("/etc/passwd", "is absolute"),
        ("/", "is absolute"),
        ("..", "has a part '..'"),
        ("../a", "has a part '..'"),
        ("a/../b", "has a part '..'"),
        ("a/..", "has a part '..'"),
        (".", "has a part '.'"),
        ("./a", "has a part '.'"),
        ("a/./b", "has a part '.'"),
        ("a//b", "has a part ''"),
        ("a/", "has a part ''"),
        ("a\0b", "holds a NUL"),
        (".git", "leads into a .git folder"),
        (".git/hooks/post-commit", "leads into a .git folder"),
        ("sub/.GIT/config", "leads into a .git folder"),
        ("sub/.Git", "leads into a .git folder"),
        (".g\u200cit/config", "leads into a .git folder"),
        ("a/\ufeff.git", "leads into a .git folder"),
    ],
)
def test_a_path_that_leaves_its_root_is_unsafe(path: str, reason: str) -> None:
    assert unsafe_path(path) == reason


@pytest.mark.parametrize(
    "path",
    [
        "a",
        "a/b",
        "...",
        ".gitignore",
        "a.git",
        "git",
        ".github/x",
        "..a/b..",
        " ",
        "\u200d.gitx",
        "~",
    ],
)
def test_a_path_below_its_root_is_safe(path: str) -> None:
    assert unsafe_path(path) is None


@settings(deadline=None, max_examples=100)
@given(paths)
def test_ordinary_parts_make_a_safe_path(path: str) -> None:
    assert unsafe_path(path) is None


@pytest.mark.parametrize(
    ("name", "fine"),
    [
        ("youtube", True),
        ("a/b-c/d_e.f", True),
        ("0", True),
        ("", False),
        ("/a", False),
        ("a/", False),
        ("a//b", False),
        (".a", False),
        ("a/.b", False),
        ("..", False),
        ("a b", False),
        ("é", False),
        ("a@b", False),
        ("a\n", False),
        ("files", False),
        ("a/files/b", False),
        ("versions", False),
        ("files2", True),
        ("a.lock", False),
        ("a.lock/b", False),
    ],
)
def test_a_manifests_name_is_a_plain_relative_path(name: str, fine: bool) -> None:
    assert is_manifest_name(name) is fine


def test_what_would_steer_a_terminal_is_shown_as_escapes() -> None:
    assert printable("a é 日\x1b[31m\n\u202e\U0001f600") == "a é 日\\x1b[31m\\n\\u202e\U0001f600"
