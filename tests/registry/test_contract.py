"""What every registry must do; one suite for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.record import RecordStats
from dsv_git.registry.local import LocalRegistry
from dsv_git.registry.port import Draft, Origin, Registry

STATS = RecordStats(1, 5, 1, 0, 0, 0, {"cat": 1})
TEXT = "format: 1\nversion: 1.0\ndata: {root: data/pets}\n"


@dataclass(frozen=True)
class Memory:
    """A manifest's files in memory."""

    known: Mapping[str, bytes]
    where: str = "manifests/pets"

    def blobs(self) -> Mapping[str, str]:
        return dict.fromkeys(self.known, "")

    def read(self, path: str) -> bytes:
        return self.known[path]


def draft(key: str, *parents: str) -> Draft:
    manifest = Manifest("pets", Memory({"manifest.yaml": TEXT.encode()}))
    return Draft(key * 64, manifest, parents, STATS, Origin("c" * 40, "main"))


@pytest.fixture(params=["local"])
def registry(request: pytest.FixtureRequest) -> Registry:
    """Every registry there is."""
    return {"local": LocalRegistry}[request.param]()


def test_a_registered_version_is_found_by_its_key(registry: Registry) -> None:
    version_id = registry.register(draft("a"))
    assert registry.find("a" * 64) == version_id


def test_the_same_key_is_registered_once(registry: Registry) -> None:
    assert registry.register(draft("a")) == registry.register(draft("a"))


def test_other_keys_get_other_ids(registry: Registry) -> None:
    assert registry.register(draft("a")) != registry.register(draft("b"))


def test_a_child_is_registered_with_its_parents_ids(registry: Registry) -> None:
    parent = registry.register(draft("a"))
    assert registry.register(draft("b", parent)) not in {parent, ""}


def test_an_archived_version_is_out_of_the_way_of_its_successor(registry: Registry) -> None:
    former = registry.register(draft("a"))
    registry.archive(former)
    assert registry.register(draft("b")) != former


def test_a_registry_says_its_name_in_records(registry: Registry) -> None:
    assert registry.name == "local"


def test_every_clone_mints_the_same_local_id() -> None:
    assert LocalRegistry().register(draft("a")) == f"local:{'a' * 32}"
    assert LocalRegistry().find("a" * 64) == f"local:{'a' * 32}"
