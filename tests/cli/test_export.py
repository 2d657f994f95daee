"""`dsv export`, typed as a person types it."""

from __future__ import annotations

import csv
import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from dsv_git.manifest.entry import Entry
from dsv_git.manifest.lists import as_entries, list_kind, read_list
from tests.cli.hand_made import make
from tests.cli.living import init
from tests.conftest import ANY_CONTENT, Repo, new_repo
from tests.manifest.lists import CAT, DOG

FIRST = (
    Entry("train/2.jpg", 6, DOG, ("cat", "cat", "dog"), "train", DOG),
    Entry("train/=1.jpg", 5, CAT, "007", "train", props={"width": 640, "ok": True}),
    Entry("val/ü,\n.jpg", 7, f"md5:{'0' * 32}", props={"note": "640"}),
)
SECOND = (Entry("train/2.jpg", 6, DOG, "cat", "train"),)


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A repository with two versions of a manifest whose data is nowhere."""
    folder = tmp_path_factory.mktemp("export")
    repo = new_repo(folder / "a team", folder / "home")
    init(repo)
    repo.write(".dsv.yaml", (repo.path / ".dsv.yaml").read_text() + ANY_CONTENT)
    told = {"license": "MIT", "date": "2024-05-01", "citation": "me"}
    make(repo, "pets", "1.0.0", FIRST, declared={"properties": told, "tags": ("raw",)})
    repo.commit("First")
    make(repo, "pets", "1.0.1", SECOND)
    repo.commit("Second")
    return repo


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_any_version_comes_back_from_its_list(team: Repo, form: str) -> None:
    said = team.dsv("export", "pets@1.0.0", "--to", f"out/pets.{form}")
    assert said == f"pets@1.0.0: 3 files, written to out/pets.{form}\n"
    data = (team.path / f"out/pets.{form}").read_bytes()
    assert as_entries(read_list(data, "x", list_kind(f"x.{form}")), "x") == FIRST
    assert team.dsv("export", "pets@1.0.0", "--format", form).encode() == data
    assert team.dsv("export", "pets@HEAD~1", "--format", form).encode() == data
    assert len(team.dsv("export", "pets", "--format", form).splitlines()) == 1 + (form == "csv")


def test_a_spreadsheet_sees_no_formula_and_one_row_a_file(team: Repo) -> None:
    rows = list(csv.reader(team.dsv("export", "pets@1.0.0", "--format", "csv").splitlines()))
    assert rows[0] == ["path", "size", "hash", "label", "split", "ann", "note", "ok", "width"]
    assert [row[0] for row in rows[1:]] == ["train/2.jpg", "train/=1.jpg", '"val/ü,\\n.jpg"']
    assert [row[3] for row in rows[1:]] == ['["cat","cat","dog"]', "007", ""]
    assert [row[6:] for row in rows[1:]] == [["", "", ""], ["", "true", "640"], ['"640"', "", ""]]


def test_croissant_is_valid_and_its_records_can_be_read(
    team: Repo, caplog: pytest.LogCaptureFixture
) -> None:
    said = team.dsv("export", "pets@1.0.0", "--format", "croissant", "--to", "out/croissant.json")
    assert "3 files, written to out/pets-1.0.0.jsonl and out/croissant.json" in said
    assert records(team.path / "out/croissant.json") == [
        {
            "path": "train/2.jpg",
            "size": 6,
            "hash": DOG,
            "label": ["cat", "cat", "dog"],
            "split": "train",
            "ann": DOG,
        },
        {
            "path": "train/=1.jpg",
            "size": 5,
            "hash": CAT,
            "label": ["007"],
            "split": "train",
            "props.ok": True,
            "props.width": 640,
        },
        {"path": "val/ü,\n.jpg", "size": 7, "hash": f"md5:{'0' * 32}", "props.note": "640"},
    ]
    assert [r.getMessage() for r in caplog.records if r.name == "absl"] == []
    described = json.loads((team.path / "out/croissant.json").read_text())
    assert (described["license"], described["citeAs"], described["version"]) == (
        "MIT",
        "me",
        "1.0.0",
    )
    data = (team.path / "out/pets-1.0.0.jsonl").read_bytes()
    assert as_entries(read_list(data, "x", "jsonl"), "x") == FIRST


def records(place: Path) -> list[dict[str, Any]]:
    """The records of a Croissant description, without what is not given."""
    mlcroissant = pytest.importorskip("mlcroissant")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries that it reads JSON-LD with
        dataset = mlcroissant.Dataset(jsonld=place)
        assert not dataset.metadata.issues.errors
        assert not dataset.metadata.issues.warnings
        rows = list(dataset.records("files"))
    return [
        {
            key.removeprefix("files/"): _plain(value)
            for key, value in row.items()
            if value is not None
        }
        for row in rows
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.decode() if isinstance(value, bytes) else value


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("pets@9",), "no version pets@9"),
        (("pets", "--format", "croissant"), "--to FOLDER/croissant.json"),
        (("pets", "--to", "list.txt"), "what shall list.txt be?"),
        (("pets", "--to", "manifests", "--format", "csv"), "manifests is a folder"),
    ],
)
def test_what_cannot_be_exported_is_told(team: Repo, words: tuple[str, ...], told: str) -> None:
    done = team.dsv_result("export", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
