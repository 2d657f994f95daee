"""Which versions are published: by a remote-tracking ref, or by a child's record."""

from __future__ import annotations

import msgspec
import pytest

from dsv_git.flow.history.published import Publication, published
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.record import Record, RecordedParent, encode_record
from tests.cli.hand_made import make, record, row
from tests.conftest import Repo


@pytest.fixture
def pets(repo: Repo) -> Repo:
    """A repository with the manifest `pets`, and a remote that has nothing yet."""
    repo.write(".dsv.yaml", "registry: local\n")
    make(repo, "pets", "1.0", [row("a.jpg", "1")])
    remote = repo.path.parent / "remote.git"
    repo.git("init", "-q", "--bare", str(remote))
    repo.git("remote", "add", "origin", str(remote))
    return repo


def is_published(repo: Repo, held: Record, name: str = "pets") -> bool:
    workspace = Workspace.open(repo.path)
    try:
        answer = published(workspace, name, held)
        assert Publication(workspace)(name, held) is answer
    finally:
        workspace.objects.close()
    return answer


def test_before_the_first_commit_nothing_is(pets: Repo) -> None:
    assert not is_published(pets, record(pets, "pets"))


def test_a_record_is_published_once_a_remote_tracking_ref_has_it(pets: Repo) -> None:
    held = record(pets, "pets")
    pets.commit("One")
    assert not is_published(pets, held)
    pets.git("push", "-q", "origin", "HEAD:refs/heads/work")
    assert is_published(pets, held)


def test_a_record_with_the_digits_of_its_key_in_its_name_counts(pets: Repo) -> None:
    held = record(pets, "pets", marked=True)
    pets.commit("One")
    pets.git("push", "-q", "origin", "main")
    assert is_published(pets, held)


def test_another_key_under_the_same_name_does_not_count(pets: Repo) -> None:
    record(pets, "pets")
    pets.commit("One")
    pets.git("push", "-q", "origin", "main")
    make(pets, "pets", "1.0", [row("a.jpg", "other")])
    assert not is_published(pets, record(pets, "pets"))


def test_the_same_record_of_another_manifest_does_not_count(pets: Repo) -> None:
    held = record(pets, "pets")
    pets.commit("One")
    pets.git("push", "-q", "origin", "main")
    assert not is_published(pets, held, "zoo")


@pytest.mark.parametrize(
    ("manifest", "version", "same_id", "expected"),
    [
        ("pets", "1.0", True, True),
        ("pets", "1.0", False, False),
        ("pets", "1.1", True, False),
        ("zoo", "1.0", True, False),
    ],
)
def test_a_version_is_published_by_a_record_that_names_it_as_parent(
    pets: Repo, manifest: str, version: str, same_id: bool, expected: bool
) -> None:
    held = record(pets, "pets")
    child = RecordedParent(
        id=held.id if same_id else "local:other", manifest=manifest, version=version
    )
    make(pets, "deep/child", "1.0", [row("a.jpg", "2")])
    record(pets, "deep/child", [child])
    assert not is_published(pets, held), "only what is committed counts"
    pets.commit("Both")
    assert is_published(pets, held) is expected


def test_a_child_may_name_a_former_id(pets: Repo) -> None:
    held = record(pets, "pets")
    promoted = msgspec.structs.replace(held, id="48b8", former_ids=(held.id,), registry="clearml")
    pets.write("manifests/pets/versions/1.0.json", encode_record(promoted))
    make(pets, "child", "1.0", [row("a.jpg", "2")])
    record(pets, "child", [RecordedParent(id=held.id, manifest="pets", version="1.0")])
    pets.commit("Both")
    assert is_published(pets, promoted)


def test_records_that_cannot_be_read_are_no_obstacle(pets: Repo) -> None:
    held = record(pets, "pets")
    pets.write("manifests/pets/versions/0.9.json", "{")
    pets.commit("Broken")
    assert not is_published(pets, held)
