"""A folder is read again unless its stat data prove that its names are the same."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from dsv_git.scan import folders as folders_module
from dsv_git.scan.folders import Folders, pattern_seed
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.stamps import Stamps, exact_devices
from dsv_git.scan.walk import list_names
from tests.scan.conftest import put

ALL = Patterns()
SEED = pattern_seed(ALL)
LATER = 3600 * 1_000_000_000


@pytest.fixture
def data(root: Path) -> Path:
    for path in ("a/1", "a/deep/er/2", "b/3", "4"):
        put(root, path)
    return root


def ask(root: Path, stamps: Stamps, ahead: int = LATER) -> Folders:
    return Folders(os.fspath(root), SEED, stamps, time.time_ns() + ahead)


def learnt(root: Path, marks: dict[str, int]) -> Stamps:
    if root.stat().st_dev not in exact_devices():
        pytest.skip("nothing is known of this file system")
    folders = ask(root, {})
    assert folders.unchanged(marks)
    assert folders.learnt
    return folders.stamps


def marks_of(root: Path) -> dict[str, int]:
    return dict(list_names(root, ALL).marks)


def test_folders_with_their_stamps_are_not_read(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = marks_of(data)
    stamps = learnt(data, marks)
    assert stamps.keys() == marks.keys()
    read: list[int] = []
    names = folders_module._names

    def counted(handle: int) -> str:
        read.append(handle)
        return names(handle)

    monkeypatch.setattr(folders_module, "_names", counted)
    again = ask(data, stamps)
    assert again.unchanged(marks)
    assert not again.learnt
    assert not read
    put(data, "a/deep/er/new")
    assert not ask(data, stamps).unchanged(marks)
    assert len(read) == 1


def test_every_change_of_names_is_seen_wherever_it_is(data: Path) -> None:
    marks = marks_of(data)
    stamps = learnt(data, marks)
    for folder in marks:
        new = data / folder / "new"
        new.write_bytes(b"")
        assert not ask(data, stamps).unchanged(marks), folder
        new.unlink()
        assert ask(data, stamps).unchanged(marks), folder
    (data / "b/3").rename(data / "b/5")
    assert not ask(data, stamps).unchanged(marks)


def test_a_modification_time_set_back_hides_nothing(data: Path) -> None:
    marks = marks_of(data)
    stamps = learnt(data, marks)
    before = (data / "a").stat()
    put(data, "a/new")
    os.utime(data / "a", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not ask(data, stamps).unchanged(marks)


def test_another_folder_in_its_place_is_read(data: Path) -> None:
    marks = marks_of(data)
    stamps = learnt(data, marks)
    shutil.copytree(data / "a", data / "copy")
    shutil.rmtree(data / "a")
    (data / "copy").rename(data / "a")
    assert ask(data, stamps).unchanged(marks)
    put(data, "a/deep/er/new")
    assert not ask(data, stamps).unchanged(marks)


def test_a_link_or_a_file_in_the_place_of_a_folder_is_a_change(data: Path) -> None:
    marks = marks_of(data)
    stamps = learnt(data, marks)
    (data / "a/deep").rename(data.parent / "deep")
    (data / "a/deep").symlink_to(data.parent / "deep")
    assert not ask(data, stamps).unchanged(marks)


def test_a_folder_that_changed_just_now_gets_no_stamp(data: Path) -> None:
    marks = marks_of(data)
    folders = ask(data, {}, ahead=0)
    assert folders.unchanged(marks)
    assert not folders.stamps


def test_stamps_of_other_marks_prove_nothing(data: Path) -> None:
    marks = marks_of(data)
    stamps = learnt(data, marks)
    put(data, "b/new")
    others = marks_of(data)
    (data / "b/new").unlink()
    assert not ask(data, stamps).unchanged(others)


def test_where_the_file_system_is_unknown_every_folder_is_read(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = marks_of(data)
    stamps = learnt(data, marks)
    monkeypatch.setattr(folders_module, "exact_devices", frozenset)
    folders = ask(data, stamps)
    assert folders.unchanged(marks)
    assert not folders.stamps
