"""What one process tells another of versions to register, and what it hears back."""

from __future__ import annotations

import msgspec

from dsv_git.errors import ExitCode
from dsv_git.flow.history.pending import Pending, Problem
from dsv_git.manifest.record import Record, record_path


class Order(msgspec.Struct, frozen=True):
    """A version to register. Each parent is its manifest (empty for one that is tracked elsewhere)
    with its key, or with its `clearml:ID`."""

    manifest: str
    version: str
    tree: str
    key: str
    digest: str
    commit: str
    """The commit that made it."""
    parents: tuple[tuple[str, str], ...]
    file: str
    """The record's file below the manifest."""
    former_ids: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    """IDs in the same registry that it takes the place of."""


class Registered(msgspec.Struct, frozen=True, tag=True):
    """A version that was registered just now. `file` is its record's, below the manifest."""

    key: str
    manifest: str
    dataset: str
    id: str
    file: str
    record: Record
    notes: tuple[str, ...] = ()
    """What its page in the registry lacks, and why."""
    replaces: tuple[str, ...] = ()
    """The IDs that it takes the place of."""


class Failed(msgspec.Struct, frozen=True, tag=True):
    """Why a version stays pending, and what to type."""

    key: str
    manifest: str
    version: str
    reason: str
    hint: str
    code: int

    @property
    def problem(self) -> Problem:
        """The same, as reports have it."""
        return Problem(self.manifest, self.version, self.reason, self.hint, ExitCode(self.code))


class Located(msgspec.Struct, frozen=True):
    """A registered version whose manifest, or whose commit, is another now. `tree` is its
    manifest's tree."""

    id: str
    manifest: str
    tree: str
    commit: str
    version: str = ""


class Registering(msgspec.Struct, frozen=True, tag=True):
    """A request: register versions. `defer` leaves what is large to `dsv sync`."""

    tip: str
    orders: tuple[Order, ...]
    defer: bool


class Locating(msgspec.Struct, frozen=True, tag=True):
    """A request: tell the registry which commits hold versions now."""

    versions: tuple[Located, ...]


class Describing(msgspec.Struct, frozen=True, tag=True):
    """A request: bring up to date what manifests say of versions."""

    versions: tuple[Located, ...]


class Alive(msgspec.Struct, frozen=True, tag=True):
    """An answer: something came from the server, or went there; so many bytes of files did."""

    sent: int = 0


class Told(msgspec.Struct, frozen=True, tag=True):
    """An answer: the registry knows of this version's commit, or description, now. `notes` say
    what its page lacks, and why."""

    id: str
    notes: tuple[str, ...] = ()


class Done(msgspec.Struct, frozen=True, tag=True):
    """An answer: the request is done with. `problem` says what stopped it, `hint` what to type."""

    problem: str | None = None
    hint: str | None = None


Request = Registering | Locating | Describing
Answer = Alive | Registered | Failed | Told | Done


def order_of(item: Pending, registry: str) -> Order:
    """The order for a pending version."""
    snapshot, former = item.seen.snapshot, item.replaces
    return Order(
        manifest=snapshot.manifest,
        version=snapshot.declaration.version,
        tree=snapshot.tree,
        key=item.key,
        digest=snapshot.digest,
        commit=item.seen.made_by,
        parents=tuple((parent.manifest, key) for parent, key in item.parents),
        file=record_path(snapshot.declaration.version),
        replaces=(former.id,) if former and former.registry == registry else (),
    )
