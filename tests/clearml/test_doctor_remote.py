"""`dsv doctor --remote`: each way in which git and ClearML can disagree, found, and gone after what
it says was typed."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dsv_git.manifest.declaration import Data, Declaration
from dsv_git.registry.clearml.registry import ClearMLRegistry
from dsv_git.registry.clearml.session import open_session
from tests.clearml_server import ClearMLServer
from tests.conftest import Repo, environment, new_repo

STRUCT = "Dataset Struct"
COPY = """
import sys
from clearml import Dataset
print(Dataset.get(dataset_id=sys.argv[1]).get_local_copy())
"""


def problems(repo: Repo, *, code: int = 1) -> dict[str, list[dict[str, Any]]]:
    """The findings of `dsv doctor --remote` by check; those without any are left out."""
    told = json.loads(repo.dsv("doctor", "--remote", "--json", code=code))
    return {check["name"]: check["findings"] for check in told["checks"] if check["findings"]}


def finding(repo: Repo, check: str) -> dict[str, Any]:
    """The only problem that there is."""
    found = problems(repo)
    assert list(found) == [check], found
    (one,) = found[check]
    return one


def repair(repo: Repo, one: dict[str, Any]) -> None:
    """Types what a problem says; then there is none any more."""
    assert one["repair"].startswith("dsv "), one
    repo.dsv(*one["repair"].split()[1:])
    assert problems(repo, code=0) == {}
    assert repo.status == ""


def record(repo: Repo, version: str) -> dict[str, Any]:
    text = repo.git("show", f"HEAD:manifests/pets/versions/{version}.json")
    found: dict[str, Any] = json.loads(text)
    return found


def two_generations(repo: Repo) -> Repo:
    """1.0 and 1.1, with all that a manifest can say."""
    repo.dsv("init", "--registry", "clearml")
    repo.write("data/cat/a.jpg", "a")
    repo.dsv("add", "data", "--name", "pets", "--labels", "{label}/*")
    said = "description: two cats\ntags: [cleaned]\nproperties: {source: camera}\n"
    text = repo.path / "manifests/pets/manifest.yaml"
    text.write_text(text.read_text() + said)
    repo.commit("Add pets")
    repo.write("data/cat/b.jpg", "b")
    repo.dsv("update", "pets", "--description", "three cats")
    repo.commit("Add b")
    return repo


@dataclass(frozen=True)
class Story:
    """A server, and what it held when both generations were registered; the repository then."""

    server: ClearMLServer
    tasks: dict[str, Any]
    projects: dict[str, Any]
    repo: Repo


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Told once: to register takes seconds."""
    folder = tmp_path_factory.mktemp("story")
    repo = new_repo(folder / "a team", folder / "home")
    with ClearMLServer() as server:
        repo.env.update(server.environment)
        two_generations(repo)
        yield Story(server, copy.deepcopy(server.tasks), copy.deepcopy(server.projects), repo)


@pytest.fixture
def server(story: Story) -> ClearMLServer:
    """The server as it was when the story was told."""
    server = story.server.start()
    for now, then in ((server.tasks, story.tasks), (server.projects, story.projects)):
        now.clear()
        now.update(copy.deepcopy(then))
    return server


@pytest.fixture
def pets(story: Story, server: ClearMLServer, tmp_path: Path) -> Repo:
    """The repository, with its data, as it was when the story was told."""
    (tmp_path / "home").mkdir()
    place = tmp_path / "a team"
    shutil.copytree(story.repo.path, place, symlinks=True)
    return Repo(place, {**environment(tmp_path / "home"), **server.environment})


@pytest.fixture
def tasks(pets: Repo, server: ClearMLServer) -> dict[str, dict[str, Any]]:
    """What the server has of both, by version."""
    return {version: server.tasks[record(pets, version)["id"]] for version in ("1.0", "1.1")}


def test_a_registry_that_agrees_is_only_read(pets: Repo, server: ClearMLServer) -> None:
    server.forget_calls()
    assert problems(pets, code=0) == {}
    verbs = {call.endpoint.partition(".")[2] for call in server.calls}
    assert verbs == {"login", "get_all_ex", "get_configurations"}
    text = pets.dsv("doctor", "--remote")
    assert "ok       missing: all of 2 recorded versions are there\n" in text


def test_a_server_that_is_not_there(pets: Repo, server: ClearMLServer) -> None:
    server.stop()
    done = pets.dsv_result("doctor", "--remote")
    assert done.returncode == 4
    assert "ok       hooks: " in done.stdout
    assert "problem  registry: " in done.stdout
    pets.dsv("doctor")


