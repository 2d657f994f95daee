"""A history that began with the local registry moves to ClearML as a whole, and back."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.clearml.reading import Json, Version, digest_of, files_at
from tests.clearml_server import ClearMLServer
from tests.conftest import Repo, new_repo

ORDER = [
    ("pets", "1.0"),
    ("birds", "1.0"),
    ("pets", "1.1"),
    ("all", "2.0"),
    ("pets", "1.2"),
    ("pets", "1.3"),
]
PARENTS = {
    ("pets", "1.0"): [],
    ("birds", "1.0"): [],
    ("pets", "1.1"): [("pets", "1.0")],
    ("all", "2.0"): [("birds", "1.0"), ("pets", "1.1")],
    ("pets", "1.2"): [("pets", "1.1")],
    ("pets", "1.3"): [("pets", "1.2")],
}


def configure(repo: Repo, registry: str) -> None:
    place = repo.path / ".dsv.yaml"
    other = {"clearml": "local", "local": "clearml"}[registry]
    text = place.read_text()
    assert f"registry: {other}" in text
    place.write_text(text.replace(f"registry: {other}", f"registry: {registry}"))


def records(repo: Repo) -> dict[tuple[str, str], Json]:
    """Every record of HEAD, by manifest and version."""
    found = {}
    for path in repo.git("ls-tree", "-r", "--name-only", "HEAD", "manifests").splitlines():
        if "/versions/" in path:
            record = json.loads(repo.git("show", f"HEAD:{path}"))
            found[path.split("/")[1], record["version"]] = record
    return found


@dataclass
class Moved:
    """The repository, what was recorded before and after, what was said."""

    repo: Repo
    server: ClearMLServer
    local: dict[tuple[str, str], Json]
    hook: str = ""
    sync: str = ""
    again: str = ""
    calls_again: int = 0
    status: str = ""
    after: dict[tuple[str, str], Json] = field(default_factory=dict)

    def id(self, name: tuple[str, str]) -> str:
        return str(self.after[name]["id"])

    def version(self, name: tuple[str, str]) -> Version:
        return Version(self.server, self.repo.path, self.repo.git("rev-parse", "HEAD"), *name)


def local_history(repo: Repo) -> None:
    """Six versions, one of which a squash merge left only in `refs/dsv`."""
    names = ("--project", "Vision", "--dataset", "animals")
    repo.write("data/pets/a.txt", "a")
    repo.dsv("add", "data/pets", "--name", "pets", *names)
    repo.commit("Add pets")
    repo.write("data/birds/b.txt", "b")
    repo.dsv("add", "data/birds", "--name", "birds", *names[:2], "--dataset", "birds")
    repo.commit("Add birds")
    repo.write("data/pets/c.txt", "c")
    repo.dsv("update", "pets")
    repo.commit("More pets")
    repo.dsv("merge", "pets", "birds", "--into", "all", "--version", "2.0", *names)
    repo.commit("Merge")
    repo.git("checkout", "-q", "-b", "work")
    for name in ("d", "e"):
        repo.write(f"data/pets/{name}.txt", name)
        repo.dsv("update", "pets")
        repo.commit(f"Add {name}")
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "--squash", "work")
    repo.git("commit", "-q", "-m", "Squashed work")
    repo.git("branch", "-q", "-D", "work")
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("gc", "-q", "--prune=now")


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moved]:
    folder = tmp_path_factory.mktemp("promote")
    with ClearMLServer() as server:
        repo = new_repo(folder / "a team", folder / "home")
        repo.env.update(server.environment)
        repo.dsv("init", "--registry", "local")
        local_history(repo)
        found = Moved(repo, server, records(repo))
        configure(repo, "clearml")
        repo.commit("Register in ClearML")
        repo.write("data/pets/f.txt", "f")
        repo.dsv("update", "pets")
        repo.git("add", "-A")
        found.hook = repo.run("git", "commit", "-q", "-m", "Add f").stderr
        assert not server.tasks
        found.sync = repo.dsv("sync")
        found.after = records(repo)
        found.status = repo.status
        server.forget_calls()
        head = repo.git("rev-parse", "HEAD")
        found.again = repo.dsv("sync")
        found.calls_again = len(server.calls)
        assert repo.git("rev-parse", "HEAD") == head
        yield found


NAMES = [f"{manifest} {version}" for manifest, version in ORDER]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Each version of the local history."""
    manifest, version = request.param.split()
    return manifest, version


def test_the_history_was_local(moved: Moved) -> None:
    assert set(moved.local) == set(ORDER)
    assert {record["registry"] for record in moved.local.values()} == {"local"}


def test_a_hook_says_that_the_parent_is_local_alone_and_what_to_type(moved: Moved) -> None:
    assert "pets@1.4 stays pending" in moved.hook
    assert "its parent pets@1.3 is registered in local alone" in moved.hook
    assert "dsv sync" in moved.hook


def test_every_version_is_registered_and_no_other(moved: Moved) -> None:
    assert set(moved.after) == {*ORDER, ("pets", "1.4")}
    assert {record["id"] for record in moved.after.values()} == set(moved.server.tasks)
    assert {task["status"] for task in moved.server.tasks.values()} == {"completed"}


def test_sync_names_every_version(moved: Moved) -> None:
    for (manifest, version), record in moved.after.items():
        assert f"{manifest}@{version} = {record['id']}" in moved.sync


def test_parents_are_registered_before_their_children(moved: Moved) -> None:
    made = list(moved.server.tasks)
    for child, parents in PARENTS.items():
        for parent in parents:
            assert made.index(moved.id(parent)) < made.index(moved.id(child))


