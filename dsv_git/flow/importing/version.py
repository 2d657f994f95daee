"""A version from elsewhere: as it was there, and as it is in git."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from dsv_git.gitrepo.series import Authored
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.record import Record, RecordedParent

CLEARML = "clearml"


@dataclass(frozen=True)
class Imported:
    """A version as it was elsewhere. `mark` names it there; `parents` are the marks of others that
    come before it, or `clearml:ID`. `id` is the ID that it keeps: then it counts as registered in
    ClearML; None for one that no registry knows yet. Layout and parents of the declaration are not
    looked at."""

    mark: str
    declaration: Declaration
    parents: tuple[str, ...]
    load: Callable[[], Sequence[Entry]] = field(repr=False)
    authored: Authored
    id: str | None = None
    by_list: bool = False
    """Whether the version is a choice among files that stay where they are: then what its parents
    had and it has not is left out on purpose, and a later scan must not bring it back."""


@dataclass(frozen=True)
class Written:
    """A version as it is in git now. `bytes` is its size; `parents` are as its manifest names
    them."""

    mark: str
    version: str
    key: str
    id: str | None
    commit: str
    parents: tuple[str, ...]
    files: int
    bytes: int


@dataclass(frozen=True)
class Made:
    """A version that has its commit: its manifest's tree, and its record where it keeps an ID."""

    written: Written
    tree: str
    manifest: Manifest
    record: Record | None


@dataclass(frozen=True)
class Parents:
    """The parents of a version: those of this import, and those that are tracked elsewhere."""

    made: tuple[Made, ...]
    foreign: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Their keys, `clearml:ID` for those that are tracked elsewhere."""
        return (*(one.written.key for one in self.made), *self.foreign)

    def recorded(self, name: str) -> tuple[RecordedParent, ...]:
        """As a record names them."""
        own = [one.record for one in self.made if one.record is not None]
        named = [RecordedParent(record.id, name, record.version) for record in own]
        named += [RecordedParent(id=mark) for mark in self.foreign]
        return tuple(sorted(named, key=lambda p: (p.manifest or "", p.version or "", p.id)))


def left_out(
    parents: Sequence[Made], entries: Sequence[Entry], version: str
) -> tuple[Dropped, ...]:
    """What the parents had, or left out themselves, and a version has not."""
    has = {(entry.path, entry.hash) for entry in entries}
    before = [item for one in parents for item in one.manifest.dropped]
    before += [
        Dropped(entry.path, entry.hash, f"not in {version}")
        for one in parents
        for entry in one.manifest.entries
    ]
    found: dict[tuple[str, str], Dropped] = {}
    for item in before:
        if (item.path, item.hash) not in has:
            found.setdefault((item.path, item.hash), item)
    return tuple(found.values())