def test_credentials_that_are_refused(pets: Repo) -> None:
    pets.env["CLEARML_API_SECRET_KEY"] = "wrong"
    found = problems(pets, code=4)
    assert "clearml-init" in found["registry"][0]["repair"]


def test_a_version_that_was_deleted(pets: Repo, server: ClearMLServer) -> None:
    lost = record(pets, "1.0")["id"]
    del server.tasks[lost]
    one = finding(pets, "missing")
    assert (one["version"], one["id"]) == ("pets@1.0", lost)
    repair(pets, one)


def test_an_archived_version_is_taken_out_of_the_archive(
    pets: Repo, tasks: dict[str, dict[str, Any]]
) -> None:
    tasks["1.0"]["system_tags"].append("archived")
    one = finding(pets, "missing")
    assert (one["version"], one["id"]) == ("pets@1.0", tasks["1.0"]["id"])
    assert "archived" in one["message"]
    repair(pets, one)
    assert tasks["1.0"]["system_tags"] == ["dataset"]


def test_a_version_that_somebody_reopened(pets: Repo, tasks: dict[str, dict[str, Any]]) -> None:
    tasks["1.1"]["status"] = "in_progress"
    one = finding(pets, "missing")
    assert one["version"] == "pets@1.1"
    repair(pets, one)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_edits_on_the_web_page(pets: Repo, tasks: dict[str, dict[str, Any]], version: str) -> None:
    task = tasks[version]
    del task["hyperparams"]["properties"]["data_path"]  # each clone tells its own
    before = copy.deepcopy({name: task[name] for name in ("comment", "tags", "hyperparams")})
    task["comment"] = "edited"
    task["tags"].remove("cleaned")
    properties = task["hyperparams"]["properties"]
    del properties["source"]
    properties["manifest"]["value"] = "zoo"
    properties["files"]["value"] = "9"
    one = finding(pets, "edited")
    assert (one["version"], one["id"]) == (f"pets@{version}", task["id"])
    names = "description, tags, property source, property manifest, property files"
    assert one["message"] == f"its {names} in ClearML are not what the manifest says"
    repair(pets, one)
    del task["hyperparams"]["properties"]["data_path"]
    assert {name: task[name] for name in before} == before


def test_what_people_add_on_the_web_page_is_theirs(
    pets: Repo, tasks: dict[str, dict[str, Any]]
) -> None:
    tasks["1.1"]["tags"].append("my favourite")
    mine = {"section": "properties", "name": "seen by", "value": "Bob"}
    tasks["1.1"]["hyperparams"]["properties"]["seen by"] = mine
    assert problems(pets, code=0) == {}
    tasks["1.1"]["comment"] = "edited"
    repair(pets, finding(pets, "edited"))
    assert "my favourite" in tasks["1.1"]["tags"]
    assert tasks["1.1"]["hyperparams"]["properties"]["seen by"] == mine


def test_a_commit_that_no_branch_leads_to(pets: Repo, tasks: dict[str, dict[str, Any]]) -> None:
    tasks["1.1"]["script"]["version_num"] = "0" * 40
    one = finding(pets, "edited")
    assert "the commit 0000000000" in one["message"]
    repair(pets, one)
    assert tasks["1.1"]["script"]["version_num"] == pets.git("rev-parse", "HEAD")


@pytest.mark.parametrize("name", ["dsv_key", "dsv_digest"])
def test_another_identity(pets: Repo, tasks: dict[str, dict[str, Any]], name: str) -> None:
    tasks["1.1"]["runtime"][name] = "f" * 64
    (one,) = problems(pets)["identity"]
    assert one["message"].startswith(f"its {name.removeprefix('dsv_')} in ClearML is not")
    assert one["version"] == "pets@1.1"
    repair(pets, one)


def test_another_version_hides_from_its_successor(
    pets: Repo, tasks: dict[str, dict[str, Any]]
) -> None:
    tasks["1.1"]["runtime"]["version"] = "7"
    (one,) = problems(pets)["identity"]
    pets.dsv(*one["repair"].split()[1:])
    one = finding(pets, "duplicates")
    assert one["id"] == tasks["1.1"]["id"]
    tasks["1.1"]["system_tags"].append("archived")
    assert problems(pets, code=0) == {}


