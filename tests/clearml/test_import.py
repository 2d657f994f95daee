"""`dsv import clearml:ID`: the versions of plain ClearML code, with their IDs and their lineage."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.clearml.sdk import sdk
from tests.clearml_server import ClearMLServer, Way
from tests.conftest import ANY_CONTENT, Repo, new_repo

PROJECT = "Dataset/Object Detection"
VERSIONS = {
    "1.0-kaggle": ("downloaded", ()),
    "1.0-youtube": ("frames of videos", ()),
    "1.1-youtube": ("drop duplicates", ("1.0-youtube",)),
    "1.0": ("merged", ("1.0-kaggle", "1.1-youtube")),
}
LISTS = {
    "1.0-kaggle": ("kaggle/cat/0.jpg", "kaggle/dog/0.jpg"),
    "1.0-youtube": ("youtube/cat/0.jpg", "youtube/taxi/0.jpg", "youtube/taxi/1.jpg"),
    "1.1-youtube": ("youtube/cat/0.jpg", "youtube/taxi/0.jpg"),
}
LISTS["1.0"] = (*LISTS["1.0-kaggle"], *LISTS["1.1-youtube"])

ARTICLE = """
versions, lists = {versions!r}, Path({lists!r})
ids = {{}}
for version, (description, parents) in versions.items():
    task = Task.init(
        project_name={project!r}, task_name="obj-detect", reuse_last_task_id=False,
        task_type=Task.TaskTypes.data_processing, **QUIET,
    )
    made = Dataset.create(
        dataset_name="obj-detect", dataset_project={project!r}, dataset_version=version,
        parent_datasets=[ids[parent] for parent in parents],
        description=description, use_current_task=True,
    )
    task.set_user_properties(
        data_path=str(lists / f"{{version}}.csv"), files=9, script="scripts/make.py",
        source="https://example.org/" + version,
    )
    made.add_tags(["approved"])
    made.finalize()
    task.close()
    ids[version] = made.id
tell(**ids)
"""


@dataclass(frozen=True)
class Article:
    """A team that kept its four versions with plain ClearML code, and their IDs."""

    server: ClearMLServer
    repo: Repo
    ids: dict[str, str]

    def record(self, version: str) -> dict[str, Any]:
        """A version's record at HEAD."""
        found: dict[str, Any] = json.loads(
            self.repo.git("show", f"HEAD:manifests/all/versions/{version}.json")
        )
        return found


def team(folder: Path, server: ClearMLServer) -> Repo:
    repo = new_repo(folder / "team", folder / "home")
    repo.env.update(server.environment)
    repo.dsv("init", "--registry", "clearml")
    repo.write(".dsv.yaml", f"registry: clearml\nsamples: 0\n{ANY_CONTENT}")
    repo.write(".gitignore", "/data/\n")
    repo.commit("Set up")
    return repo


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Article]:
    folder = tmp_path_factory.mktemp("article")
    with ClearMLServer() as server:
        repo = team(folder, server)
        lists = repo.path / "data/lists"
        for version, paths in LISTS.items():
            rows = "".join(f"{path},{path.split('/')[1]}\n" for path in paths)
            repo.write(f"data/lists/{version}.csv", f"path,label\n{rows}")
            for path in paths:
                repo.write(f"data/{path}", path)
        script = ARTICLE.format(versions=VERSIONS, lists=str(lists), project=PROJECT)
        ids = {**sdk(server, folder / "sdk", script)}
        before = {one: repr(task) for one, task in server.tasks.items()}
        repo.dsv("import", f"clearml:{ids['1.0']}", "--name", "all", "--root", "data")
        assert {one: repr(task) for one, task in server.tasks.items()} == before
        yield Article(server, repo, ids)


def test_the_four_versions_keep_their_ids_and_parents(article: Article) -> None:
    for version, (_, parents) in VERSIONS.items():
        record = article.record(version)
        assert record["id"] == article.ids[version]
        assert [(p["version"], p["id"]) for p in record["parents"]] == sorted(
            (parent, article.ids[parent]) for parent in parents
        )


def manifest(repo: Repo, version: str) -> str:
    """`manifest.yaml` of the version that the import made."""
    commit = repo.git("log", "--format=%H", "--grep", f"^all {version}:")
    return repo.git("show", f"{commit}:manifests/all/manifest.yaml")


