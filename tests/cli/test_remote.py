"""`dsv add`, `status` and `update` of data in a bucket, typed as a person types them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xxhash

import dsv_git
from dsv_git.errors import InputError
from tests.conftest import ANY_CONTENT, Repo
from tests.stores import Store, s3, web

SOME = {f"train/{label}/{n}.jpg": f"{label} {n}".encode() for label in ("cat", "dog") for n in "12"}


@pytest.fixture
def lake() -> Iterator[Lake]:
    with s3() as store:
        yield Lake(store)


class Lake:
    """A bucket that a person fills with a tool of their own."""

    def __init__(self, store: Store) -> None:
        import boto3

        self.store = store
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=store.url,
            aws_access_key_id="other",
            aws_secret_access_key="tool",  # noqa: S106
            region_name="us-east-1",
        )
        self.client.create_bucket(Bucket="lake")

    def put(self, files: dict[str, bytes], folder: str = "pets") -> None:
        for path, content in files.items():
            self.client.put_object(Bucket="lake", Key=f"{folder}/{path}", Body=content)

    def asked(self) -> list[str]:
        """The methods of the requests since the last call."""
        found = ["LIST" if "list-type" in path else method for method, path in self.store.asked]
        self.store.asked.clear()
        return sorted(found)


@pytest.fixture
def team(repo: Repo, lake: Lake) -> Repo:
    repo.env.update(lake.store.env)
    repo.dsv("init", "--registry", "local")
    repo.write(".dsv.yaml", f"registry: local\n{ANY_CONTENT}")
    return repo


def added(team: Repo, lake: Lake, *options: str) -> None:
    """The bucket's data as a committed manifest."""
    lake.put(SOME)
    team.dsv("add", "s3://lake/pets/", "-n", "pets", "--labels", "{split}/{label}/*", *options)
    team.commit("pets")
    lake.asked()


def rows(team: Repo) -> dict[str, dict[str, Any]]:
    """The entries, by path."""
    lists = (team.path / "manifests/pets/files").rglob("*.jsonl")
    lines = [line for one in lists for line in one.read_text().splitlines()]
    return {row["path"]: row for row in map(json.loads, lines)}


def looked_at(repo: Repo) -> tuple[str, int, int, int]:
    """How `dsv status` compared the data; what is new, gone and changed."""
    found = json.loads(repo.dsv("status", "--json"))["manifests"][0]["data"]
    return found["way"], found["new"], found["gone"], found["changed"]


def test_what_is_asked_is_one_listing_and_each_new_object_once(team: Repo, lake: Lake) -> None:
    lake.put(SOME)
    lake.asked()
    said = team.dsv("add", "s3://lake/pets/", "-n", "pets", "--labels", "{split}/{label}/*")
    assert "version 1.0, 4 files, 20 bytes, 2 labels" in said
    assert lake.asked() == ["GET"] * 4 + ["LIST"]
    assert team.status == "?? .dsv.yaml\n?? manifests/"
    assert "root: s3://lake/pets\n" in (team.path / "manifests/pets/manifest.yaml").read_text()
    row = rows(team)["train/cat/1.jpg"]
    assert row["hash"] == f"xxh3:{xxhash.xxh3_128_hexdigest(b'cat 1')}"
    assert (row["size"], row["label"], row["split"]) == (5, "cat", "train")
    team.commit("pets")
    lake.asked()

    assert looked_at(team) == ("known", 0, 0, 0)
    assert lake.asked() == ["LIST"]

    lake.put({"train/cat/1.jpg": b"CAT 1", "train/cat/9.jpg": b"nine"})
    lake.client.delete_object(Bucket="lake", Key="pets/train/dog/2.jpg")
    lake.asked()
    assert looked_at(team) == ("known", 1, 1, 1)
    assert lake.asked() == ["LIST"]

    assert "1.1" in team.dsv("update", "pets")
    assert lake.asked() == ["GET"] * 2 + ["LIST"]
    assert set(rows(team)) == set(SOME) - {"train/dog/2.jpg"} | {"train/cat/9.jpg"}
    assert rows(team)["train/cat/9.jpg"]["label"] == "cat"

    team.dsv("verify", "pets")
    lake.put({"train/cat/1.jpg": b"cat 1"})
    assert "train/cat/1.jpg" in team.dsv("verify", "pets", code=1)


