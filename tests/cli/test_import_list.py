"""`dsv import LIST`: what another tool listed becomes a manifest, with the data or without it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.conftest import ANY_CONTENT, Repo, new_repo, new_team

SHA = "sha256:" + hashlib.sha256(b"meow").hexdigest()


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    folder = tmp_path_factory.mktemp("team")
    made = new_team(folder, ANY_CONTENT)
    made.commit("Set up")
    return made


@pytest.fixture
def ready(team: Repo) -> Repo:
    """A repository with dsv, and nothing else."""
    team.git("reset", "-q", "--hard", ":/Set up")
    team.git("clean", "-q", "-fdx")
    return team


def rows(repo: Repo, name: str = "pets") -> list[dict[str, object]]:
    text = (repo.path / f"manifests/{name}/files/_.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def test_a_list_with_hashes_needs_no_data(ready: Repo) -> None:
    ready.write("list.csv", f"path,size,hash,label,split\ncat/1.jpg,4,{SHA},cat,train\n")
    typed = ("--name", "pets", "--root", "s3://lake/pets", "--version", "2.0")
    said = ready.dsv("import", "list.csv", *typed, "--project", "Vision")
    assert said.startswith("pets@2.0 (1 file, 4 bytes)")
    assert rows(ready) == [
        {"path": "cat/1.jpg", "size": 4, "hash": SHA, "label": "cat", "split": "train"}
    ]
    text = (ready.path / "manifests/pets/manifest.yaml").read_text()
    assert "project: Vision\nversion: 2.0\n" in text
    assert "  root: s3://lake/pets\n  hash: sha256\n" in text
    ready.commit("Add pets")
    assert "= local:" in ready.dsv("status")


def test_a_list_without_hashes_is_hashed_from_the_data(ready: Repo) -> None:
    ready.write("data/pets/cat/1.jpg", "meow")
    ready.write("data/pets/not listed.jpg", "x")
    top = ready.path / "data/pets"
    ready.write("list.jsonl", json.dumps({"path": f"{top}/cat/1.jpg", "label": "cat"}) + "\n")
    said = ready.dsv("import", "list.jsonl", "--name", "pets", "--root", "data/pets")
    assert "/data/pets now" in said
    ready.dsv("add", "data/pets", "--name", "again", "--include", "*/1.jpg")
    (row,), (again,) = rows(ready), rows(ready, "again")
    assert row == {**again, "label": "cat"}


def test_one_path_a_line_is_a_list_beside_its_data(ready: Repo, tmp_path: Path) -> None:
    (tmp_path / "nas").mkdir()
    (tmp_path / "nas/1.txt").write_text("meow")
    (tmp_path / "nas/list.txt").write_text(f"./1.txt\n\n{tmp_path}/nas/1.txt\n")
    ready.dsv("import", str(tmp_path / "nas/list.txt"), "--name", "pets")
    assert [row["path"] for row in rows(ready)] == ["1.txt"]
    assert f"root: {tmp_path}/nas\n" in (ready.path / "manifests/pets/manifest.yaml").read_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("path\n1.jpg\n2.jpg\n", "2 of 2 files of 1.0 are not in"),
        (f"path,size,hash\n../x,4,{SHA}\n", "has a part '..'"),
        ("path,size,hash\nx,4,md5:1\n", "not a hash"),
        ("path,label\n", "names no file"),
    ],
)
def test_a_list_that_cannot_be_used_writes_nothing(ready: Repo, text: str, said: str) -> None:
    ready.write("list.csv", text)
    done = ready.dsv_result("import", "list.csv", "--name", "pets")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    assert not (ready.path / "manifests").exists()


def test_a_folder_around_the_repository_is_no_root(ready: Repo) -> None:
    ready.write("list.csv", f"path,size,hash\n1.jpg,4,{SHA}\n")
    done = ready.dsv_result("import", "list.csv", "--name", "pets", "--root", "..")
    assert (done.returncode, "holds the repository itself" in done.stderr) == (2, True)
    ready.dsv("import", "list.csv", "--name", "pets")
    assert "  root: data/pets\n" in (ready.path / "manifests/pets/manifest.yaml").read_text()


def test_a_url_is_not_read_for_hashes(ready: Repo) -> None:
    ready.write("list.txt", "1.jpg\n")
    done = ready.dsv_result("import", "list.txt", "--name", "pets", "--root", "s3://lake/pets")
    assert (done.returncode, "1 of 1 files of 1.0 lacks size or hash" in done.stderr) == (
        2,
        True,
    ), done.stderr


def test_a_file_of_another_size_than_the_list_says_is_another_content(ready: Repo) -> None:
    ready.write("data/1.jpg", "meow")
    ready.write("list.csv", "path,size\n1.jpg,5\n")
    done = ready.dsv_result("import", "list.csv", "--name", "pets", "--root", "data")
    assert "1 file of 1.0 has another size" in done.stderr


def test_what_was_exported_comes_back_with_the_same_digest(ready: Repo, tmp_path: Path) -> None:
    for number in range(3):
        ready.write(f"data/c{number}/ä, {number}.txt", str(number))
    ready.dsv("add", "data", "--name", "pets", "--labels", "{label}/*")
    ready.commit("Add pets")
    other = new_repo(tmp_path / "other", tmp_path / "home")
    other.dsv("init", "--registry", "local")
    digest = json.loads(ready.dsv("show", "pets", "--json"))["digest"]
    for kind in ("csv", "jsonl"):
        ready.dsv("export", "pets", "--to", str(tmp_path / f"list.{kind}"))
        typed = ("import", str(tmp_path / f"list.{kind}"), "--root", str(ready.path / "data"))
        other.dsv(*typed, "--name", kind)
        other.commit(f"Add {kind}")
        assert json.loads(other.dsv("show", kind, "--json"))["digest"] == digest


def test_croissant_is_not_read_as_a_list_of_paths(ready: Repo) -> None:
    ready.write("list.csv", f"path,size,hash\ncat/1.jpg,4,{SHA}\n")
    ready.dsv("import", "list.csv", "--name", "pets", "--root", "s3://lake/pets")
    ready.dsv("export", "pets", "--format", "croissant", "--to", "croissant.json")
    done = ready.dsv_result("import", "croissant.json", "--name", "again")
    assert done.returncode == 2
    assert "Croissant is for export\n  import the list that it names" in done.stderr


def test_one_file_that_is_not_there_is_said_in_the_singular(ready: Repo) -> None:
    ready.write("data/pets/1.jpg", "meow")
    ready.write("list.txt", "1.jpg\n2.jpg\n")
    done = ready.dsv_result("import", "list.txt", "--name", "pets", "--root", "data/pets")
    assert "1 of 2 files of 1.0 is not in" in done.stderr


@pytest.mark.parametrize("more", ["", f",size,hash\n1.jpg,4,{SHA}"])
def test_what_the_list_leaves_out_stays_out(ready: Repo, more: str) -> None:
    ready.write("data/pets/1.jpg", "meow")
    ready.write("data/pets/2.jpg", "woof")
    ready.write("data/pets/3.jpg", "moo")
    ready.write("list.csv", f"path{more}\n" if more else "path\n1.jpg\n")
    said = ready.dsv("import", "list.csv", "--name", "pets", "--root", "data/pets")
    assert "note: 2 files of the data that the list leaves out stay out\n" in said
    ready.commit("Import")
    ready.dsv("update", "pets")
    assert ready.status == ""
    ready.write("data/pets/3.jpg", "another")
    ready.write("data/pets/4.jpg", "new")
    ready.dsv("update", "pets")
    assert [row["path"] for row in rows(ready)] == ["1.jpg", "3.jpg", "4.jpg"]


def test_a_list_of_data_that_is_not_here_leaves_nothing_out(ready: Repo) -> None:
    ready.write("list.csv", f"path,size,hash\n1.jpg,4,{SHA}\n")
    said = ready.dsv("import", "list.csv", "--name", "pets", "--root", "s3://lake/pets")
    assert "note: the data was not looked at: dsv update pets takes what the list leaves" in said
    assert not (ready.path / "manifests/pets/dropped.jsonl").exists()


@pytest.mark.parametrize("root", [(), ("--root", "data")])
def test_a_line_that_is_too_long_for_a_path_is_one_short_message(
    ready: Repo, root: tuple[str, ...]
) -> None:
    ready.write("data/a.jpg", "a")
    ready.write("list.csv", "x" * 300_000 + "\n")
    refused = ready.dsv_result("import", "list.csv", "--name", "pets", *root)
    assert refused.returncode == 2
    assert len(refused.stderr) < 1000