def test_each_version_is_a_commit_that_says_what_clearml_said(article: Article) -> None:
    repo = article.repo
    log = repo.git("log", "--reverse", "--format=%s|%an", "HEAD~4..HEAD").splitlines()
    assert log == [f"all {v}: {text}|Ada" for v, (text, _) in VERSIONS.items()]
    for version, (description, parents) in VERSIONS.items():
        text = manifest(repo, version)
        assert f"description: {description}\n" in text
        assert f"project: {PROJECT}\n" in text
        assert "tags: [approved]\n" in text
        assert f"source: https://example.org/{version}\n" in text
        assert [f"  - all@{p}" in text for p in parents] == [True] * len(parents)
        for ours in ("data_path", "files: 9"):
            assert ours not in text
    assert repo.status == ""


def test_the_list_that_data_path_names_is_followed(article: Article) -> None:
    repo = article.repo
    for version, paths in LISTS.items():
        commit = repo.git("log", "--format=%H", "--grep", f"^all {version}:")
        rows = repo.git("show", f"{commit}:manifests/all/files/_.jsonl").splitlines()
        found = [json.loads(row) for row in rows]
        assert {row["path"]: row["label"] for row in found} == {
            path: path.split("/")[1] for path in paths
        }
        assert all(row["hash"].startswith("xxh3:") for row in found)


def test_nothing_is_registered_again_here_or_in_a_second_clone(
    article: Article, tmp_path: Path
) -> None:
    repo, before = article.repo, set(article.server.tasks)
    assert repo.dsv("sync") == "everything is registered\n"
    repo.dsv("doctor", "--remote")
    repo.git("clone", "-q", str(repo.path), str(tmp_path / "second"))
    second = Repo(tmp_path / "second", repo.env)
    assert second.dsv("sync") == "everything is registered\n"
    assert repo.dsv("restore", "all@1.0-kaggle", "--registry").endswith("are there already\n")
    assert set(article.server.tasks) == before


def test_the_next_version_has_the_adopted_one_as_parent_in_clearml(
    article: Article, tmp_path: Path
) -> None:
    repo = article.repo
    repo.git("clone", "-q", str(repo.path), str(tmp_path / "next"))
    mine = Repo(tmp_path / "next", repo.env)
    mine.git("config", "user.name", "Ada")
    mine.git("config", "user.email", "ada@example.org")
    mine.dsv("init")
    for path in (*LISTS["1.0"], "youtube/taxi/1.jpg"):
        mine.write(f"data/{path}", path)
    mine.write("data/kaggle/cat/9.jpg", "new")
    said = mine.dsv("update", "all")
    assert "+1 added" in said, "what 1.1-youtube left out stays out"
    mine.commit("Add one")
    record = json.loads(mine.git("show", "HEAD:manifests/all/versions/1.1.json"))
    assert record["parents"] == [{"id": article.ids["1.0"], "manifest": "all", "version": "1.0"}]
    script = f"""
    found = Dataset.get(dataset_id={record["id"]!r})
    tell(parents=found._dependency_graph, files=sorted(found.list_files()))
    """
    told = sdk(article.server, tmp_path / "sdk", script)
    ids = article.ids
    graph, ids = told["parents"], article.ids
    assert graph[record["id"]] == [ids["1.0"]]
    assert sorted(graph[ids["1.0"]]) == sorted([ids["1.0-kaggle"], ids["1.1-youtube"]])
    assert graph[ids["1.1-youtube"]] == [ids["1.0-youtube"]]
    assert told["files"] == sorted([*LISTS["1.0"], "kaggle/cat/9.jpg"])