def test_a_clone_compares_sizes_and_may_have_its_own_place(
    team: Repo, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    added(team, lake)
    team.git("clone", "-q", ".", "../clone")
    clone = Repo(team.path.parent / "clone", team.env)
    assert looked_at(clone)[0] == "size"
    assert lake.asked() == ["LIST"]
    for path, content in SOME.items():
        team.write(f"../mounted/{path}", content)
    clone.git("config", "dsv.pets.root", "../mounted")
    assert looked_at(clone) == ("size", 0, 0, 0)
    assert lake.asked() == []
    clone.git("config", "dsv.pets.root", "gs://lake/pets")
    assert "pip install 'dsv-git[gcs]'" in clone.dsv_result("doctor").stdout
    assert lake.asked() == []

    for name, value in team.env.items():
        monkeypatch.setenv(name, value)
    data = dsv_git.load("pets", repo=team.path)
    assert lake.asked() == ["LIST"]
    entry = data.entries[0]
    assert data.url(entry) == "s3://lake/pets/train/cat/1.jpg"
    with pytest.raises(InputError, match=r"use \.url\(entry\)"):
        data.path(entry)
    lake.put({"train/cat/3.jpg": b"three"})
    with pytest.raises(InputError, match="1 new files"):
        dsv_git.load("pets", repo=team.path)


def test_the_stores_own_checksums_are_taken_without_reading(team: Repo, lake: Lake) -> None:
    added(team, lake, "--hash", "etag")
    md5 = hashlib.md5(b"cat 1", usedforsecurity=False).hexdigest()
    assert rows(team)["train/cat/1.jpg"]["hash"] == f"etag:{md5}"
    assert "hash: etag" in (team.path / "manifests/pets/manifest.yaml").read_text()
    team.dsv("check")
    team.git("clone", "-q", ".", "../clone")
    clone = Repo(team.path.parent / "clone", team.env)
    lake.put({"train/cat/1.jpg": b"CAT 1"})
    lake.asked()
    assert looked_at(clone) == ("known", 0, 0, 1)
    assert lake.asked() == ["LIST"]
    team.dsv("update", "pets")
    assert lake.asked() == ["LIST"]
    assert rows(team)["train/cat/1.jpg"]["hash"] != f"etag:{md5}"

    for path, content in SOME.items():
        team.write(f"../mounted/{path}", content)
    team.git("config", "dsv.pets.root", "../mounted")
    assert looked_at(team) == ("size", 0, 0, 0)
    done = team.dsv_result("update", "pets")
    assert done.returncode == 2
    assert "there are no checksums to take in" in done.stderr


def test_an_add_that_was_cut_short_goes_on_where_it_stopped(team: Repo, lake: Lake) -> None:
    many = {f"{n}.jpg": bytes([n]) for n in range(40)}
    lake.put(many)
    team.git("config", "dsv.streams", "1")
    lake.asked()
    lake.store.before = lambda *_: 403 if len(lake.store.asked) > 25 else None
    done = team.dsv_result("add", "s3://lake/pets", "-n", "pets")
    assert done.returncode == 2, done.stderr
    assert "is refused" in done.stderr
    assert not (team.path / "manifests/pets").exists()
    lake.store.before = lambda *_: None
    lake.asked()
    team.dsv("add", "s3://lake/pets", "-n", "pets")
    assert lake.asked().count("GET") < 20
    assert len(rows(team)) == 40


def test_names_that_no_manifest_may_hold_are_left_out_and_said(team: Repo, lake: Lake) -> None:
    odd = ["a b+%&é=.jpg", "%41.jpg", "q?x#y.jpg", "train/"]
    unsafe = ["a//1.jpg", "../up.jpg", ".git/config", "./1.jpg"]
    lake.put({**dict.fromkeys(odd, b""), **dict.fromkeys(unsafe, b"x"), "1": b"1", "1/2": b"2"})
    done = team.dsv_result("add", "s3://lake/pets", "-n", "pets")
    assert done.returncode == 0, done.stderr
    assert "4 names are no safe paths and are left out: ../up.jpg" in done.stderr
    assert "1 object is a folder of others too and is left out: 1\n" in done.stderr
    assert set(rows(team)) == {*odd, "1/2"} - {"train/"}


UNREADABLE = [
    ("s3://nowhere/pets", "is not at s3://nowhere/pets"),
    ("s3://lake/nothing", "is not at s3://lake/nothing"),
    ("s3://ada:secret@lake/pets", "s3://…@lake/pets has credentials in it"),
    ("gs://lake/pets", "pip install 'dsv-git[gcs]'"),
    ("http://127.0.0.1:9/pets", "a web server does not list its files"),
]


def test_what_cannot_be_read_says_what_to_type(team: Repo, lake: Lake) -> None:
    lake.put(SOME)
    for root, said in UNREADABLE:
        done = team.dsv_result("add", root, "-n", "pets")
        assert done.returncode == 2, done.stderr
        assert said in done.stderr
        assert "secret" not in done.stderr
    assert not (team.path / "manifests/pets").exists()
    team.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
    done = team.dsv_result("add", "s3://lake/pets", "-n", "pets")
    assert done.returncode == 4
    assert "s3://lake/pets does not answer" in done.stderr


def test_a_table_of_labels_is_a_file_of_the_repository(team: Repo, lake: Lake) -> None:
    lake.put({**SOME, "labels.csv": b"path,label\n"})
    told = team.dsv_result("add", "s3://lake/pets", "-n", "pets", "--labels", "labels.csv")
    assert told.returncode == 2
    assert "there is no file labels.csv" in told.stderr
    team.write("labels.csv", "path,label\ntrain/cat/1.jpg,tabby\n")
    team.dsv("add", "s3://lake/pets", "-n", "pets", "--labels", "labels.csv")
    assert rows(team)["train/cat/1.jpg"]["label"] == "tabby"
    team.commit("pets")
    assert "as the manifest says" in team.dsv("status")


def test_files_of_a_web_server_are_those_that_the_manifest_names(
    team: Repo, tmp_path: Path
) -> None:
    served = tmp_path / "served"
    for path, content in SOME.items():
        (served / "data set" / path).parent.mkdir(parents=True, exist_ok=True)
        (served / "data set" / path).write_bytes(content)
    lines = [f"{p},{len(c)},xxh3:{xxhash.xxh3_128_hexdigest(c)}" for p, c in SOME.items()]
    team.write("list.csv", "\n".join(["path,size,hash", *lines]))
    with web(served) as store:
        url = f"{store.url}/data%20set"
        team.dsv("import", "list.csv", "-n", "pets", "--root", url)
        found = json.loads(team.dsv("status", "--json"))["manifests"][0]["data"]
        assert (found["way"], found["new"], found["gone"], found["changed"]) == ("size", 0, 0, 0)
        assert [method for method, _ in store.asked] == ["HEAD"] * 4
        (served / "data set/train/cat/1.jpg").write_bytes(b"another cat")
        (served / "data set/train/cat/2.jpg").unlink()
        team.dsv("update", "pets")
        assert {path: row["size"] for path, row in rows(team).items()} == {
            "train/cat/1.jpg": 11,
            "train/dog/1.jpg": 5,
            "train/dog/2.jpg": 5,
        }
        store.asked.clear()
        found = json.loads(team.dsv("status", "--json"))["manifests"][0]["data"]
        assert (found["way"], found["changed"]) == ("known", 0)
        assert [method for method, _ in store.asked] == ["HEAD"] * 3
