"""`dsv filter`: a version with what a condition or a list chooses."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from dsv_git.manifest.declaration import Labels
from dsv_git.manifest.dropped import Dropped
from tests.cli.hand_made import make, read, record, row, snapshot
from tests.conftest import ANY_CONTENT, Repo

ROWS = [
    row("train/cat/a.jpg", "1", "cat", "train"),
    row("train/dog/b.jpg", "22", "dog", "train"),
    row("val/both/c.jpg", "333", ("cat", "dog"), "val"),
]


@pytest.fixture
def pets(repo: Repo) -> Repo:
    """A repository whose manifest `pets` is registered; its files are on disk."""
    repo.write(".dsv.yaml", f"registry: local\n{ANY_CONTENT}")
    make(repo, "pets", "1.0", ROWS)
    record(repo, "pets")
    for entry in ROWS:
        repo.write(f"data/pets/{entry.path}", entry.hash)
    return repo


def paths(repo: Repo) -> list[str]:
    return [entry.path for entry in read(repo, "pets").entries]


def test_the_next_version_has_what_the_condition_chooses(pets: Repo) -> None:
    before = snapshot(pets, "data", "manifests/pets/versions")
    said = pets.dsv("filter", "pets", "--where", 'label == "cat"')
    manifest = read(pets, "pets")
    assert paths(pets) == ["train/cat/a.jpg", "val/both/c.jpg"]
    assert manifest.dropped == (Dropped("train/dog/b.jpg", ROWS[1].hash, 'not: label == "cat"'),)
    declaration = manifest.declaration
    assert (declaration.version, declaration.description) == ("1.1", 'only label == "cat"')
    assert [str(parent) for parent in declaration.parents] == ["pets@1.0"]
    assert declaration.made_by == "dsv filter pets --where 'label == \"cat\"'"
    assert "1 files left out (2 bytes), files that stay: 2" in said
    assert "dog: 1 stay, 1 go" in said
    assert snapshot(pets, "data", "manifests/pets/versions") == before


def test_a_later_update_leaves_out_what_was_not_chosen(repo: Repo) -> None:
    repo.dsv("init", "--registry", "local")
    repo.write(".dsv.yaml", f"registry: local\n{ANY_CONTENT}")
    for name in ("cat/a", "cat/b", "dog/c"):
        repo.write(f"data/{name}.jpg", name)
    repo.dsv("add", "data", "--name", "pets", "--labels", "{label}/*")
    repo.commit("Pets")
    repo.dsv("filter", "pets", "--where", 'label == "cat"')
    repo.commit("Cats")
    assert "the data is what the manifest says" in repo.dsv("update", "pets")
    repo.write("data/dog/c.jpg", "another")
    repo.write("data/dog/d.jpg", "new")
    repo.dsv("update", "pets")
    assert paths(repo) == ["cat/a.jpg", "cat/b.jpg", "dog/c.jpg", "dog/d.jpg"]
    declared = read(repo, "pets").declaration
    assert (declared.version, declared.made_by) == ("1.2", "dsv update pets")
    assert "made by      dsv filter pets --where" in repo.dsv("show", "pets@1.1")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("keep.txt", "train/dog/b.jpg\r\n\n./val/both/c.jpg\ndata/pets/val/both/c.jpg\n"),
        ("keep.csv", "score,path\n1,train/dog/b.jpg\n2,val/both/c.jpg\n"),
        ("keep.jsonl", '{"path":"train/dog/b.jpg","score":0.5}\n{"path":"val/both/c.jpg"}\n'),
    ],
)
def test_a_list_of_any_script_chooses(pets: Repo, name: str, text: str) -> None:
    pets.write(f"lists/{name}", text)
    pets.dsv("filter", "pets", "--keep", f"lists/{name}", "--version", "2.0-chosen")
    manifest = read(pets, "pets")
    assert paths(pets) == ["train/dog/b.jpg", "val/both/c.jpg"]
    assert [(one.path, one.why) for one in manifest.dropped] == [
        ("train/cat/a.jpg", f"not in {name}")
    ]
    assert manifest.declaration.version == "2.0-chosen"
    assert manifest.declaration.made_by == f"dsv filter pets --keep lists/{name}"


def test_a_list_may_come_by_a_pipe(pets: Repo) -> None:
    command = [sys.executable, "-m", "dsv_git", "filter", "pets", "--keep", "-", "--json"]
    done = subprocess.run(
        command,
        input=b"train/cat/a.jpg\n",
        cwd=pets.path,
        env=pets.env,
        capture_output=True,
        check=True,
    )
    said = json.loads(done.stdout)
    assert (said["former"], said["version"], said["files"]) == ("1.0", "1.1", 1)
    assert said["dropped"] == ["train/dog/b.jpg", "val/both/c.jpg"]
    assert said["labels"] == [
        {"label": "cat", "stay": 1, "go": 1},
        {"label": "dog", "stay": 0, "go": 2},
    ]
    assert {one.why for one in read(pets, "pets").dropped} == {"not in the list"}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((), "one of both"),
        (("--where", "label", "--keep", "keep.txt"), "one of both"),
        (("--where", 'label == "caat"'), "did you mean cat?"),
        (("--where", "labl"), "did you mean label?"),
        (("--where", 'label == "cat"', "--version", "1.0"), "registered already"),
        (("--keep", "keep.txt"), "2 paths that are not in pets: train/cat/aa.jpg, x.jpg"),
        (("--keep", "keep.txt"), "did you mean train/cat/a.jpg?"),
        (("--keep", "none.txt"), "none.txt: cannot be read: No such file"),
        (("--keep", "empty.txt"), "the list names no file"),
    ],
)
def test_what_is_no_choice_is_refused(pets: Repo, arguments: tuple[str, ...], reason: str) -> None:
    pets.write("keep.txt", "train/cat/aa.jpg\nval/both/c.jpg\nx.jpg\n")
    pets.write("empty.txt", "\n")
    before = snapshot(pets, "manifests")
    done = pets.dsv_result("filter", "pets", *arguments)
    assert done.returncode == 2
    assert reason in done.stderr
    assert snapshot(pets, "manifests") == before


def test_a_version_is_no_name_of_a_manifest(pets: Repo) -> None:
    done = pets.dsv_result("filter", "pets@1.0", "--where", 'label == "cat"')
    said = "a manifest's name is taken here, not a version: 'pets@1.0'\n  pets, as the working"
    assert (done.returncode, said in done.stderr) == (2, True)
    assert "no manifest 'pest@1.0'" in pets.dsv_result("filter", "pest@1.0", "--where", "1").stderr


def test_a_choice_of_all_and_a_dry_run_write_nothing(pets: Repo) -> None:
    before = snapshot(pets, "manifests")
    said = pets.dsv("filter", "pets", "--where", "label", "--version", "9")
    assert "pets@1.0: every file is chosen; nothing changed" in said
    said = pets.dsv("filter", "pets", "--where", 'label == "cat"', "--dry-run")
    assert "dry run, nothing is written: pets@1.1 (new, after 1.0)" in said
    assert snapshot(pets, "manifests") == before


def test_files_that_labels_come_from_stay(pets: Repo) -> None:
    rows = [*ROWS, row("labels.csv", "path,label")]
    make(pets, "pets", "2.0", rows, declared={"labels": Labels(table="labels.csv")})
    said = pets.dsv("filter", "pets", "--where", 'label == "cat"')
    assert paths(pets) == ["labels.csv", "train/cat/a.jpg", "val/both/c.jpg"]
    assert "files that labels come from stay too: 1" in said
    place = pets.path / "manifests/pets/manifest.yaml"
    assert "made_by: dsv filter pets --where 'label == \"cat\"'\n" in place.read_text()


def test_a_draft_that_is_changed_again_tells_both_commands(pets: Repo) -> None:
    pets.dsv("filter", "pets", "--where", 'label == "cat"')
    pets.dsv("filter", "pets", "--where", 'split == "val"')
    declaration = read(pets, "pets").declaration
    assert declaration.version == "1.1"
    assert declaration.made_by == (
        "dsv filter pets --where 'label == \"cat\"' && dsv filter pets --where 'split == \"val\"'"
    )


def test_several_conditions_must_all_hold(pets: Repo) -> None:
    asked = ("--where", 'label == "cat" or label == "dog"', "--where", 'split == "train"')
    pets.dsv("filter", "pets", *asked, "--where", "size > 1")
    manifest = read(pets, "pets")
    assert paths(pets) == ["train/dog/b.jpg"]
    said = '(label == "cat" or label == "dog") and (split == "train") and (size > 1)'
    assert {one.why for one in manifest.dropped} == {f"not: {said}"}
    assert manifest.declaration.made_by == (
        'dsv filter pets --where \'label == "cat" or label == "dog"\' '
        "--where 'split == \"train\"' --where 'size > 1'"
    )


def test_what_a_list_names_that_is_left_out_already_stays_out(pets: Repo) -> None:
    pets.dsv("filter", "pets", "--where", "size < 3")
    pets.write("all.txt", "data/pets/train/cat/a.jpg\ndata/pets/val/both/c.jpg\n")
    said = pets.dsv("filter", "pets", "--keep", "all.txt")
    assert "note: 1 file of the list is left out already (dropped.jsonl)" in said
    assert paths(pets) == ["train/cat/a.jpg"]
    pets.write("out.txt", "val/both/c.jpg\n")
    done = pets.dsv_result("filter", "pets", "--keep", "out.txt")
    assert (done.returncode, "left out already" in done.stderr) == (2, True)
