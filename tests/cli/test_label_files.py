"""Labels of YOLO and of image folders, typed as a person types them."""

from __future__ import annotations

import json
import os

import pytest

from dsv_git.errors import InputError
from dsv_git.flow.data.label_option import parse_labels
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.declaration import Labels
from tests.cli.hand_made import read
from tests.cli.living import age, init
from tests.conftest import Repo, new_repo

BOX = " .5 .5 .2 .2\n"
YOLO = {
    "data.yaml": "train: images/train\nval: images/val\nnames: [cat, dog]\n",
    "images/train/a.jpg": "A",
    "images/train/b.jpg": "B",
    "images/val/c.jpg": "C",
    "labels/train/a.txt": "0" + BOX + "1" + BOX,
    "labels/train/b.txt": "",
    "labels/val/c.txt": "1" + BOX,
}


@pytest.fixture
def team(repo: Repo) -> Repo:
    """A repository with YOLO data in `data/pets`."""
    return fill(repo)


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """The same, for tests that write nothing."""
    folder = tmp_path_factory.mktemp("labels")
    team = fill(new_repo(folder / "a team", folder / "home"))
    team.write("notes/1.txt", "")
    return team


def fill(repo: Repo) -> Repo:
    init(repo)
    for path, content in YOLO.items():
        repo.write(f"data/pets/{path}", content)
    return repo


def labels(repo: Repo, name: str = "pets") -> dict[str, object]:
    return {e.path: (e.label, e.split) for e in read(repo, name).entries if e.label or e.split}


def test_yolo_data_is_added_updated_and_clean(team: Repo) -> None:
    done = team.dsv_result("add", "data/pets", "--name", "pets", "--labels", "yolo:labels")
    assert "2 labels" in done.stdout
    assert "1 of 7 files got no label" in done.stderr  # b.jpg
    assert labels(team) == {
        "images/train/a.jpg": (("cat", "dog"), "train"),
        "images/train/b.jpg": (None, "train"),
        "images/val/c.jpg": ("dog", "val"),
    }
    assert read(team, "pets").declaration.labels == Labels(yolo="labels")
    team.dsv("check")
    team.commit("Add pets")
    assert json.loads(team.dsv("status", "--json"))["manifests"][0]["data"]["way"] == "known"

    team.write("data/pets/labels/val/c.txt", "1 0.50 0.5 0.20 2e-1\n")
    team.dsv("update", "pets")
    now = json.loads(team.dsv("diff", "--json"))["manifests"][0]
    assert (now["counts"]["modified"], now["counts"]["reannotated"]) == (1, 0)

    team.write("data/pets/images/val/d.jpg", "D")
    team.write("data/pets/labels/val/d.txt", "1 0.50 0.5 0.20 2e-1\n")
    team.dsv("update", "pets")
    now = json.loads(team.dsv("diff", "--json"))["manifests"][0]
    assert (now["counts"]["added"], now["repeated"]["new_duplicates"]) == (2, [])
    stats = json.loads(team.dsv("show", "pets@1.1", "--json"))["stats"]
    assert (stats["files"], stats["duplicates"]["groups"]) == (9, 0)
    team.dsv("check")


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("yolo:data/pets/labels/", Labels(yolo="labels")),
        ("data/pets/data.yaml", Labels(yolo="data.yaml")),
        ("yolo:.", Labels(yolo=".")),
        ("yolo:notes", Labels(yolo="notes")),
        ("metadata:metadata.csv", Labels(metadata="metadata.csv")),
        ("{label}/*.yaml", Labels(path="{label}/*.yaml")),
    ],
)
def test_what_is_typed_is_remembered(still: Repo, typed: str, labels: Labels) -> None:
    workspace = Workspace.open(still.path / "data/pets" if typed == "yolo:." else still.path)
    assert parse_labels(workspace, (typed,), still.path / "data/pets") == labels


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("yolo:gone", "there is no file or folder gone"),
        ("gone.yaml", "there is no file or folder gone.yaml"),
        ("yolo", "not a source of labels: 'yolo'"),
        ("metadata:x/metadata.csv", "not the name of metadata files: 'x/metadata.csv'"),
    ],
)
def test_what_is_no_source_of_labels_is_refused(still: Repo, typed: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        parse_labels(Workspace.open(still.path), (typed,), still.path / "data/pets")


def test_a_moved_box_and_a_renamed_class_are_told(team: Repo) -> None:
    team.dsv("add", "data/pets", "--name", "pets", "--labels", "data.yaml")
    team.commit("Add pets")
    team.write("data/pets/labels/val/c.txt", "1 .4 .5 .2 .2\n")
    assert "1 reannotated" in team.dsv("update", "pets", "--same-version")
    team.write("data/pets/data.yaml", YOLO["data.yaml"].replace("dog", "wolf"))
    team.dsv("update", "pets", "--same-version")
    assert labels(team)["images/val/c.jpg"] == ("wolf", "val")
    team.write("data/pets/labels/val/c.txt", "2 .4 .5 .2 .2\n")
    told = team.dsv_result("update", "pets", "--same-version").stderr
    assert "labels/val/c.txt:1: there is no class 2" in told


def test_label_files_that_are_no_entries_are_looked_at(team: Repo) -> None:
    (team.path / "data/pets/labels").rename(team.path / "notes")
    team.dsv("add", "data/pets", "--name", "pets", "--include", "*.jpg", "--labels", "yolo:notes")
    team.commit("Add pets")
    assert labels(team)["images/val/c.jpg"] == ("dog", "val")

    team.write("notes/val/c.txt", "0" + BOX)
    team.dsv("update", "pets")
    assert labels(team)["images/val/c.jpg"] == ("cat", "val")


def test_metadata_beside_the_images_is_followed(repo: Repo) -> None:
    init(repo)
    repo.write("data/wild/train/1.jpg", "1")
    repo.write("data/wild/test/2.jpg", "2")
    repo.write("data/wild/train/metadata.jsonl", '{"file_name": "1.jpg", "label": "cat"}\n')
    repo.write("data/wild/test/metadata.jsonl", '{"file_name": "2.jpg", "label": "dog"}\n')
    repo.dsv("add", "data/wild", "-n", "wild", "--labels", "metadata:metadata.jsonl")
    assert labels(repo, "wild") == {"test/2.jpg": ("dog", "test"), "train/1.jpg": ("cat", "train")}
    repo.commit("Add wild")

    repo.write("data/wild/test/metadata.jsonl", '{"file_name": "2.jpg", "label": "cat"}\n')
    assert "1 relabelled" in repo.dsv("update", "wild")
    assert labels(repo, "wild")["test/2.jpg"] == ("cat", "test")


def test_label_files_that_did_not_change_are_not_read_again(team: Repo) -> None:
    age(team, "data/pets")
    team.dsv("add", "data/pets", "--name", "pets", "--labels", "data.yaml")
    team.commit("Add pets")
    unseen = team.path / "data/pets/labels/train/a.txt"
    before = unseen.stat()
    unseen.write_bytes(b"?" * before.st_size)
    os.utime(unseen, ns=(before.st_atime_ns, before.st_mtime_ns))
    team.write("data/pets/labels/val/c.txt", "0" + BOX)

    team.dsv("update", "pets")
    assert labels(team)["images/val/c.jpg"] == ("cat", "val")
    assert labels(team)["images/train/a.jpg"] == (("cat", "dog"), "train")
    team.write("data/pets/data.yaml", YOLO["data.yaml"].replace("dog", "wolf"))
    told = team.dsv_result("update", "pets").stderr
    assert "labels/train/a.txt:1: not an object: '????" in told
