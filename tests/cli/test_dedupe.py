"""`dsv dedupe`: a version without content duplicates, and what it leaves to a person."""

from __future__ import annotations

import json

import pytest

from dsv_git.manifest.declaration import Data, Labels
from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry
from tests.cli.hand_made import make, read, record, row, snapshot
from tests.conftest import ANY_CONTENT, Repo

TWICE = [
    row("train/cat/a.jpg", "same", "cat", "train"),
    row("train/cat/b.jpg", "same", "cat", "train"),
    row("train/dog/c.jpg", "other", "dog", "train"),
]


@pytest.fixture
def pets(repo: Repo) -> Repo:
    """A repository whose manifest `pets` has one content twice; its files are on disk."""
    repo.write(".dsv.yaml", "registry: local\n")
    make(repo, "pets", "1.0", TWICE)
    for entry in TWICE:
        repo.write(f"data/pets/{entry.path}", entry.hash)
    return repo


def paths(repo: Repo, name: str = "pets") -> list[str]:
    return [entry.path for entry in read(repo, name).entries]


def test_the_next_version_has_each_content_once(pets: Repo) -> None:
    record(pets, "pets")
    before = snapshot(pets, "data", "manifests/pets/versions")
    said = pets.dsv("dedupe", "pets")
    manifest = read(pets, "pets")
    assert [entry.path for entry in manifest.entries] == ["train/cat/a.jpg", "train/dog/c.jpg"]
    assert manifest.dropped == (
        Dropped("train/cat/b.jpg", TWICE[1].hash, "duplicate of train/cat/a.jpg"),
    )
    declaration = manifest.declaration
    assert (declaration.version, declaration.description) == ("1.1", "drop duplicates")
    assert [str(parent) for parent in declaration.parents] == ["pets@1.0"]
    assert "pets@1.1" in said
    assert "train/cat/b.jpg = train/cat/a.jpg" in said
    assert snapshot(pets, "data", "manifests/pets/versions") == before


def test_a_draft_changes_in_place_and_says_so(pets: Repo) -> None:
    make(pets, "pets", "1.0", TWICE, parents=["wild@0.9"], declared={"description": "fetched"})
    said = pets.dsv("dedupe", "pets")
    declaration = read(pets, "pets").declaration
    assert (declaration.version, declaration.description) == ("1.0", "fetched")
    assert [str(parent) for parent in declaration.parents] == ["wild@0.9"]
    assert "changed in place" in said
    assert len(paths(pets)) == 2


def test_without_duplicates_nothing_changes(pets: Repo) -> None:
    make(pets, "pets", "1.0", TWICE[1:])
    record(pets, "pets")
    before = snapshot(pets, "manifests")
    said = pets.dsv("dedupe", "pets", "--version", "5.0")
    assert "pets@1.0: no duplicates to drop; nothing changed" in said
    assert snapshot(pets, "manifests") == before


def test_again_changes_nothing(pets: Repo) -> None:
    record(pets, "pets")
    pets.dsv("dedupe", "pets")
    before = snapshot(pets, "manifests")
    assert "nothing changed" in pets.dsv("dedupe", "pets")
    assert snapshot(pets, "manifests") == before


def test_the_version_and_the_description_may_be_given(pets: Repo) -> None:
    record(pets, "pets")
    pets.dsv("dedupe", "pets", "--version", "2.0-clean", "--description", "one of each")
    declaration = read(pets, "pets").declaration
    assert (declaration.version, declaration.description) == ("2.0-clean", "one of each")


def test_a_version_that_has_a_record_is_refused(pets: Repo) -> None:
    record(pets, "pets")
    before = snapshot(pets, "manifests")
    done = pets.dsv_result("dedupe", "pets", "--version", "1.0")
    assert done.returncode == 2
    assert "registered already" in done.stderr
    assert snapshot(pets, "manifests") == before


def test_what_was_left_out_before_stays_in_the_list(pets: Repo) -> None:
    earlier = Dropped("train/cat/z.jpg", TWICE[2].hash, "blurred")
    make(pets, "pets", "1.0", TWICE, dropped=[earlier])
    pets.dsv("dedupe", "pets")
    assert [item.why for item in read(pets, "pets").dropped] == [
        "duplicate of train/cat/a.jpg",
        "blurred",
    ]


