"""Which version follows a manifest's current one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pytest

from dsv_git.errors import InputError
from dsv_git.manifest.composing import write_declaration
from dsv_git.manifest.declaration import Data, Declaration
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.layout import Layout
from dsv_git.manifest.manifest import Manifest, manifest_files
from dsv_git.manifest.parent import Parent, parse_parent
from dsv_git.manifest.record import Record, RecordStats, encode_record, record_path
from dsv_git.manifest.succession import next_version, registered, same_version

ROWS = (Entry("a", 1, "xxh3:" + "0" * 32),)
OTHER = "sha256:" + "f" * 64


@dataclass(frozen=True)
class Memory:
    """A manifest's files that are nowhere on disk."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    where: str = "manifests/pets"

    def blobs(self) -> Mapping[str, str]:
        return dict.fromkeys(self.files, "")

    def read(self, path: str) -> bytes:
        return self.files[path]


def pets(version: str, recorded: Iterable[tuple[str, bool, str]], *parents: str) -> Manifest:
    """A manifest with records: each a version, whether it has the current digest, a key's first
    digits where the file name has them."""
    named = tuple(map(parse_parent, parents))
    text = write_declaration(Declaration("pets", version, Data({"": "data"}), parents=named))
    files = manifest_files(text, Layout(), ROWS, ())
    digest = Manifest("pets", Memory(files)).digest
    for other, same, mark in recorded:
        key = (mark or "0").ljust(64, "0")
        stats = RecordStats(1, 1, 0, 0, 0, 0, {})
        made = Record(other, key, digest if same else OTHER, "local", key, (), (), stats)
        files[record_path(other, key if mark else None)] = encode_record(made)
    return Manifest("pets", Memory(files))


def never(_manifest: str, _record: Record) -> bool:
    return False


def always(_manifest: str, _record: Record) -> bool:
    return True


def outcome(manifest: Manifest, wanted: str | None = None, **more: object) -> tuple[object, ...]:
    following = next_version(manifest, wanted, **more)  # type: ignore[arg-type]
    return following.version, tuple(map(str, following.parents)), following.is_new


def test_a_registered_version_has_a_successor_whose_only_parent_it_is() -> None:
    manifest = pets("1.0", [("1.0", True, "")], "wild@0.9")
    assert registered(manifest) is not None
    assert outcome(manifest) == ("1.1", ("pets@1.0",), True)
    assert outcome(manifest, "2.0") == ("2.0", ("pets@1.0",), True)


def test_a_draft_keeps_its_parents_and_its_name_unless_another_is_wanted() -> None:
    manifest = pets("1.1", [("1.0", True, "")], "pets@1.0", "clearml:ab")
    assert registered(manifest) is None
    assert outcome(manifest) == ("1.1", ("pets@1.0", "clearml:ab"), False)
    assert outcome(manifest, "1.1") == ("1.1", ("pets@1.0", "clearml:ab"), False)
    assert outcome(manifest, "2.0") == ("2.0", ("pets@1.0", "clearml:ab"), False)


def test_a_changed_version_stays_while_it_is_not_published() -> None:
    manifest = pets("1.0", [("1.0", False, "")], "wild@0.9")
    assert outcome(manifest, is_published=never) == ("1.0", ("wild@0.9",), False)
    assert outcome(manifest, is_published=always) == ("1.1", ("pets@1.0",), True)
    assert outcome(manifest, "1.5", is_published=never) == ("1.5", ("pets@1.0",), True)


def test_the_record_of_the_digest_counts_and_its_key_tells_it_from_others() -> None:
    manifest = pets("1.0", [("1.0", False, ""), ("1.0", True, "abcdef12")])
    assert outcome(manifest) == ("1.1", ("pets@1.0#abcdef12",), True)


@pytest.mark.parametrize("taken", ["1.0", "1.0-A", "1.0-a", "1.1"])
def test_a_name_that_has_a_record_is_refused_in_any_case(taken: str) -> None:
    held = [("1.0", True, ""), ("1.0-A", False, ""), ("1.1", False, "abcdef12")]
    for current in ("1.0", "3.0"):
        with pytest.raises(InputError):
            next_version(pets(current, held), taken)


def test_a_next_number_that_is_taken_asks_for_a_name() -> None:
    with pytest.raises(InputError, match=r"1\.1 is registered already"):
        next_version(pets("1.0", [("1.0", True, ""), ("1.1", False, "")]), None)


@pytest.mark.parametrize("wrong", ["", "a@b", " x", "a\n", "x" * 300])
def test_what_is_no_version_is_refused(wrong: str) -> None:
    for recorded in ([], [("1.0", True, "")]):
        with pytest.raises(InputError):
            next_version(pets("1.0", recorded), wrong)


def test_the_same_version_may_be_rewritten_until_it_is_published() -> None:
    manifest = pets("1.0", [("1.0", True, "")], "wild@0.9")
    following = same_version(manifest, never)
    assert (following.version, following.is_new) == ("1.0", False)
    assert following.parents == (Parent("wild", "0.9"),)
    with pytest.raises(InputError, match="published"):
        same_version(manifest, always)
    assert same_version(pets("2.0", [("1.0", True, "")]), always).version == "2.0"