def test_a_dataset_of_the_package_that_was_adopted_has_no_key(
    pets: Repo, tasks: dict[str, dict[str, Any]]
) -> None:
    tasks["1.1"]["runtime"] = {"version": "1.1"}
    tasks["1.1"]["comment"] = "as the package had it"
    assert problems(pets, code=0) == {}


def test_other_parents(pets: Repo, tasks: dict[str, dict[str, Any]]) -> None:
    struct = tasks["1.1"]["configuration"][STRUCT]
    struct["value"] = struct["value"].replace(tasks["1.0"]["id"], "f" * 32)
    one = finding(pets, "lineage")
    assert one["version"] == "pets@1.1"
    repair(pets, one)


def test_half_made_by_this_clone(pets: Repo, server: ClearMLServer) -> None:
    half = _half_made(pets, server)
    found = problems(pets)
    assert found["half-made"][0]["id"] == half["id"]
    assert "by this clone" in found["half-made"][0]["message"]
    repair(pets, found["half-made"][0])
    assert half["id"] not in server.tasks


def test_half_made_by_another_clone_just_now(pets: Repo, server: ClearMLServer) -> None:
    half = _half_made(pets, server)
    half["runtime"]["dsv_clone"] = "f" * 32
    (one,) = problems(pets)["half-made"]
    assert one["repair"].startswith("wait; an hour")
    pets.dsv("sync")
    assert half["id"] in server.tasks
    half["last_update"] -= timedelta(hours=2)
    (one,) = problems(pets)["half-made"]
    assert one["repair"].startswith("delete it in ClearML: http"), "nothing is pending any more"
    del server.tasks[half["id"]]
    assert problems(pets, code=0) == {}


def test_half_made_by_another_clone_long_ago(pets: Repo, server: ClearMLServer) -> None:
    half = _half_made(pets, server)
    half["runtime"]["dsv_clone"] = "f" * 32
    half["last_update"] -= timedelta(hours=2)
    (one,) = problems(pets)["half-made"]
    repair(pets, one)
    assert half["id"] not in server.tasks


def _half_made(pets: Repo, server: ClearMLServer) -> dict[str, Any]:
    """1.2 is pending, and a version of it was begun and left."""
    pets.write("data/cat/c.jpg", "c")
    pets.dsv("update", "pets")
    pets.commit("Add c")
    made = server.tasks[record(pets, "1.2")["id"]]
    made["status"] = "in_progress"
    pets.git("rm", "-q", "--cached", "manifests/pets/versions/1.2.json")
    (pets.path / "manifests/pets/versions/1.2.json").unlink()
    pets.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "--amend", "--no-edit")
    return made


def test_a_registered_version_whose_record_was_lost(pets: Repo, server: ClearMLServer) -> None:
    made = _half_made(pets, server)
    made["status"] = "completed"
    (one,) = problems(pets)["orphaned"]
    assert (one["version"], one["id"]) == ("pets@1.2", made["id"])
    repair(pets, one)
    assert record(pets, "1.2")["id"] == made["id"]


def test_a_version_whose_commit_was_dropped(pets: Repo, tasks: dict[str, dict[str, Any]]) -> None:
    commit = pets.git("rev-parse", "--short=10", "HEAD")
    pets.git("reset", "-q", "--hard", "HEAD~1")
    one = finding(pets, "orphaned")
    assert (one["version"], one["id"]) == ("pets@1.1", tasks["1.1"]["id"])
    assert f"made by the commit {commit} of the branch main" in one["message"]
    assert f"/{tasks['1.1']['id']}/" in one["repair"]
    tasks["1.1"]["system_tags"].append("archived")
    assert problems(pets, code=0) == {}


def test_a_version_that_another_branch_records_is_no_orphan(pets: Repo, tmp_path: Path) -> None:
    pets.git("branch", "others")
    pets.git("reset", "-q", "--hard", "HEAD~1")
    assert problems(pets, code=0) == {}
    pets.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    pets.git("init", "-q", "--bare", str(tmp_path / "origin.git"))
    pets.git("push", "-q", "origin", "others")
    pets.git("branch", "-q", "-D", "others")
    pets.dsv("init")
    assert problems(pets, code=0) == {}