def test_the_labelled_copy_stays_before_the_first_path(pets: Repo) -> None:
    make(pets, "pets", "1.0", [row("a.jpg", "same"), row("cat/b.jpg", "same", "cat")])
    pets.dsv("dedupe", "pets")
    assert paths(pets) == ["cat/b.jpg"]


def test_copies_that_disagree_stay_and_are_listed(pets: Repo) -> None:
    rows = [
        row("train/cat/a.jpg", "1", "cat", "train"),
        row("train/dog/a.jpg", "1", "dog", "train"),
        row("train/cat/b.jpg", "2", "cat", "train"),
        row("val/cat/b.jpg", "2", "cat", "val"),
    ]
    make(pets, "pets", "1.0", rows)
    before = snapshot(pets, "manifests")
    said = pets.dsv("dedupe", "pets")
    assert snapshot(pets, "manifests") == before
    assert "label-conflict: train/cat/a.jpg [label cat, split train], train/dog/a.jpg" in said
    assert "split-leak: train/cat/b.jpg [label cat, split train], val/cat/b.jpg" in said
    assert "--any-label" in said


def test_any_label_drops_copies_that_disagree(pets: Repo) -> None:
    rows = [row("cat/a.jpg", "1", "cat"), row("dog/a.jpg", "1", "dog"), row("x/a.jpg", "1")]
    make(pets, "pets", "1.0", rows)
    pets.dsv("dedupe", "pets", "--any-label")
    assert paths(pets) == ["cat/a.jpg"]


def test_files_that_labels_come_from_and_empty_files_are_no_duplicates(pets: Repo) -> None:
    rows = [
        row("images/a.jpg", "1", "cat"),
        row("images/b.jpg", "1", "cat"),
        row("labels/a.txt", "0 1 1 1 1"),
        row("labels/b.txt", "0 1 1 1 1"),
        row("images/.keep", ""),
        row("labels/.keep", ""),
    ]
    make(pets, "pets", "1.0", rows, declared={"labels": Labels(yolo="labels/")})
    pets.dsv("dedupe", "pets")
    gone = {entry.path for entry in rows} - set(paths(pets))
    assert gone == {"images/b.jpg"}


def test_of_a_merged_manifest_the_annotation_files_are_below_mounts(pets: Repo) -> None:
    rows = [row("one/ann.csv", "1"), row("two/ann.csv", "1"), row("two/copy.csv", "1")]
    data = Data({"one": "data/one", "two": "data/two"})
    make(pets, "pets", "1.0", rows, data=data, declared={"labels": Labels(table="ann.csv")})
    assert "nothing changed" in pets.dsv("dedupe", "pets")


def test_json_has_every_copy_and_every_disagreement(pets: Repo) -> None:
    many = [row(f"cat/{number:02}.jpg", "x", "cat") for number in range(30)]
    make(pets, "pets", "1.0", [*many, row("dog/0.jpg", "x", "dog")])
    record(pets, "pets")
    said = json.loads(pets.dsv("dedupe", "pets", "--json"))
    assert (said["former"], said["version"], said["is_new"]) == ("1.0", "1.1", True)
    assert said["parents"] == ["pets@1.0"]
    assert [copy["path"] for copy in said["dropped"]] == [entry.path for entry in many[1:]]
    assert {copy["kept"] for copy in said["dropped"]} == {"cat/00.jpg"}
    assert (said["files"], said["bytes"]) == (2, 29)
    assert [copy["path"] for copy in said["undecided"][0]["copies"]] == ["cat/00.jpg", "dog/0.jpg"]
    assert said["undecided"][0]["about"] == ["label"]


def test_contents_of_another_version_go_too_whatever_they_are_labelled(pets: Repo) -> None:
    record(pets, "pets")
    make(pets, "test", "1.0", [row("t/z.jpg", "other", "cat", "test"), row("t/y.jpg", "other")])
    said = pets.dsv("dedupe", "pets", "--across", "test")
    manifest = read(pets, "pets")
    assert [entry.path for entry in manifest.entries] == ["train/cat/a.jpg"]
    assert [item.why for item in manifest.dropped] == [
        "duplicate of train/cat/a.jpg",
        "also in test@1.0: t/y.jpg",
    ]
    assert manifest.declaration.made_by == "dsv dedupe pets --across test@1.0"
    assert "of these in test@1.0, where the copy stays: 1" in said
    assert "train/dog/c.jpg = test@1.0: t/y.jpg" in said
    assert "nothing changed" in pets.dsv("dedupe", "pets", "--across", "test")


