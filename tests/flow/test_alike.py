"""A content that another tool hashed is not modified because a scan hashes otherwise."""

from __future__ import annotations

import hashlib
import json

import pytest

from tests.conftest import ANY_CONTENT, Repo

FILES = {"a/1.txt": "one", "a/2.txt": "two", "b/3.txt": "three"}


def md5(text: str) -> str:
    return "md5:" + hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def hashes(repo: Repo) -> dict[str, str]:
    lines = (repo.path / "manifests/pets/files/_.jsonl").read_text().splitlines()
    return {row["path"]: row["hash"] for row in map(json.loads, lines)}


@pytest.fixture
def imported(repo: Repo) -> Repo:
    """Data that a list knows by MD5, and a scan by XXH3."""
    repo.dsv("init", "--registry", "local")
    repo.write(".dsv.yaml", f"registry: local\n{ANY_CONTENT}")
    for path, text in FILES.items():
        repo.write(f"data/{path}", text)
    rows = [f"{path},{len(text)},{md5(text)},x" for path, text in FILES.items()]
    repo.write("list.csv", "path,size,hash,label\n" + "\n".join(rows) + "\n")
    repo.dsv("import", "list.csv", "--name", "pets", "--root", "data")
    repo.commit("Add pets")
    return repo


def test_unchanged_data_is_no_new_version(imported: Repo) -> None:
    assert "the data is what the manifest says" in imported.dsv("update", "pets")
    assert hashes(imported) == {path: md5(text) for path, text in FILES.items()}
    assert imported.status == ""


@pytest.mark.parametrize("remembered", [False, True])
def test_only_what_changed_changes(imported: Repo, remembered: bool) -> None:
    if remembered:
        imported.dsv("update", "pets")
    imported.write("data/a/1.txt", "ONE")
    imported.write("data/new.txt", "new")
    (imported.path / "data/b/3.txt").rename(imported.path / "data/a/moved.txt")
    found = json.loads(imported.dsv("update", "pets", "--json"))
    assert found["version"] == "1.1"
    now = hashes(imported)
    assert now["a/2.txt"] == md5("two")
    assert now["a/moved.txt"] == md5("three")
    assert now["a/1.txt"].startswith("xxh3:")
    assert now["new.txt"].startswith("xxh3:")


def test_what_was_read_once_is_not_read_for_it_again(imported: Repo) -> None:
    imported.dsv("update", "pets")
    known = imported.path / ".git/dsv/alike"
    lines = [line for line in known.read_text().splitlines() if line]
    assert sorted(line.split(" ")[1] for line in lines) == sorted(map(md5, FILES.values()))
    imported.write("data/new.txt", "new")
    imported.dsv("update", "pets", "--relayout")
    assert [line for line in known.read_text().splitlines() if line] == lines
    known.write_text(known.read_text() + "\nxxh3:torn md5:")
    assert "the data is what the manifest says" in imported.dsv("update", "pets")