STORED = """
folder = here / "pets"
(folder / "cat").mkdir(parents=True)
(folder / "cat/0.txt").write_text("meow")
(folder / "1.txt").write_text("one")
first = Dataset.create(dataset_name="pets", dataset_project="Vision", dataset_version="1.0.0")
first.add_files(folder)
first.upload(show_progress=False)
first.finalize()
(folder / "1.txt").unlink()
(folder / "2.txt").write_text("two")
second = Dataset.create(
    dataset_name="pets", dataset_project="Vision", parent_datasets=[first.id],
)
second.sync_folder(folder)
second.upload(show_progress=False)
second.finalize()
links = Dataset.create(dataset_name="links", dataset_project="Vision", dataset_version="1.0")
links.add_external_files(f"file://{folder}/")
links.upload(show_progress=False)
links.finalize()
opened = Dataset.create(dataset_name="open", dataset_project="Vision", dataset_version="1.0")
for _ in range(2):
    twin = Dataset.create(dataset_name="twins", dataset_project="Vision", dataset_version="1.0")
    (folder / f"{twin.id}.txt").write_text(twin.id)
    twin.add_files(folder / f"{twin.id}.txt")
    twin.upload(show_progress=False)
    twin.finalize()
    (folder / f"{twin.id}.txt").unlink()
orphan = Dataset.create(dataset_name="orphans", dataset_project="Vision", dataset_version="1.0")
orphan.finalize()
child = Dataset.create(
    dataset_name="orphans", dataset_project="Vision", parent_datasets=[orphan.id],
)
child.add_files(folder)
child.upload(show_progress=False)
child.finalize()
Dataset.delete(orphan.id, force=True)
(here / "bucket").mkdir()
away = Dataset.create(
    dataset_name="away", dataset_project="Vision", output_uri=f"file://{here}/bucket",
)
away.add_files(folder)
away.upload(show_progress=False)
away.finalize()
tell(
    first=first.id, second=second.id, links=links.id, opened=opened.id,
    orphan=orphan.id, child=child.id, away=away.id,
)
"""


@dataclass(frozen=True)
class Stored:
    """Versions whose files ClearML stores, or links to."""

    server: ClearMLServer
    folder: Path
    ids: dict[str, str]
    repo: Repo


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stored]:
    folder = tmp_path_factory.mktemp("stored")
    with ClearMLServer() as server:
        ids = {**sdk(server, folder / "sdk", STORED)}
        yield Stored(server, folder / "sdk/pets", ids, team(folder, server))


@pytest.fixture
def repo(stored: Stored) -> Repo:
    """The team's repository as it was before any import."""
    found = stored.repo
    found.git("switch", "-q", "-f", "main")
    found.git("reset", "-q", "--hard", ":/Set up")
    found.git("clean", "-q", "-fdx")
    return found


def test_files_that_clearml_stores_are_entries_with_its_hashes(stored: Stored, repo: Repo) -> None:
    calls = len(stored.server.calls)
    said = json.loads(
        repo.dsv("import", "--project", "Vision", "--dataset", "pets", "--name", "pets", "--json")
    )
    assert [one["id"] for one in said["versions"]] == [stored.ids["first"], stored.ids["second"]]
    rows = repo.git("show", "HEAD:manifests/pets/files/_.jsonl").splitlines()
    two = "sha256:" + hashlib.sha256(b"two").hexdigest()
    assert json.loads(rows[0]) == {"path": "2.txt", "size": 3, "hash": two}
    assert not any(".zip" in str(call) for call in stored.server.calls[calls:])
    assert repo.dsv("sync") == "everything is registered\n"
    shutil.copytree(stored.folder, repo.path / "data/pets")
    assert "the data is what the manifest says" in repo.dsv("update", "pets")


def test_links_without_a_hash_are_hashed_where_the_data_is(stored: Stored, repo: Repo) -> None:
    typed = ("import", f"clearml:{stored.ids['links']}", "--name", "links")
    refused = repo.dsv_result(*typed)
    assert refused.returncode == 2
    assert "2 of 2 files of 1.0 lack size or hash" in refused.stderr
    assert "--root" in refused.stderr
    repo.dsv(*typed, "--root", str(stored.folder))
    assert "the data is what the manifest says" in repo.dsv("update", "links")


def test_two_versions_of_one_name_are_told_apart(stored: Stored, repo: Repo) -> None:
    repo.dsv("import", "--project", "Vision", "--dataset", "twins", "--name", "twins")
    files = repo.git("ls-tree", "--name-only", "HEAD:manifests/twins/versions").splitlines()
    assert len(files) == 2
    assert all(file.startswith("1.0") for file in files)
    assert repo.dsv("sync") == "everything is registered\n"
    repo.dsv("check", "HEAD")


