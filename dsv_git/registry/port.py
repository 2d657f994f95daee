"""What a registry of dataset versions must be able to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.record import RecordStats
from dsv_git.registry.page import Page


@dataclass(frozen=True)
class Origin:
    """Where a version comes from. `repository` is the remote's URL without credentials, `author`
    the name of the commit's author."""

    commit: str
    branch: str | None = None
    repository: str = ""
    author: str = ""


@dataclass(frozen=True)
class Facts:
    """What is said of a version beside its content: it may be corrected after registration."""

    manifest: str
    description: str
    tags: tuple[str, ...]
    properties: Mapping[str, str]
    """The person's own keys."""
    data_path: str
    """Where the data lies, as everybody reaches it."""
    origin: Origin


@dataclass(frozen=True)
class Ancestor:
    """One version of a lineage, with the IDs of its own parents. `bytes` is its size."""

    id: str
    dataset: str
    version: str
    bytes: int
    parents: tuple[str, ...]


class Content(Protocol):
    """The entries of a version, and where their files are."""

    def __iter__(self) -> Iterator[Entry]:
        """Every entry, list by list; a pass reads one list after the other."""

    def address(self, entry: Entry) -> str:
        """The shared address of an entry's file."""

    def read(self, entry: Entry) -> bytes | None:
        """The bytes of an entry's file on this machine; None where it is not there, or is another
        content than the entry's."""

    def pieces(self, entry: Entry) -> Iterator[bytes]:
        """The bytes of an entry's file in pieces. Raises InputError where it is not there, or where
        at its end it was another content than the entry's."""

    def inherited(self, entry: Entry) -> str | None:
        """The ID of a parent that has the same content under the same path; None where none has."""


class Draft(Protocol):
    """A version to be registered. What a registry does not ask for is never made."""

    @property
    def key(self) -> str:
        """The version's key."""

    @property
    def digest(self) -> str:
        """The digest of its file lists."""

    @property
    def manifest(self) -> Manifest:
        """Its manifest."""

    @property
    def content(self) -> Content:
        """Its entries and their files."""

    @property
    def facts(self) -> Facts:
        """What is said of it."""

    @property
    def parents(self) -> tuple[str, ...]:
        """The IDs of its parents."""

    @property
    def lineage(self) -> tuple[Ancestor, ...]:
        """Every ancestor that git knows of, each once, in any order; one that is tracked elsewhere
        is not among them."""

    @property
    def stats(self) -> RecordStats:
        """Its numbers."""

    @property
    def grown(self) -> int:
        """By how many bytes it is larger than its parents together."""

    @property
    def replaces(self) -> tuple[str, ...]:
        """IDs that it takes the place of: they are archived once it is there."""

    @property
    def page(self) -> Page:
        """What its page shows besides."""


@dataclass(frozen=True)
class Held:
    """A version as a registry has it. `key` is empty for one that is not ours, `clone` tells which
    clone made it, `stale` says of a half-made one that it is nobody's work any more. `url` is its
    page, empty where that cannot be told."""

    id: str
    key: str
    digest: str
    dataset: str
    version: str
    complete: bool
    archived: bool
    parents: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    tags: tuple[str, ...] = ()
    commit: str = ""
    clone: str = ""
    stale: bool = False
    url: str = ""


@dataclass(frozen=True)
class Use:
    """A task that used a version. `created` is RFC 3339 text; `url` is the task's page, empty where
    that cannot be told."""

    id: str
    name: str
    project: str
    status: str
    user: str
    created: str
    archived: bool
    url: str


class Registry(Protocol):
    """A registry. Every method may raise Unreachable, with nothing half-done that counts."""

    @property
    def name(self) -> str:
        """What records say of where a version is registered."""

    def find(self, key: str) -> str | None:
        """The ID of the version with this key, or None."""

    def register(self, draft: Draft) -> str:
        """Registers a version, exactly once by its key, and gives its ID: that of the version with
        this key, if there is one that the draft does not replace."""

    def describe(self, version_id: str, facts: Facts, page: Page) -> None:
        """Brings what is said of a registered version up to date."""

    def locate(self, version_id: str, facts: Facts) -> None:
        """Tells which commit holds the version now: its commit was rewritten."""

    def archive(self, version_id: str) -> None:
        """Takes a version out of sight; it is never deleted."""

    def read(self, ids: tuple[str, ...]) -> tuple[Held, ...]:
        """The versions with these IDs, as far as they are there."""

    def versions(self, declarations: Iterable[Declaration]) -> tuple[Held, ...]:
        """Every version of ours in the datasets that manifests declare, the oldest first: archived
        ones and half-made ones too."""

    def uses(self, ids: tuple[str, ...]) -> tuple[Use, ...]:
        """The tasks that used a version with one of these IDs, the newest first, each once."""
