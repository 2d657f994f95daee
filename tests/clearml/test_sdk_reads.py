"""The unmodified ClearML package reads what a commit registered, and builds on it."""

from __future__ import annotations

import functools
import http.server
import json
import logging
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.clearml.reading import Json, Version, git
from tests.clearml.sdk import sdk
from tests.clearml_server import ClearMLServer
from tests.conftest import ANY_CONTENT, Repo, new_repo

NAMES = [
    "plain.txt",
    "a b.txt",
    "two  spaces.txt",
    "c#d.txt",
    "e%20f.txt",
    "100%.txt",
    "g?h.txt",
    "i+j.txt",
    "k,l.txt",
    "grüße.txt",
    "日本/深い 所/x.txt",
    "quote's\".txt",
    "~t.txt",
    "a&b=c;d.txt",
    "[x] {y} w*.txt",
    "$HOME.txt",
    ":c.txt",
]
"""Names that URLs, shells and tables take apart."""


def text(name: str) -> str:
    return f"content of {name}"


def latin(data: str) -> str:
    """Text as a told file has it: a character a byte."""
    return data.encode().decode("latin-1")


def registered(repo: Repo, server: ClearMLServer, manifest: str, version: str) -> Version:
    """The version that the last commit holds."""
    return Version(server, repo.path, repo.git("rev-parse", "HEAD"), manifest, version)


def edit(repo: Repo, manifest: str, before: str, after: str) -> None:
    """Edits `manifest.yaml` by hand."""
    place = repo.path / "manifests" / manifest / "manifest.yaml"
    now = place.read_text()
    assert before in now
    place.write_text(now.replace(before, after))


# Wherever the data lies


@dataclass(frozen=True)
class Store:
    """A store on loopback that has the files of NAMES below `youtube v1/`."""

    urls: Mapping[str, str]
    configuration: str
    variables: Mapping[str, str]


