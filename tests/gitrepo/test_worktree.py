"""The ids of a working tree's files: from git where it knows them, else as git would hash them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dsv_git.gitrepo.objects import Objects
from dsv_git.gitrepo.repository import Repository
from dsv_git.gitrepo.worktree import WorktreeFiles, clean_blobs
from tests.conftest import Repo

FOLDER = "manifests/a pet"


def blobs(repo: Repo) -> dict[str, str]:
    repository = Repository.discover(repo.path)
    clean = clean_blobs(repository, "manifests")
    return dict(WorktreeFiles.of(repository, FOLDER, clean).blobs())


def hashed(repo: Repo) -> dict[str, str]:
    """The reference: every file hashed by git."""
    found = {}
    for path in sorted((repo.path / FOLDER).rglob("*")):
        if path.is_file() and not path.is_symlink():
            name = path.relative_to(repo.path / FOLDER).as_posix()
            found[name] = repo.git("hash-object", "--no-filters", str(path))
    return found


@pytest.fixture
def lists(repo: Repo) -> Repo:
    repo.write("manifests/.gitattributes", "*.jsonl -text -filter\n")
    for name in ("same", "edited", "touched", "gone", "staged", "untracked"):
        repo.write(f"{FOLDER}/files/{name}.jsonl", f"{name}\r\n")
    repo.git("add", "-A")
    repo.git("rm", "-q", "--cached", f"{FOLDER}/files/untracked.jsonl")
    repo.git("commit", "-qm", "Lists")
    return repo


def test_every_file_has_the_id_of_the_content_on_disk(lists: Repo) -> None:
    assert blobs(lists) == hashed(lists)
    lists.write(f"{FOLDER}/files/edited.jsonl", "EDITED\r\n")  # of the same size
    os.utime(lists.path / FOLDER / "files/touched.jsonl", (1, 1))
    (lists.path / FOLDER / "files/gone.jsonl").unlink()
    lists.write(f"{FOLDER}/files/staged.jsonl", "more\n")
    lists.git("add", f"{FOLDER}/files/staged.jsonl")
    lists.write(f"{FOLDER}/files/new é.jsonl", "new\n")
    found = blobs(lists)
    assert found == hashed(lists)
    assert "files/gone.jsonl" not in found
    assert len(found) == 6


def test_git_tells_which_files_are_clean(lists: Repo) -> None:
    lists.write(f"{FOLDER}/files/edited.jsonl", "EDITED\r\n")
    (lists.path / FOLDER / "files/gone.jsonl").unlink()
    clean = clean_blobs(Repository.discover(lists.path), "manifests")
    names = {Path(path).name for path in clean}
    assert names == {".gitattributes", "same.jsonl", "touched.jsonl", "staged.jsonl"}


def test_a_repository_of_sha256_ids(repo: Repo) -> None:
    inner = Repo(repo.path / "inner", repo.env)
    repo.git("init", "-q", "--object-format=sha256", "inner")
    inner.write(f"{FOLDER}/files/_.jsonl", "x\n")
    assert blobs(inner) == hashed(inner)
    assert len(blobs(inner)["files/_.jsonl"]) == 64


def test_blobs_are_read_in_order_and_a_missing_one_is_an_error(lists: Repo) -> None:
    objects = Objects(Repository.discover(lists.path).git)
    known = hashed(lists)
    wanted = [known["files/same.jsonl"], known["files/edited.jsonl"], known["files/same.jsonl"]]
    assert list(objects.blobs(wanted)) == [b"same\r\n", b"edited\r\n", b"same\r\n"]
    assert list(objects.blobs([])) == []
    reading = objects.blobs(wanted)
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    with pytest.raises(KeyError):
        list(objects.blobs(["0" * 40]))
