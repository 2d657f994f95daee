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
    said = team.dsv("add", "data/pets", "--name", "pets", "--labels", source)
    assert "2 labels" in said
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