def test_a_parent_that_was_registered_anew_on_another_branch(
    pets: Repo, server: ClearMLServer, tasks: dict[str, dict[str, Any]]
) -> None:
    pets.git("checkout", "-q", "-b", "repair", "HEAD~1")
    del server.tasks[tasks["1.0"]["id"]]
    pets.dsv("restore", "pets@1.0", "--registry")
    pets.git("checkout", "-q", "main")
    pets.git("merge", "-q", "--no-edit", "repair")
    one = finding(pets, "lineage")
    assert (one["version"], one["id"]) == ("pets@1.1", tasks["1.1"]["id"])
    repair(pets, one)
    assert record(pets, "1.1")["parents"][0]["id"] == record(pets, "1.0")["id"]


def test_a_version_that_is_there_twice(
    pets: Repo, server: ClearMLServer, tasks: dict[str, dict[str, Any]]
) -> None:
    double = copy.deepcopy(tasks["1.0"]) | {"id": "d" * 32}
    server.tasks[double["id"]] = double
    one = finding(pets, "duplicates")
    assert (one["version"], one["id"]) == ("pets@1.0", double["id"])
    assert one["repair"].startswith("archive it in ClearML: ")
    double["system_tags"].append("archived")
    assert problems(pets, code=0) == {}


def test_a_parent_tracked_elsewhere_that_was_deleted(pets: Repo, server: ClearMLServer) -> None:
    foreign = copy.deepcopy(next(iter(server.tasks.values()))) | {"id": "e" * 32, "runtime": {}}
    server.tasks[foreign["id"]] = foreign
    pets.write("data/cat/d.jpg", "d")
    pets.dsv("update", "pets")
    text = pets.path / "manifests/pets/manifest.yaml"
    text.write_text(text.read_text().replace("- pets@1.1", f"- clearml:{foreign['id']}"))
    pets.commit("A foreign parent")
    assert problems(pets, code=0) == {}
    del server.tasks[foreign["id"]]
    one = finding(pets, "foreign")
    assert foreign["id"] in one["message"]


def test_more_versions_than_a_page_of_the_server_are_listed(
    pets: Repo,
    server: ClearMLServer,
    tasks: dict[str, dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(600):
        server.tasks[f"{number:032x}"] = tasks["1.0"] | {"id": f"{number:032x}"}
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    registry = ClearMLRegistry(open_session(), "here")
    declared = Declaration("pets", "1.0", Data({"": "data"}), dataset="pets")
    assert len({held.id for held in registry.versions([declared])}) == 602


def test_versions_of_the_local_registry_are_pending_until_they_are_promoted(
    repo: Repo, server: ClearMLServer
) -> None:
    server.tasks.clear()
    repo.env.update(server.environment)
    repo.dsv("init", "--registry", "local")
    repo.write("data/cat/a.jpg", "a")
    repo.dsv("add", "data", "--name", "pets")
    repo.commit("Add pets")
    repo.write(".dsv.yaml", "registry: clearml\n")
    repo.commit("To ClearML")
    one = finding(repo, "pending")
    assert (one["version"], one["id"]) == ("pets@1.0", record(repo, "1.0")["id"])
    assert one["message"] == "registered in local, not in clearml yet"
    repair(repo, one)


def test_the_package_finds_the_data_of_this_clone_by_what_it_says(
    repo: Repo, server: ClearMLServer, tmp_path: Path
) -> None:
    server.tasks.clear()
    repo.env.update(server.environment)
    pets = two_generations(repo)
    shutil.move(pets.path / "data", tmp_path / "my data")
    pets.git("config", "dsv.pets.root", str(tmp_path / "my data"))
    (note,) = problems(pets, code=0)["substitution"]
    assert note["level"] == "note"
    configuration = tmp_path / "clearml.conf"
    configuration.write_text(note["repair"])
    environ = {**pets.env, "CLEARML_CONFIG_FILE": str(configuration)}
    environ.pop("PYTHONWARNINGS")
    done = subprocess.run(
        [sys.executable, "-c", COPY, record(pets, "1.1")["id"]],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    folder = Path(done.stdout.splitlines()[-1])
    found = {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}
    assert found == {"cat/a.jpg": "a", "cat/b.jpg": "b"}
    pets.env["CLEARML_CONFIG_FILE"] = str(configuration)
    assert problems(pets, code=0) == {}, "it is said once"


def test_a_fresh_clone_agrees_too(pets: Repo, tmp_path: Path) -> None:
    place = tmp_path / "clone"
    pets.git("clone", "-q", str(pets.path), str(place))
    other = Repo(place, {**pets.env, **environment(tmp_path / "home")})
    other.dsv("init")
    shutil.copytree(pets.path / "data", place / "data")
    assert problems(other, code=0) == {}
