"""Labels of YOLO and of image folders, typed as a person types them."""

from __future__ import annotations

import json

import pytest

from tests.cli.hand_made import read
from tests.cli.living import init
from tests.conftest import Repo

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
    """A repository with YOLO data in `data/pets`, added and committed."""
    init(repo)
    for path, content in YOLO.items():
        repo.write(f"data/pets/{path}", content)
    return repo


def labels(repo: Repo, name: str = "pets") -> dict[str, object]:
    return {e.path: (e.label, e.split) for e in read(repo, name).entries if e.label or e.split}


@pytest.mark.parametrize("source", ["yolo:labels", "yolo:data/pets/labels", "data.yaml"])
def test_yolo_data_is_added_updated_and_clean(team: Repo, source: str) -> None:
    done = team.dsv_result("add", "data/pets", "--name", "pets", "--labels", source)
    assert "2 labels" in done.stdout
    assert "1 of 7 files got no label" in done.stderr  # b.jpg
    assert labels(team) == {
        "images/train/a.jpg": (("cat", "dog"), "train"),
        "images/train/b.jpg": (None, "train"),
        "images/val/c.jpg": ("dog", "val"),
    }
    declared = read(team, "pets").declaration.labels
    assert declared is not None
    assert declared.yolo == ("data.yaml" if source == "data.yaml" else "labels")
    team.dsv("check")
    team.commit("Add pets")
    assert json.loads(team.dsv("status", "--json"))["manifests"][0]["data"]["way"] == "known"

    team.write("data/pets/labels/val/c.txt", "1 0.50 0.5 0.20 2e-1\n")
    team.dsv("update", "pets")
    now = json.loads(team.dsv("diff", "--json"))["manifests"][0]
    assert (now["counts"]["modified"], now["counts"]["reannotated"]) == (1, 0)


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
    told = repo.dsv_result("add", "data/wild", "-n", "w2", "--labels", "metadata:x/y.jsonl").stderr
    assert "not the name of metadata files: 'x/y.jsonl'" in told
