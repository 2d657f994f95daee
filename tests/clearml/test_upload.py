"""`data.upload: true`: the data itself goes to ClearML's storage, and comes back byte for byte."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.clearml_server import ClearMLServer
from tests.conftest import Repo

CONTENTS = {"cat/a b.jpg": "a", "cat/ü,1.txt": "text " * 100, "dog/#c%20.jpg": "c", "empty.txt": ""}


def version_id(repo: Repo, version: str) -> str:
    """The ID of a version, as HEAD has it."""
    text = repo.git("show", f"HEAD:manifests/pets/versions/{version}.json")
    return str(json.loads(text)["id"])


def local_copy(repo: Repo, version: str, cache: Path) -> dict[str, str]:
    """What ClearML's package gives back, file by file."""
    program = (
        "import sys; from clearml import Dataset; "
        "print(Dataset.get(dataset_id=sys.argv[1]).get_local_copy())"
    )
    env = {**repo.env, "CLEARML_CACHE_DIR": str(cache)}
    env.pop("PYTHONWARNINGS")
    done = subprocess.run(
        [sys.executable, "-c", program, version_id(repo, version)],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    copy = Path(done.stdout.splitlines()[-1])
    files = (path for path in copy.rglob("*") if path.is_file())
    return {path.relative_to(copy).as_posix(): path.read_text() for path in files}


@pytest.fixture
def uploading(clearml_repo: Repo) -> Repo:
    """A repository with a manifest whose data is to be uploaded, not committed yet."""
    for path, text in CONTENTS.items():
        clearml_repo.write(f"data/{path}", text)
    clearml_repo.dsv("add", "data", "--name", "pets")
    manifest = clearml_repo.path / "manifests/pets/manifest.yaml"
    text = manifest.read_text()
    assert "data:\n" in text, text
    manifest.write_text(text.replace("data:\n", "data:\n  upload: true\n"))
    return clearml_repo


def state(server: ClearMLServer, version: str) -> dict[str, Any]:
    """The state artifact of a version."""
    (task,) = (t for t in server.tasks.values() if t["runtime"].get("version") == version)
    (uri,) = (a["uri"] for a in task["execution"]["artifacts"] if a["key"] == "state")
    path = uri.removeprefix(f"{server.files_url}/").replace("%20", " ")
    found: dict[str, Any] = json.loads(server.files.read(path))
    return found


def archives(server: ClearMLServer, version: str) -> list[dict[str, Any]]:
    """The artifacts of a version that hold data."""
    (task,) = (t for t in server.tasks.values() if t["runtime"].get("version") == version)
    return [a for a in task["execution"]["artifacts"] if a["key"].startswith("data")]


def test_the_hook_leaves_an_upload_to_sync(uploading: Repo, server: ClearMLServer) -> None:
    uploading.git("add", "-A")
    done = uploading.run("git", "commit", "-q", "-m", "Add pets")
    assert "pets@1.0 stays pending: its files are uploaded (dsv sync)" in done.stderr
    assert server.tasks == {}
    assert "= " in uploading.dsv("sync")
    assert len(server.tasks) == 1


def test_the_data_comes_back_byte_for_byte(
    uploading: Repo, server: ClearMLServer, tmp_path: Path
) -> None:
    uploading.commit("Add pets")
    uploading.dsv("sync")
    for file in (uploading.path / "data").rglob("*.*"):
        file.unlink()  # it is in ClearML alone now
    assert local_copy(uploading, "1.0", tmp_path / "cache") == CONTENTS
    (task,) = server.tasks.values()
    assert task["runtime"]["ds_file_count"] == len(CONTENTS)
    assert task["runtime"]["ds_link_count"] == 0
    assert task["runtime"]["ds_total_size_compressed"] == archives(server, "1.0")[0]["content_size"]
    assert task["tags"] == []


def test_an_archive_that_arrived_tells_other_clones_that_the_upload_goes_on(
    uploading: Repo, server: ClearMLServer
) -> None:
    uploading.commit("Add pets")
    uploading.dsv("sync")
    endpoints = [call.endpoint for call in server.calls]
    assert endpoints.count("tasks.ping") == 1
    ping = endpoints.index("tasks.ping")
    assert endpoints.index("tasks.started") < ping < endpoints.index("tasks.edit")
    assert "files" in {call.server for call in server.calls[:ping]}


def test_a_child_uploads_only_what_its_parent_lacks(
    uploading: Repo, server: ClearMLServer, tmp_path: Path
) -> None:
    uploading.commit("Add pets")
    uploading.dsv("sync")
    first = version_id(uploading, "1.0")
    uploading.write("data/dog/new.jpg", "new")
    uploading.write("data/cat/a b.jpg", "A!")
    (uploading.path / "data/empty.txt").unlink()
    uploading.dsv("update", "pets")
    uploading.commit("Change pets")
    uploading.dsv("sync")
    entries = {e["relative_path"]: e for e in state(server, "1.1")["dataset_file_entries"]}
    own = {path for path, e in entries.items() if e["parent_dataset_id"] != first}
    assert own == {"dog/new.jpg", "cat/a b.jpg"}
    assert len(archives(server, "1.1")) == 1
    wanted = {**CONTENTS, "dog/new.jpg": "new", "cat/a b.jpg": "A!"}
    del wanted["empty.txt"]
    assert local_copy(uploading, "1.1", tmp_path / "cache") == wanted


def test_a_child_that_changes_nothing_uploads_nothing(
    uploading: Repo, server: ClearMLServer, tmp_path: Path
) -> None:
    uploading.commit("Add pets")
    uploading.dsv("sync")
    uploading.dsv("bump", "pets")
    uploading.commit("Bump pets")
    uploading.dsv("sync")
    assert archives(server, "1.1") == []
    assert local_copy(uploading, "1.1", tmp_path / "cache") == CONTENTS


def test_the_package_finds_the_hashes_right(uploading: Repo, tmp_path: Path) -> None:
    uploading.commit("Add pets")
    uploading.dsv("sync")
    program = (
        "import sys; from clearml import Dataset; d = Dataset.get(dataset_id=sys.argv[1]); "
        "print('wrong', d.verify_dataset_hash())"
    )
    env = {**uploading.env, "CLEARML_CACHE_DIR": str(tmp_path / "cache")}
    env.pop("PYTHONWARNINGS")
    command = [sys.executable, "-c", program, version_id(uploading, "1.0")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "wrong []"


@pytest.mark.parametrize("way", ["changed", "gone"])
def test_a_file_that_is_not_the_manifests_any_more_is_not_uploaded(
    uploading: Repo, server: ClearMLServer, way: str
) -> None:
    uploading.commit("Add pets")
    file = uploading.path / "data/dog/#c%20.jpg"
    if way == "changed":
        file.write_text("x")
    else:
        file.unlink()
    done = uploading.run(sys.executable, "-m", "dsv_git", "sync", code=2)
    assert "cannot be uploaded" in done.stdout + done.stderr
    assert "dsv update pets" in done.stdout + done.stderr
    assert [t for t in server.tasks.values() if t["status"] == "completed"] == []
    file.write_text("c")
    uploading.dsv("sync")
    assert [t["status"] for t in server.tasks.values()] == ["completed"]