def test_a_record_keeps_what_the_version_is(moved: Moved, name: tuple[str, str]) -> None:
    before, after = moved.local[name], moved.after[name]
    assert (after["registry"], after["former_ids"]) == ("clearml", [before["id"]])
    for part in ("key", "digest", "stats", "version"):
        assert after[part] == before[part]


def test_a_record_names_its_parents_by_their_new_ids(moved: Moved, name: tuple[str, str]) -> None:
    told = {(p["manifest"], p["version"], p["id"]) for p in moved.after[name]["parents"]}
    assert told == {(*parent, moved.id(parent)) for parent in PARENTS[name]}


def ancestry(moved: Moved, name: tuple[str, str]) -> dict[str, tuple[str, ...]]:
    found = {moved.id(name): tuple(sorted(moved.id(parent) for parent in PARENTS[name]))}
    for parent in PARENTS[name]:
        found |= ancestry(moved, parent)
    return found


def test_clearml_has_the_whole_lineage_by_new_ids(moved: Moved, name: tuple[str, str]) -> None:
    version = moved.version(name)
    assert version.struct == ancestry(moved, name)
    graph = {one: tuple(sorted(p)) for one, p in version.state["dependency_graph"].items()}
    assert graph == ancestry(moved, name)


def test_clearml_has_each_versions_own_files(moved: Moved, name: tuple[str, str]) -> None:
    version = moved.version(name)
    assert version.runtime["ds_link_count"] == moved.local[name]["stats"]["files"]
    assert len(version.state["dataset_link_entries"]) == moved.local[name]["stats"]["files"]
    assert version.runtime["dsv_digest"] == moved.local[name]["digest"]
    assert version.runtime["dsv_key"] == moved.local[name]["key"]


def test_changes_are_told_against_the_parents(moved: Moved, name: tuple[str, str]) -> None:
    stats, runtime = moved.local[name]["stats"], moved.version(name).runtime
    assert runtime["ds_change_add"] == stats["added"]
    assert runtime["ds_change_remove"] == stats["removed"]


def test_each_version_names_a_commit_of_this_history(moved: Moved, name: tuple[str, str]) -> None:
    commit = moved.version(name).properties["git_commit"]
    moved.repo.git("merge-base", "--is-ancestor", commit, "HEAD")
    manifest, _ = name
    held = digest_of(files_at(moved.repo.path, commit, manifest))
    squashed = name == ("pets", "1.2")
    assert (held == moved.local[name]["digest"]) != squashed


def test_a_version_that_a_squash_lost_comes_from_its_kept_tree(moved: Moved) -> None:
    """No commit has its lists; the artifact has them again."""
    version = moved.version(("pets", "1.2"))
    names = {entry["relative_path"] for entry in version.state["dataset_link_entries"]}
    assert names == {"a.txt", "c.txt", "d.txt"}


def test_nothing_of_the_persons_is_touched(moved: Moved) -> None:
    assert moved.status == ""
    assert moved.repo.dsv("check", "HEAD")


def test_again_there_is_nothing_to_do(moved: Moved) -> None:
    assert moved.again.strip() == "everything is registered"
    assert moved.calls_again == 0


def test_the_local_id_still_leads_to_the_version(moved: Moved) -> None:
    former = moved.local["pets", "1.3"]["id"]
    assert moved.id(("pets", "1.3")) in moved.repo.dsv("show", "pets@1.3")
    script = "import dsv_git, sys; print(dsv_git.load('pets', id=sys.argv[1]).id)"
    told = moved.repo.run(sys.executable, "-c", script, former).stdout
    assert told.strip() == moved.id(("pets", "1.3"))


def test_back_to_the_local_registry(clearml_repo: Repo, server: ClearMLServer) -> None:
    clearml_repo.write("data/a.txt", "a")
    clearml_repo.dsv("add", "data", "--name", "pets")
    clearml_repo.commit("Add pets")
    clearml_repo.write("data/b.txt", "b")
    clearml_repo.dsv("update", "pets")
    clearml_repo.commit("More")
    before = records(clearml_repo)
    configure(clearml_repo, "local")
    clearml_repo.commit("Register here")
    server.stop()
    clearml_repo.dsv("sync")
    after = records(clearml_repo)
    for name, record in after.items():
        assert record["registry"] == "local"
        assert record["id"] == f"local:{record['key'][:32]}"
        assert record["former_ids"] == [before[name]["id"]]
    (parent,) = after["pets", "1.1"]["parents"]
    assert parent["id"] == after["pets", "1.0"]["id"]
    assert clearml_repo.status == ""
    assert clearml_repo.dsv("sync").strip() == "everything is registered"


def test_there_and_back_again_takes_up_the_same_ids(
    clearml_repo: Repo, server: ClearMLServer
) -> None:
    clearml_repo.write("data/a.txt", "a")
    clearml_repo.dsv("add", "data", "--name", "pets")
    clearml_repo.commit("Add pets")
    before = records(clearml_repo)
    for registry in ("local", "clearml"):
        configure(clearml_repo, registry)
        clearml_repo.commit(f"Register: {registry}")
        clearml_repo.dsv("sync")
    after = records(clearml_repo)
    assert after["pets", "1.0"]["id"] == before["pets", "1.0"]["id"]
    local = f"local:{after['pets', '1.0']['key'][:32]}"
    assert after["pets", "1.0"]["former_ids"] == [local]
    assert len(server.tasks) == 1
