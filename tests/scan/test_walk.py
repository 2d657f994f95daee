"""Which files of a data root are entries, and what is said about the others."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest

from dsv_git.errors import InputError
from dsv_git.scan.patterns import Matcher, Patterns
from dsv_git.scan.walk import RootMissing, list_names, walk
from tests.scan.conftest import ordinary_user, put

ALL = Patterns()


def paths(root: Path, patterns: Patterns = ALL) -> list[str]:
    return [file.path for file in walk(root, patterns).files]


def kinds(root: Path) -> dict[str, tuple[str, ...]]:
    return {notice.kind: notice.paths for notice in walk(root, ALL).notices}


ODD_NAMES = [
    "new\nline.txt",
    "tab\tand \"double\" and 'single' quotes",
    "back\\slash",
    "x" * 255,
    "ä" * 127,
    unicodedata.normalize("NFC", "café"),
    unicodedata.normalize("NFD", "café"),
    "-rf",
    " leading and trailing ",
    ":(glob)*",
    "*",
    "%2F",
    "_/_",
    "train.jsonl",
    "_.jsonl/_",
    "a.b/c",
    "a/b",
    "a-b",
    "…",
    "\U0001f600",
    "\uff5e",
    ".hidden",
    ".gitignore",
    ".gitattributes",
    ".gitmodules",
    "..data/x",
]


def test_every_name_that_a_disk_can_hold_is_an_entry(root: Path) -> None:
    for name in ODD_NAMES:
        put(root, name)
    assert paths(root) == sorted(ODD_NAMES, key=str.encode)


def test_size_and_time_are_those_on_the_disk(root: Path) -> None:
    place = put(root, "a/b", b"12345")
    os.utime(place, ns=(1, 1_234_567_890_123_456_789))
    assert walk(root, ALL).files == (("a/b", 5, 1_234_567_890_123_456_789),)


def test_an_empty_file_is_an_entry_and_an_empty_folder_is_none(root: Path) -> None:
    put(root, "empty", b"")
    (root / "folder").mkdir()
    assert paths(root) == ["empty"]


def test_a_nested_clone_is_data_without_its_git_folder(root: Path) -> None:
    subprocess.run(["git", "init", "-q", str(root / "clone")], check=True)
    put(root, "clone/image.jpg")
    put(root, "worktree/image.jpg")
    put(root, "worktree/.git", b"gitdir: /somewhere\n")
    assert paths(root) == ["clone/image.jpg", "worktree/image.jpg"]
    assert walk(root, ALL).notices == ()


def test_a_root_that_is_a_working_tree_is_read_without_its_git_folder(root: Path) -> None:
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    put(root, "a")
    assert paths(root) == ["a"]


def test_a_link_to_a_file_inside_counts_as_that_file(root: Path) -> None:
    put(root, "real/a", b"four")
    (root / "link").symlink_to("real/a")
    (root / "chain").symlink_to(root / "link")
    found = {file.path: file.size for file in walk(root, ALL).files}
    assert found == {"real/a": 4, "link": 4, "chain": 4}
    assert list_names(root, ALL).links == {"link": "real/a", "chain": "real/a"}


def test_links_that_are_left_out_are_said(root: Path, tmp_path: Path) -> None:
    put(tmp_path, "outside/secret")
    put(root, "folder/a")
    put(root, ".git/config")
    (root / "gone").symlink_to("nothing")
    (root / "loop").symlink_to("loop")
    (root / "out").symlink_to(tmp_path / "outside" / "secret")
    (root / "up").symlink_to("../outside/secret")
    (root / "shelf").symlink_to("folder")
    (root / "everything").symlink_to(".")
    (root / "into git").symlink_to(".git/config")
    assert paths(root) == ["folder/a"]
    assert kinds(root) == {
        "link-dangling": ("gone", "loop"),
        "link-folder": ("everything", "shelf"),
        "link-outside": ("into git", "out", "up"),
    }


def test_a_root_that_is_a_link_is_followed(root: Path, tmp_path: Path) -> None:
    put(root, "a")
    (root / "b").symlink_to("a")
    (tmp_path / "shortcut").symlink_to(root)
    assert paths(tmp_path / "shortcut") == ["a", "b"]


def test_pipes_and_sockets_are_left_out_and_said(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)  # a socket's address must be short
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
    put(root, "a")
    assert paths(root) == ["a"]
    assert kinds(root) == {"special-file": ("pipe", "socket")}


def test_a_notice_counts_all_and_names_the_first(root: Path) -> None:
    for number in range(7):
        (root / f"{number}").symlink_to("nothing")
    (notice,) = walk(root, ALL).notices
    assert notice.count == 7
    assert notice.paths == ("0", "1", "2", "3", "4")
    assert notice.message == "7 symbolic links lead nowhere and are left out"


def test_what_the_patterns_leave_out_needs_no_notice(root: Path) -> None:
    put(root, "a")
    (root / "b").symlink_to("nothing")
    assert walk(root, Patterns(exclude=("b",))).notices == ()


def put_bytes(root: Path, name: bytes) -> None:
    try:
        with open(os.fsencode(root) + b"/" + name, "wb"):
            pass
    except OSError:
        pytest.skip("this file system refuses names that are not UTF-8")


def test_a_name_that_is_not_utf8_is_refused_with_a_printable_name(root: Path) -> None:
    put_bytes(root, b"caf\xe9.jpg")
    put_bytes(root, b"caf\xe8.jpg")
    with pytest.raises(InputError) as refused:
        walk(root, ALL)
    assert "caf\\\\xe8.jpg" in str(refused.value) or "caf\\xe8.jpg" in str(refused.value)
    assert "1 more" in str(refused.value)
    assert str(refused.value).replace("\n", "").isprintable()


def test_a_name_that_is_not_utf8_may_be_excluded(root: Path) -> None:
    put_bytes(root, b"caf\xe9.jpg")
    put(root, "a.png")
    assert paths(root, Patterns(exclude=("*.jpg",))) == ["a.png"]


def test_a_folder_that_cannot_be_read_is_an_error_that_names_it(others_root: Path) -> None:
    put(others_root, "open/a")
    put(others_root, "shut/b")
    (others_root / "shut").chmod(0)
    with ordinary_user(), pytest.raises(InputError, match="cannot read shut/: Permission denied"):
        walk(others_root, ALL)


def test_a_folder_whose_files_cannot_be_looked_at_is_an_error(others_root: Path) -> None:
    put(others_root, "half/b")
    (others_root / "half").chmod(0o444)
    with ordinary_user(), pytest.raises(InputError, match="cannot read half/b: Permission denied"):
        walk(others_root, ALL)


def test_an_excluded_folder_need_not_be_readable(others_root: Path) -> None:
    put(others_root, "open/a")
    put(others_root, "shut/b")
    (others_root / "shut").chmod(0)
    with ordinary_user():
        assert paths(others_root, Patterns(exclude=("shut/",))) == ["open/a"]


@dataclass(frozen=True)
class Removing(Matcher):
    """Somebody who deletes a folder just after it was listed."""

    root: Path

    def prunes(self, folder: str) -> bool:
        shutil.rmtree(self.root / folder)
        return False


@dataclass(frozen=True)
class RemovingPatterns(Patterns):
    root: Path = Path()

    def matcher(self) -> Matcher:
        return Removing(None, None, False, self.root)


def test_a_folder_that_vanishes_meanwhile_is_an_error_that_says_so(root: Path) -> None:
    put(root, "fleeting/a")
    with pytest.raises(InputError, match=r"fleeting/ vanished while the data was read") as refused:
        walk(root, RemovingPatterns(root=root))
    assert "run again" in (refused.value.hint or "")


def test_a_missing_root_says_how_to_name_another(root: Path) -> None:
    with pytest.raises(RootMissing) as refused:
        walk(root / "nowhere", ALL)
    assert "git config dsv.MANIFEST.root PATH" in (refused.value.hint or "")


def test_a_root_that_is_a_file_is_refused(root: Path) -> None:
    with pytest.raises(InputError, match="is not a folder"):
        walk(put(root, "a"), ALL)


def test_control_characters_of_a_name_never_reach_a_message(others_root: Path) -> None:
    put(others_root, "\x1b]0;owned\x07/b")
    (others_root / "\x1b]0;owned\x07").chmod(0)
    with ordinary_user(), pytest.raises(InputError) as refused:
        walk(others_root, ALL)
    assert "\x1b" not in str(refused.value)
    assert r"\x1b]0;owned\x07" in str(refused.value)