@pytest.fixture(scope="module")
def bucket() -> Iterator[tuple[str, int]]:
    """An S3 server with the files in the bucket `lake`."""
    boto3 = pytest.importorskip("boto3")
    moto = pytest.importorskip("moto.server")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{host}:{port}",
        aws_access_key_id="ada",
        aws_secret_access_key="lovelace",  # noqa: S106
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="lake")
    for name in NAMES:
        client.put_object(Bucket="lake", Key=f"youtube v1/{name}", Body=text(name).encode())
    client.close()
    yield host, port
    server.stop()


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A web server with the files; its address."""
    folder = tmp_path_factory.mktemp("web")
    for name in NAMES:
        place = folder / "youtube v1" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text(name))

    class Silent(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    handler = functools.partial(Silent, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def copies(
    bucket: tuple[str, int], web: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Version]]]:
    """One version for each kind of place, and what the package read of it."""
    folder = tmp_path_factory.mktemp("places")
    host = f"{bucket[0]}:{bucket[1]}"
    urls = {
        "folder": "",
        "s3": "s3://lake/youtube v1",
        "s3-host": f"s3://{host}/lake/youtube v1/",
        "http": f"{web}/youtube%20v1",
    }
    credentials = f'host: "{host}", key: "ada", secret: "lovelace", secure: false'
    configuration = f"sdk {{ aws {{ s3 {{ credentials: [ {{ {credentials} }} ] }} }} }}"
    variables = {
        "AWS_ACCESS_KEY_ID": "ada",
        "AWS_SECRET_ACCESS_KEY": "lovelace",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}",
    }
    with ClearMLServer() as server:
        repo = new_repo(folder / "a team", folder / "home")
        repo.env.update(server.environment)
        repo.dsv("init", "--registry", "clearml")
        repo.write(".dsv.yaml", f"registry: clearml\nsamples: 12\n{ANY_CONTENT}")
        for name in NAMES:
            repo.write(f"data/{name}", text(name))
        for kind, url in urls.items():
            repo.dsv("add", "data", "--name", f"set-{kind}")
            if url:
                edit(repo, f"set-{kind}", "  root: data\n", f"  root: data\n  url: {url}\n")
        repo.commit("Add the sets")
        versions = {kind: registered(repo, server, f"set-{kind}", "1.0") for kind in urls}
        ids = {kind: version.id for kind, version in versions.items()}
        script = f"""
        told = {{}}
        for kind, id in {ids!r}.items():
            found = Dataset.get(dataset_id=id)
            told[kind] = [sorted(found.list_files()), contents(found.get_local_copy())]
        tell(**told)
        """
        yield sdk(server, folder / "sdk", script, configuration, **variables), versions


@pytest.mark.parametrize("kind", ["folder", "s3", "s3-host", "http"])
class TestLocalCopies:
    """From a folder, from S3 by the usual variables, from S3 by a host in clearml.conf, by HTTP."""

    def test_every_name_is_listed(self, copies: Any, kind: str) -> None:
        told, _ = copies
        assert told[kind][0] == sorted(NAMES)

    @pytest.mark.parametrize("name", NAMES)
    def test_a_file_comes_back_byte_for_byte(self, copies: Any, kind: str, name: str) -> None:
        told, _ = copies
        assert told[kind][1].get(name) == latin(text(name))

    def test_nothing_else_comes(self, copies: Any, kind: str) -> None:
        told, _ = copies
        assert set(told[kind][1]) == set(NAMES)


def test_an_address_is_quoted_for_the_web_alone(copies: Any) -> None:
    _, versions = copies
    links = {
        kind: {e["relative_path"]: e["link"] for e in version.state["dataset_link_entries"]}
        for kind, version in versions.items()
    }
    name = "c#d.txt"
    assert links["folder"][name].endswith(f"/a team/data/{name}")
    assert links["s3"][name] == f"s3://lake/youtube v1/{name}"
    assert links["http"][name].endswith(f"/youtube%20v1/{quote(name)}")


def test_the_path_that_is_told_is_the_shared_one(copies: Any) -> None:
    _, versions = copies
    assert versions["s3"].properties["data_path"] == "s3://lake/youtube v1"


# A history


@dataclass(frozen=True)
class History:
    """1.0 and its child 1.1, one that this package made, and what it told."""

    server: ClearMLServer
    repo: Repo
    first: Version
    second: Version
    merged: Version
    told: Mapping[str, Any]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    folder = tmp_path_factory.mktemp("history")
    with ClearMLServer() as server:
        repo = new_repo(folder / "team", folder / "home")
        repo.env.update(server.environment)
        repo.dsv("init", "--registry", "clearml")
        repo.write(".dsv.yaml", f"registry: clearml\nsamples: 12\n{ANY_CONTENT}")
        names = ["--project", "Vision/Pets", "--dataset", "pets"]
        for name in ("stays", "goes", "grows", "turns"):
            repo.write(f"data/pets/{name}.txt", name)
        repo.dsv("add", "data/pets", "--name", "pets", *names)
        repo.commit("Add pets")
        first = registered(repo, server, "pets", "1.0")
        (repo.path / "data/pets/goes.txt").unlink()
        repo.write("data/pets/grows.txt", "grows and grows")
        repo.write("data/pets/turns.txt", "snrut")
        repo.write("data/pets/comes.txt", "comes")
        repo.dsv("update", "pets")
        repo.commit("Change pets")
        second = registered(repo, server, "pets", "1.1")
        repo.write("data/birds/stays.txt", "another that stays")
        repo.dsv("add", "data/birds", "--name", "birds", "--version", "b1", *names)
        repo.commit("Add birds")
        repo.dsv("merge", "pets", "birds", "--into", "all", "--version", "2.0", *names)
        repo.commit("Merge")
        merged = registered(repo, server, "all", "2.0")
        told = sdk(
            server,
            folder / "sdk",
            f"""
            by_id = Dataset.get(dataset_id={second.id!r})
            by_name = Dataset.get(
                dataset_project="Vision/Pets", dataset_name="pets", dataset_version="1.1"
            )
            merged = Dataset.get(dataset_id={merged.id!r})
            child = Dataset.create(
                dataset_name="pets", dataset_project="Vision/Pets", dataset_version="9.0",
                parent_datasets=[{second.id!r}],
            )
            (here / "more").mkdir()
            (here / "more" / "own.txt").write_text("own")
            child.add_files(str(here / "more"))
            child.remove_files("stays.txt")
            child.upload()
            child.finalize()
            again = Dataset.get(dataset_id=child.id)
            # A local copy takes the ancestors that own no file out of the package's own graph.
            graphs = [one.get_dependency_graph() for one in (by_id, merged, again)]
            writable = by_id.get_mutable_local_copy(str(here / "writable"))
            tell(
                by_name=by_name.id, id=by_id.id, name=by_id.name, project=by_id.project,
                version=by_id.version, final=by_id.is_final(),
                files=by_id.list_files(),
                added=by_id.list_added_files(),
                removed=by_id.list_removed_files(),
                modified=by_id.list_modified_files(),
                copy=contents(by_id.get_local_copy()),
                writable=contents(writable),
                listed=[[d["id"], d["version"], d["project"]] for d in
                        Dataset.list_datasets(dataset_project="Vision/Pets", only_completed=True)],
                tags=by_id.tags,
                merged=contents(merged.get_local_copy()),
                child=child.id,
                child_copy=contents(again.get_local_copy()),
                graphs=graphs,
            )
            """,
        )
        yield History(server, repo, first, second, merged, told)


SECOND = {
    "stays.txt": "stays",
    "grows.txt": "grows and grows",
    "turns.txt": "snrut",
    "comes.txt": "comes",
}


def test_a_version_is_got_by_its_id(history: History) -> None:
    told = history.told
    assert (told["id"], told["name"], told["version"]) == (history.second.id, "pets", "1.1")
    assert (told["project"], told["final"]) == ("Vision/Pets", True)


def test_a_version_is_got_by_project_name_and_version(history: History) -> None:
    assert history.told["by_name"] == history.second.id


def test_versions_are_listed(history: History) -> None:
    told = {tuple(one) for one in history.told["listed"]}
    assert {
        (history.first.id, "1.0", "Vision/Pets"),
        (history.second.id, "1.1", "Vision/Pets"),
        (history.merged.id, "2.0", "Vision/Pets"),
    } <= told


def test_files_are_listed(history: History) -> None:
    assert history.told["files"] == sorted(SECOND)


def test_added_and_removed_files_are_told_from_the_parent(history: History) -> None:
    assert history.told["added"] == ["comes.txt"]
    assert history.told["removed"] == ["goes.txt"]


def test_modified_files_are_told_where_their_size_changed(history: History) -> None:
    """The package compares the sizes of linked files, never their hashes: our own numbers count
    every one of them."""
    assert history.told["modified"] == ["grows.txt"]
    assert history.second.runtime["ds_change_modify"] == 2


def test_a_local_copy_has_every_file(history: History) -> None:
    assert history.told["copy"] == SECOND
    assert history.told["writable"] == SECOND


def test_the_package_knows_the_lineage(history: History) -> None:
    graph = history.told["graphs"][0]
    assert graph == {history.second.id: [history.first.id], history.first.id: []}


def test_a_merged_version_of_several_roots_is_copied_whole(history: History) -> None:
    wanted = {f"pets/{name}": data for name, data in SECOND.items()}
    assert history.told["merged"] == {**wanted, "birds/stays.txt": "another that stays"}


def test_a_merged_version_has_both_parents(history: History) -> None:
    graph = history.told["graphs"][1]
    assert history.second.id in graph[history.merged.id]
    assert len(graph[history.merged.id]) == 2
    assert len(graph) == 4


def test_the_package_makes_a_child_of_our_version(history: History) -> None:
    wanted = {name: data for name, data in SECOND.items() if name != "stays.txt"}
    assert history.told["child_copy"] == {**wanted, "own.txt": "own"}
    assert history.told["graphs"][2][history.told["child"]] == [history.second.id]


def test_the_page_of_such_a_child_shows_our_lineage_whole(history: History) -> None:
    child = history.told["child"]
    text = history.server.tasks[child]["configuration"]["Dataset Struct"]["value"]
    nodes = json.loads(text)
    told = {n["job_id"]: [nodes[p]["job_id"] for p in n["parents"]] for n in nodes.values()}
    first, second = history.first.id, history.second.id
    assert told == {child: [second], second: [first], first: []}


def test_the_package_leaves_our_version_as_it_was(history: History) -> None:
    assert history.second.task["status"] == "completed"
    assert history.second.properties["git_commit"] == history.second.commit


# A parent that plain ClearML code made


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Version, Any]]:
    folder = tmp_path_factory.mktemp("foreign")
    with ClearMLServer() as server:
        made = sdk(
            server,
            folder / "sdk",
            """
            def version(number, parents, name):
                made = Dataset.create(
                    dataset_name="raw", dataset_project="Elsewhere", dataset_version=number,
                    parent_datasets=parents,
                )
                (here / name).mkdir()
                (here / name / f"{name}.txt").write_text(name)
                made.add_files(str(here / name))
                made.upload(); made.finalize()
                return made.id
            first = version("0.1", [], "one")
            second = version("0.2", [first], "two")
            tell(first=first, second=second)
            """,
        )
        repo = new_repo(folder / "team", folder / "home")
        repo.env.update(server.environment)
        repo.dsv("init", "--registry", "clearml")
        repo.write(".dsv.yaml", f"registry: clearml\nsamples: 12\n{ANY_CONTENT}")
        repo.write("data/own.txt", "own")
        parent = f"clearml:{made['second']}"
        repo.dsv("add", "data", "--name", "pets", "--parent", parent, "--project", "Vision")
        repo.commit("Add pets")
        ours = registered(repo, server, "pets", "1.0")
        script = f"""
        found = Dataset.get(dataset_id={ours.id!r})
        graph = found.get_dependency_graph()
        tell(copy=contents(found.get_local_copy()), graph=graph,
             removed=found.list_removed_files(), added=found.list_added_files())
        """
        yield made, ours, sdk(server, folder / "sdk2", script)


def test_a_version_of_plain_clearml_is_a_parent_with_all_its_ancestors(foreign: Any) -> None:
    made, ours, told = foreign
    wanted = {ours.id: [made["second"]], made["second"]: [made["first"]], made["first"]: []}
    assert told["graph"] == wanted
    assert ours.state["dependency_graph"] == wanted
    assert ours.struct == {one: tuple(parents) for one, parents in wanted.items()}


def test_ancestors_of_plain_clearml_keep_their_names_on_the_page(foreign: Any) -> None:
    made, ours, _ = foreign
    nodes = json.loads(ours.task["configuration"]["Dataset Struct"]["value"])
    named = {node["job_id"]: (node["name"], node["version"]) for node in nodes.values()}
    assert named[made["first"]] == ("raw", "0.1")
    assert named[made["second"]] == ("raw", "0.2")
    assert all(isinstance(node["job_size"], int) for node in nodes.values())


def test_its_record_names_the_foreign_parent_by_its_id(foreign: Any) -> None:
    made, ours, _ = foreign
    assert [one["id"] for one in ours.record["parents"]] == [f"clearml:{made['second']}"]


def test_a_copy_of_a_child_of_plain_clearml_has_its_own_files(foreign: Any) -> None:
    _, _, told = foreign
    assert told["copy"] == {"own.txt": "own"}
    assert (told["removed"], told["added"]) == (["one.txt", "two.txt"], ["own.txt"])


# A clone's own root


def everything(version: Version) -> str:
    """All that the server holds of a version, as text."""
    sent: list[Json | str] = [version.task, *version.events("plot")]
    sent += [version.stored(version.artifact(key)["uri"]).decode("latin-1") for key in ("state",)]
    return json.dumps(sent, default=str)


def test_an_override_of_the_root_is_in_no_link_and_nowhere_else(
    clearml_repo: Repo, server: ClearMLServer, tmp_path: Path
) -> None:
    nas = tmp_path / "Volumes" / "secret-nas"
    nas.mkdir(parents=True)
    (nas / "a.txt").write_text("a")
    clearml_repo.write("data/pets/a.txt", "a")
    clearml_repo.dsv("add", "data/pets", "--name", "pets")
    clearml_repo.git("config", "dsv.pets.root", str(nas))
    clearml_repo.commit("Add pets")
    version = registered(clearml_repo, server, "pets", "1.0")
    (link,) = version.state["dataset_link_entries"]
    assert link["link"] == f"file://{clearml_repo.path}/data/pets/a.txt"
    assert "secret-nas" not in everything(version)
    assert git(clearml_repo.path, "grep", "-c", "pets", "HEAD", "--", "manifests")


def test_samples_are_read_below_the_override(
    clearml_repo: Repo, server: ClearMLServer, tmp_path: Path
) -> None:
    nas = tmp_path / "nas"
    nas.mkdir()
    picture = Path(__file__).parents[2] / "dsv_git/demo/images/kaggle/train/cat/img_0001.jpg"
    (nas / "a.jpg").write_bytes(picture.read_bytes())
    (clearml_repo.path / "data").mkdir()
    clearml_repo.git("config", "dsv.pets.root", str(nas))
    clearml_repo.write("data/a.jpg", picture.read_bytes())
    clearml_repo.dsv("add", "data", "--name", "pets")
    (clearml_repo.path / "data/a.jpg").unlink()
    clearml_repo.commit("Add pets")
    assert len(registered(clearml_repo, server, "pets", "1.0").samples) == 1
