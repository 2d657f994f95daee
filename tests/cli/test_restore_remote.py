"""Verify, restore and keep with a bucket, typed as a person types them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import ANY_CONTENT, Repo
from tests.stores import new_lake, s3

PETS = {f"{label}/{n}.jpg": f"{label} {n}" for label in ("cat", "dog") for n in "12"}


@pytest.fixture
def lake(repo: Repo) -> Iterator[Any]:
    """A bucket, by a tool that is none of ours; and a repository that may read it."""
    with s3() as store:
        client = new_lake(store)
        repo.env.update(store.env)
        repo.dsv("init", "--registry", "local")
        repo.write(".dsv.yaml", f"registry: local\n{ANY_CONTENT}")
        yield client


def answer(repo: Repo, *args: str, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(repo.dsv(*args, "--json", code=code))
    return found


def paths(found: list[dict[str, str]]) -> list[str]:
    return [one["path"] for one in found]


@pytest.mark.parametrize("algorithm", ["xxh3", "etag"])
def test_a_bucket_is_verified_and_versions_come_back_from_buckets(
    repo: Repo, lake: Any, algorithm: str
) -> None:
    for path, content in PETS.items():
        lake.put_object(Bucket="lake", Key=f"pets/{path}", Body=content)
        lake.put_object(Bucket="lake", Key=f"backup/{path.replace('cat', 'moved')}", Body=content)
    repo.dsv("add", "s3://lake/pets", "--name", "pets", "--hash", algorithm)
    repo.commit("Pets")
    assert answer(repo, "verify", "pets")["sound"]
    lake.put_object(Bucket="lake", Key="pets/dog/1.jpg", Body="dog #")
    lake.delete_object(Bucket="lake", Key="pets/cat/1.jpg")
    found = answer(repo, "verify", "pets", code=1)
    assert (paths(found["damaged"]), paths(found["missing"])) == (["dog/1.jpg"], ["cat/1.jpg"])
    found = answer(repo, "restore", "pets", "--to", "../old", code=1)
    assert paths(found["missing"]) == ["cat/1.jpg", "dog/1.jpg"]
    more, code = (2, 0) if algorithm == "xxh3" else (1, 1)  # an ETag says nothing of a new name
    found = answer(
        repo, "restore", "pets", "--to", "../old", "--from", "s3://lake/backup", code=code
    )
    held = {p.name: p.read_text() for p in (repo.path.parent / "old").rglob("*.jpg")}
    assert held["1.jpg"] in {"cat 1", "dog 1"}
    assert found["restored"] == more


def test_a_bucket_keeps_each_content_once_and_is_cleaned_up_when_all_have_pushed(
    repo: Repo, lake: Any
) -> None:
    repo.write(".dsv.yaml", f"registry: local\nkeep: s3://lake/kept\n{ANY_CONTENT}")
    for path, content in {**PETS, "twin.jpg": "cat 1"}.items():
        repo.write(f"data/{path}", content)
    repo.git("config", "dsv.keep", "s3://lake/kept")
    told = repo.dsv("add", "data", "--name", "pets")
    assert "kept 4 contents" in told
    repo.commit("Pets")
    shutil.rmtree(repo.path / "data")
    assert answer(repo, "restore", "pets", "--to", "data")["whole"]
    assert answer(repo, "keep")["before"] == 4
    assert "not looked at: s3://lake/kept" not in repo.dsv("show", "pets")
    shutil.rmtree(repo.path / ".git/dsv/scan")
    assert "not looked at: s3://lake/kept" in repo.dsv("show", "pets")
    lake.put_object(Bucket="lake", Key=f"kept/xxh3/00/{'0' * 30}", Body="of nothing")
    done = repo.dsv_result("keep", "--clean")
    assert (done.returncode, "--clean --yes" in done.stderr) == (2, True)
    assert answer(repo, "keep", "--clean", "--yes")["contents"] == 1
    assert len(lake.list_objects_v2(Bucket="lake", Prefix="kept/")["Contents"]) == 4


@pytest.mark.parametrize("said", [None, "s3://lake/other", "none"])
def test_no_copy_leaves_for_a_url_that_nobody_in_this_clone_named(
    repo: Repo, lake: Any, said: str | None
) -> None:
    repo.write(".dsv.yaml", f"registry: local\nkeep: s3://lake/kept\n{ANY_CONTENT}")
    repo.write("data/1.jpg", "one")
    if said is not None:
        repo.git("config", "dsv.keep", said)
    if said == "none":
        assert "kept" not in repo.dsv("add", "data", "--name", "pets")
        assert "dsv.keep" not in repo.dsv("init")
    else:
        refused = repo.dsv_result("add", "data", "--name", "pets")
        assert refused.returncode == 2
        assert "s3://lake/kept, which this clone has not allowed" in refused.stderr
        assert "git config dsv.keep s3://lake/kept" in refused.stderr
        assert "git config dsv.keep s3://lake/kept" in repo.dsv("init")
        assert not (repo.path / "manifests/pets").exists()
    for verb in (("keep",), ("keep", "--clean", "--yes")):
        assert repo.dsv_result(*verb).returncode == 2
    assert "Contents" not in lake.list_objects_v2(Bucket="lake")
