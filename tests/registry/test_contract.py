"""What every registry must do; one suite for all of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest

from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.record import RecordStats
from dsv_git.registry.clearml.registry import ClearMLRegistry
from dsv_git.registry.clearml.session import open_session
from dsv_git.registry.local import LocalRegistry
from dsv_git.registry.page import Page
from dsv_git.registry.port import Ancestor, Facts, Origin, Registry
from tests.clearml_server import ClearMLServer

STATS = RecordStats(1, 5, 1, 0, 0, 0, {"cat": 1})
FACTS = Facts("pets", "", (), {}, "/data", Origin("c" * 40, "main"))
TEXT = "format: 1\nversion: {version}\ndata: {{root: data/pets}}\n"
ROW = b'{"path":"a.jpg","size":5,"hash":"xxh3:00000000000000000000000000000001"}\n'


@dataclass(frozen=True)
class Memory:
    """A manifest's files in memory."""

    known: Mapping[str, bytes]
    where: str = "manifests/pets"

    def blobs(self) -> Mapping[str, str]:
        return dict.fromkeys(self.known, "")

    def read(self, path: str) -> bytes:
        return self.known[path]


@dataclass(frozen=True)
class Listed:
    """The content of a manifest whose files are nowhere."""

    manifest: Manifest

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.manifest.entries)

    def address(self, entry: Entry) -> str:
        return f"file:///data/{entry.path}"

    def read(self, entry: Entry) -> bytes | None:  # noqa: ARG002
        return None

    def pieces(self, entry: Entry) -> Iterator[bytes]:
        raise InputError(f"{entry.path} is nowhere")

    def inherited(self, entry: Entry) -> str | None:  # noqa: ARG002
        return None


@dataclass(frozen=True)
class Version:
    """A draft."""

    key: str
    manifest: Manifest
    parents: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    digest: str = "sha256:" + "0" * 64
    lineage: tuple[Ancestor, ...] = ()
    stats: RecordStats = STATS
    grown: int = 5
    facts: Facts = FACTS
    page: Page = field(default_factory=Page)

    @property
    def content(self) -> Listed:
        return Listed(self.manifest)


def draft(key: str, *parents: str, version: str | None = None) -> Version:
    text = TEXT.format(version=version or f"1.{ord(key[0])}")
    files = {"manifest.yaml": text.encode(), "files/_.jsonl": ROW}
    return Version(key * 64, Manifest("pets", Memory(files)), parents)


@pytest.fixture(params=["local", "clearml"])
def registry(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    """Every registry there is."""
    if request.param == "local":
        yield LocalRegistry()
        return
    with ClearMLServer() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield ClearMLRegistry(open_session(), f"clone-{os.getpid()}")


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
    assert registry.register(draft("b", version="1.97")) != former


def test_a_registry_says_its_name_in_records(registry: Registry) -> None:
    assert registry.name in {"local", "clearml"}


def test_every_clone_mints_the_same_local_id() -> None:
    assert LocalRegistry().register(draft("a")) == f"local:{'a' * 32}"
    assert LocalRegistry().find("a" * 64) == f"local:{'a' * 32}"