def test_an_older_version_is_compared_as_it_was(pets: Repo) -> None:
    pets.write(".dsv.yaml", f"registry: local\n{ANY_CONTENT}")
    make(pets, "test", "1.0", [row("z.jpg", "other")])
    pets.commit("Both")
    pets.dsv("sync")
    make(pets, "test", "1.1", [row("z.jpg", "newer")], parents=["test@1.0"])
    said = json.loads(pets.dsv("dedupe", "pets", "--across", "test@1.0", "--json"))
    assert [(one["path"], one["of"]) for one in said["dropped"]] == [
        ("train/cat/b.jpg", None),
        ("train/dog/c.jpg", "test@1.0"),
    ]


@pytest.mark.parametrize(
    ("rows", "arguments", "reason"),
    [
        ([row("z.jpg", "x")], ("--across", "pets"), "pets is what is cleaned itself"),
        ([row("z.jpg", "x")], ("--across", "tset"), "no manifest tset"),
        ([row("z.jpg", "same"), row("y.jpg", "other")], ("--across", "test"), "no file of pets"),
        ([row("z.jpg", "x", hash="sha256:" + "0" * 64)], ("--across", "test"), "cannot be compar"),
    ],
)
def test_another_version_that_cannot_be_compared_is_refused(
    pets: Repo, rows: list[Entry], arguments: tuple[str, ...], reason: str
) -> None:
    make(pets, "test", "1.0", rows)
    pets.commit("Both")
    before = snapshot(pets, "manifests")
    done = pets.dsv_result("dedupe", "pets", *arguments)
    assert done.returncode == 2
    assert reason in done.stderr
    assert snapshot(pets, "manifests") == before


def test_a_published_version_whose_lists_were_changed_gets_a_successor(pets: Repo) -> None:
    record(pets, "pets")
    pets.commit("One")
    remote = pets.path.parent / "remote.git"
    pets.git("init", "-q", "--bare", str(remote))
    pets.git("remote", "add", "origin", str(remote))
    pets.git("push", "-q", "origin", "main")
    make(pets, "pets", "1.0", [*TWICE, row("train/dog/new.jpg", "3", "dog", "train")])
    pets.dsv("dedupe", "pets")
    declaration = read(pets, "pets").declaration
    assert declaration.version == "1.1"
    assert [str(parent) for parent in declaration.parents] == ["pets@1.0"]


def test_a_commit_registers_the_cleaned_version_with_its_parent(pets: Repo) -> None:
    pets.commit("Fetched")
    pets.dsv("sync")
    pets.dsv("dedupe", "pets")
    pets.commit("Without duplicates")
    pets.dsv("sync")
    records = read(pets, "pets").records
    former, made = records["versions/1.0.json"], records["versions/1.1.json"]
    assert [parent.id for parent in made.parents] == [former.id]
    assert (made.stats.files, made.stats.removed) == (2, 1)
    assert pets.status == ""


def test_lists_are_never_ignored_or_converted(pets: Repo) -> None:
    pets.write(".gitignore", "*.jsonl\nfiles/\ndata/\n")
    pets.write(".gitattributes", "* text eol=crlf\n")
    pets.dsv("dedupe", "pets")
    pets.write("manifests/pets/files/.dsv-left-over", "x")
    pets.commit("Cleaned")
    there = pets.git("ls-files", "manifests").splitlines()
    assert "manifests/pets/files/_.jsonl" in there
    assert "manifests/.gitattributes" in there
    assert not [path for path in there if ".dsv-" in path]
    stored = pets.run("git", "cat-file", "blob", "HEAD:manifests/pets/files/_.jsonl").stdout
    (pets.path / "manifests/pets/files/_.jsonl").unlink()
    pets.git("checkout", "--", "manifests")
    assert (pets.path / "manifests/pets/files/_.jsonl").read_bytes() == stored.encode()
    assert b"\r" not in stored.encode()
