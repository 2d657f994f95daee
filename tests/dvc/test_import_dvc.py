"""`dsv import DIR`: a repository that the real DVC made becomes versions, without DVC.

`history.tar.gz` is what `make.sh` made; where dvc is on PATH, it is made anew.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ANY_CONTENT, SOURCE, Repo, new_repo, new_team

MADE = SOURCE / "tests/dvc"
FILES = {
    "cat/1.txt": b"one",
    "cat/2.txt": b"two\r\n",
    "dog/1.txt": b"wau",
    "ä b.txt": b"three",
}
FIRST = {path: FILES[path] for path in FILES if path != "dog/1.txt"}
VERSIONS = {
    "v1.0": (FIRST, ()),
    "1.1": (FILES, ("v1.0",)),
    "1.2": ({**FIRST, "cat/2.txt": b"TWO"}, ("v1.0",)),
    "v2.0": ({**FILES, "cat/2.txt": b"TWO"}, ("1.1", "1.2")),
}


@pytest.fixture
def history(tmp_path: Path) -> Path:
    with tarfile.open(MADE / "history.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "history"


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A repository with dsv, and its first commit."""
    folder = tmp_path_factory.mktemp("team")
    made = new_team(folder, ANY_CONTENT)
    made.commit("Set up")
    return made


@pytest.fixture
def ready(team: Repo) -> Repo:
    """It, as it was before any import."""
    team.git("reset", "-q", "--hard", ":/Set up")
    return team


def entries(repo: Repo, version: str, name: str = "pets") -> dict[str, tuple[int, str]]:
    """The entries of a version, as its commit has them."""
    lines = repo.git("log", "--format=%H", "-G", "^version:", "--", f"manifests/{name}").split()
    for commit in lines:
        text = repo.git("show", f"{commit}:manifests/{name}/manifest.yaml")
        if f"version: {version}\n" in text:
            rows = repo.git("show", f"{commit}:manifests/{name}/files/_.jsonl").splitlines()
            found = [json.loads(row) for row in rows]
            return {row["path"]: (row["size"], row["hash"]) for row in found}
    raise AssertionError(version)


def told(files: dict[str, bytes]) -> dict[str, tuple[int, str]]:
    return {
        path: (len(data), f"md5:{hashlib.md5(data, usedforsecurity=False).hexdigest()}")
        for path, data in files.items()
    }