def test_a_parent_that_was_deleted_in_clearml_stays_named(stored: Stored, repo: Repo) -> None:
    said = repo.dsv("import", f"clearml:{stored.ids['child']}", "--name", "pets")
    orphan = stored.ids["orphan"]
    assert f"note: {orphan}, a parent of 1.1, is not in ClearML any more" in said
    assert f"  - clearml:{orphan}\n" in (repo.path / "manifests/pets/manifest.yaml").read_text()
    assert repo.dsv("sync") == "everything is registered\n"


def test_what_clearml_keeps_in_a_store_is_read_from_there(stored: Stored, repo: Repo) -> None:
    bucket = stored.folder.parent / "bucket"
    assert list(bucket.rglob("state.json"))
    cache = {"CLEARML_CACHE_DIR": str(stored.folder.parent / "cache")}
    typed = ("import", f"clearml:{stored.ids['away']}", "--name", "away")
    repo.dsv(*typed, env=cache)
    assert len(repo.git("show", "HEAD:manifests/away/files/_.jsonl").splitlines()) == 2
    repo.git("reset", "-q", "--hard", "HEAD~1")
    shutil.rmtree(bucket)
    shutil.rmtree(cache["CLEARML_CACHE_DIR"])
    lost = repo.dsv_result(*typed, env=cache)
    assert (lost.returncode, "cannot be read" in lost.stderr) == (4, True), lost.stderr


def test_what_the_source_decides_is_no_option(stored: Stored, repo: Repo) -> None:
    typed = ("import", f"clearml:{stored.ids['first']}", "--name", "pets", "--project", "Other")
    assert "--project cannot be given here" in repo.dsv_result(*typed).stderr


@pytest.mark.parametrize(
    ("said", "name", "what"),
    [
        ("opened", "x", "is not finalized in ClearML"),
        ("f" * 32, "x", "ClearML has no version"),
        ("first", "x y", "not a manifest's name"),
    ],
)
def test_what_cannot_be_imported_is_refused_with_nothing_written(
    stored: Stored, repo: Repo, said: str, name: str, what: str
) -> None:
    head = repo.git("rev-parse", "HEAD")
    one = stored.ids.get(said, said)
    done = repo.dsv_result("import", f"clearml:{one}", "--name", name)
    assert (done.returncode, what in done.stderr) == (2, True), done.stderr
    assert (repo.git("rev-parse", "HEAD"), repo.status) == (head, "")


def test_a_repository_that_cannot_take_commits_now_is_left_alone(
    stored: Stored, repo: Repo
) -> None:
    typed = ("import", f"clearml:{stored.ids['first']}", "--name", "pets")
    repo.write("manifests/x/note.txt", "x")
    assert "manifests/x/note.txt is not committed" in repo.dsv_result(*typed).stderr
    (repo.path / "manifests/x/note.txt").unlink()
    repo.git("switch", "-q", "--detach")
    assert "HEAD is detached" in repo.dsv_result(*typed).stderr
    repo.git("switch", "-q", "main")
    repo.write(".dsv.yaml", "registry: local\n")
    assert "write registry: clearml" in repo.dsv_result(*typed).stderr
    repo.git("checkout", "-q", ".dsv.yaml")
    repo.write("code.py", "staged")
    repo.git("add", "code.py")
    repo.write("code.py", "and changed")
    repo.dsv(*typed)
    assert repo.status == "AM code.py"
    assert "is there already" in repo.dsv_result(*typed).stderr


def test_an_import_that_fails_half_way_leaves_nothing(stored: Stored, repo: Repo) -> None:
    refs = repo.git("for-each-ref")
    typed = ("import", f"clearml:{stored.ids['second']}", "--name", "pets")
    stored.server.fail(5, Way.ERROR)
    assert repo.dsv_result(*typed).returncode == 4
    stored.server.heal()
    assert (repo.git("for-each-ref"), repo.status) == (refs, "")


def test_a_version_that_others_made_is_never_archived_for_another(
    stored: Stored, repo: Repo
) -> None:
    one = stored.ids["second"]
    repo.dsv("import", f"clearml:{one}", "--name", "pets")
    shutil.copytree(stored.folder, repo.path / "data/pets")
    repo.write("data/pets/3.txt", "three")
    repo.dsv("update", "pets", "--same-version")
    repo.commit("Another content")
    assert "with other content" in repo.dsv_result("sync").stdout
    assert "archived" not in stored.server.tasks[one]["system_tags"]
