"""The diff that decodes changed rows alone says what a diff of all rows of those lists says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.diff.changes import diff_entries
from dsv_git.errors import InputError
from dsv_git.flow.history.changed_rows import changed_lines, diff_manifests
from dsv_git.manifest.composing import write_declaration
from dsv_git.manifest.declaration import Data, Declaration
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.layout import Layout
from dsv_git.manifest.manifest import Manifest, manifest_files

"""Not asked: these manifests are no trees of a repository."""

paths = st.builds(
    lambda folders, name: "/".join([*folders, name]),
    st.lists(st.sampled_from(["cat", "dog"]), max_size=2),
    st.sampled_from(["a.jpg", "b.jpg", 'c".jpg', "é.jpg", "d!.jpg"]),
)
entries = st.builds(
    Entry,
    path=paths,
    size=st.just(1),
    hash=st.sampled_from([f"xxh3:{n:032x}" for n in range(4)]),
    label=st.sampled_from([None, "cat", "dog"]),
)
versions = st.lists(entries, max_size=12, unique_by=lambda entry: entry.path)


@dataclass(frozen=True)
class Held:
    """The files of a manifest, in memory; a blob's id follows from its bytes."""

    files: Mapping[str, bytes]
    where: str = "manifests/pets"

    def blobs(self) -> Mapping[str, str]:
        return {path: hashlib.sha256(data).hexdigest() for path, data in self.files.items()}

    def read(self, path: str) -> bytes:
        return self.files[path]


def manifest(rows: list[Entry], layout: Layout | None = None, **edits: bytes) -> Manifest:
    layout = layout or Layout(1)
    declaration = Declaration("pets", "1.0", Data({"": "data"}), layout=layout)
    files = manifest_files(write_declaration(declaration), layout, rows, ())
    return Manifest("pets", Held({**files, **edits}))


def changed_rows_only(before: Manifest, after: Manifest) -> object:
    """The reference: every row of every list whose bytes differ."""
    one, other = before.lists, after.lists
    return diff_entries(
        [row for path in one if one[path] != other.get(path) for row in before.rows(path)],
        [row for path in other if other[path] != one.get(path) for row in after.rows(path)],
    )


@given(versions, versions)
@settings(deadline=None, max_examples=150)
def test_it_is_the_diff_of_all_rows_of_the_changed_lists(
    old: list[Entry], new: list[Entry]
) -> None:
    before, after = manifest(old), manifest(new)
    assert diff_manifests(before, after) == changed_rows_only(before, after)


@given(versions, versions)
@settings(deadline=None, max_examples=30)
def test_another_layout_compares_everything(old: list[Entry], new: list[Entry]) -> None:
    before, after = manifest(old, Layout(0)), manifest(new, Layout(2))
    assert diff_manifests(before, after) == diff_entries(old, new)


@given(versions)
@settings(deadline=None, max_examples=30)
def test_a_manifest_that_came_or_went_is_all_of_its_entries(rows: list[Entry]) -> None:
    assert diff_manifests(None, manifest(rows)) == diff_entries((), rows)
    assert diff_manifests(manifest(rows), None) == diff_entries(rows, ())


@given(
    st.lists(st.sampled_from("abcdef"), unique=True),
    st.lists(st.sampled_from("abcdef"), unique=True),
)
@settings(deadline=None, max_examples=200)
def test_changed_lines_are_those_that_one_text_has_alone(one: list[str], other: list[str]) -> None:
    left, right = ("".join(f"{c}{c}\n" for c in lines).encode() for lines in (one, other))
    gone, come = changed_lines(left, right)
    assert gone == [f"{c}{c}".encode() for c in one if c not in other]
    assert come == [f"{c}{c}".encode() for c in other if c not in one]


ROWS = [Entry(f"{name}.jpg", 1, f"xxh3:{n:032x}") for n, name in enumerate("abc")]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda data: data.replace(b'"size":1', b'"size": 1', 1), "_.jsonl:1: not in canonical"),
        (lambda data: data.replace(b'{"path":"b', b"<<<<<<< ours\n" + b'{"path":"b'), "conflict"),
        (lambda data: data + b"nonsense\n", "_.jsonl:4: not an entry"),
        (lambda data: data + data[-len(data) // 3 :].replace(b"2", b"7"), "twice"),
    ],
)
def test_a_list_that_cannot_be_read_is_named_with_its_line(
    damage: Callable[[bytes], bytes], said: str
) -> None:
    sound = manifest(ROWS)
    data = sound.files.read("files/_.jsonl")
    broken = Manifest("pets", Held({**sound.files.files, "files/_.jsonl": damage(data)}))  # type: ignore[attr-defined]
    for before, after in ((sound, broken), (broken, sound)):
        with pytest.raises(InputError) as caught:
            diff_manifests(before, after)
        assert said in str(caught.value)