def run(repo: Repo, *args: str, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(repo.dsv("import", *args, "--json", code=code))
    return found


def parents(done: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        one["version"]: tuple(parent.partition("@")[2] for parent in one["parents"])
        for one in done["versions"]
    }


def check_history(repo: Repo, place: Path) -> None:
    done = run(repo, f"{place}:data.dvc", "--name", "pets")
    assert parents(done) == {version: named for version, (_, named) in VERSIONS.items()}
    assert done["left_out"] == []
    for version, (files, _) in VERSIONS.items():
        assert entries(repo, version) == told(files)


def test_the_history_becomes_versions_with_their_parents(ready: Repo, history: Path) -> None:
    check_history(ready, history)
    log = ready.git("log", "--reverse", "--format=%an <%ae> %ad %s", "--date=iso", "HEAD~4..HEAD")
    assert log.splitlines() == [
        "Ada <Ada@example.org> 2024-01-01 10:00:00 +0100 First pictures",
        "Grace <Grace@example.org> 2024-01-02 10:00:00 +0100 Add dogs",
        "Ada <Ada@example.org> 2024-01-03 10:00:00 +0000 Correct a picture",
        "Ada <Ada@example.org> 2024-01-04 10:00:00 +0000 Merge the dogs",
    ]
    message = ready.git("log", "-1", "--format=%B", "HEAD~3")
    first = ready.git("-C", str(history), "rev-parse", "v1.0")
    assert message == f"First pictures\n\nFrom the first shoot.\n\nImported-From: {first}"
    assert ready.status == ""
    ready.dsv("check", "HEAD")
    assert ready.dsv("sync").count(" = local:") == 4
    record = json.loads(ready.git("show", "HEAD:manifests/pets/versions/v2.0.json"))
    assert [one["version"] for one in record["parents"]] == ["1.1", "1.2"]
    cache = str(history / ".dvc/cache")
    ready.dsv("restore", "pets@v1.0", "--to", str(history / "old"), "--from", cache)
    for path, data in FIRST.items():
        assert (history / "old" / path).read_bytes() == data


@pytest.mark.skipif(shutil.which("dvc") is None, reason="dvc is not on PATH")
def test_what_dvc_makes_now_is_the_same(ready: Repo, tmp_path: Path) -> None:
    own = {"PYTHONPATH": "", "PYTHONWARNINGS": "", "DVC_SITE_CACHE_DIR": str(tmp_path / "site")}
    ready.run("sh", str(MADE / "make.sh"), str(tmp_path / "fresh"), env=own)
    check_history(ready, tmp_path / "fresh")


def test_a_remote_that_is_a_folder_serves_as_well_as_the_cache(ready: Repo, history: Path) -> None:
    shutil.move(history / ".dvc/cache", history.parent / "store")
    shutil.rmtree(history / "data")
    config = history / ".dvc/config"
    config.write_text("[core]\n    remote = nas\n['remote \"nas\"']\n    url = ../../store\n")
    check_history(ready, history)


def test_without_a_cache_the_data_that_lies_there_is_proven_to_be_its_version(
    ready: Repo, history: Path
) -> None:
    shutil.rmtree(history / ".dvc/cache")
    done = run(ready, f"{history}:data.dvc", "--name", "pets", code=1)
    assert parents(done) == {"v2.0": ()}
    assert entries(ready, "v2.0") == told(VERSIONS["v2.0"][0])
    assert len(done["left_out"]) == 3
    assert all("another version" in one["reason"] for one in done["left_out"])


def test_data_that_is_no_version_is_not_taken_for_one(ready: Repo, history: Path) -> None:
    shutil.rmtree(history / ".dvc/cache")
    (history / "data/cat/1.txt").write_bytes(b"ONE")
    head = ready.git("rev-parse", "HEAD")
    done = ready.dsv_result("import", f"{history}:data.dvc", "--name", "pets")
    assert done.returncode == 2
    assert "no version of data.dvc can be imported" in done.stderr
    assert (ready.git("rev-parse", "HEAD"), ready.status) == (head, "")


def test_a_damaged_list_in_the_cache_is_not_believed(ready: Repo, history: Path) -> None:
    for place in (history / ".dvc/cache").rglob("*.dir"):
        place.chmod(0o644)
        place.write_bytes(place.read_bytes().replace(b"cat/1", b"../x1"))
    done = run(ready, f"{history}:data.dvc", "--name", "pets", code=1)
    assert parents(done) == {"v2.0": ()}


def test_a_file_that_is_tracked_by_itself_needs_neither_cache_nor_data(
    ready: Repo, history: Path
) -> None:
    shutil.rmtree(history / ".dvc/cache")
    (history / "classes.csv").unlink()
    done = run(ready, str(history / "classes.csv.dvc"), "--name", "classes")
    assert parents(done) == {"v1.0": (), "v2.0": ("v1.0",)}
    assert entries(ready, "v2.0", "classes") == told({"classes.csv": b"path,label\n1,cat\n"})


def test_a_repository_imports_its_own_dvc_history(repo: Repo, history: Path) -> None:
    own = Repo(history, repo.env)
    own.dsv("init", "--registry", "local")
    own.commit("Set up dsv")
    own.dsv("import", "data.dvc", "--name", "pets")
    assert "  root: data\n" in (history / "manifests/pets/manifest.yaml").read_text()
    assert "as the manifest says" in own.dsv("status")
    assert own.status == ""


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (".", "2 .dvc files are in"),
        (".:other.dvc", "has no other.dvc"),
        ("data", "no .dvc file is in HEAD of"),
        ("nowhere", "there is nothing to import at nowhere"),
    ],
)
def test_a_source_that_says_too_little_is_answered_with_what_there_is(
    repo: Repo, history: Path, typed: str, said: str
) -> None:
    own = Repo(history, repo.env)
    own.dsv("init", "--registry", "local")
    own.commit("Set up dsv")
    done = own.dsv_result("import", typed, "--name", "pets")
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_what_dvc_before_3_kept_is_read_and_its_hashes_are_said_to_differ(
    ready: Repo, tmp_path: Path
) -> None:
    old = new_repo(tmp_path / "old", tmp_path / "old home")
    files = {"a.txt": b"a", "sub/b.txt": b"bb"}
    rows = [{"md5": told(files)[path][1][4:], "relpath": path} for path in files]
    listed = json.dumps(rows).encode()
    name = hashlib.md5(listed, usedforsecurity=False).hexdigest()
    for data, end in ((listed, ".dir"), *((data, "") for data in files.values())):
        md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
        old.write(f".dvc/cache/{md5[:2]}/{md5[2:]}{end}", data)
    old.write(".gitignore", "cache\n")
    old.write("d.dvc", f"md5: {'0' * 32}\nouts:\n- md5: {name}.dir\n  path: d\n  cache: true\n")
    old.commit("Old")
    done = run(ready, str(old.path), "--name", "old")
    assert entries(ready, "1.0", "old") == told(files)
    assert any("before 3.0" in note for note in done["notes"])
