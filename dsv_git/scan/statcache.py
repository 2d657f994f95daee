"""What a scan asks of a memory of former scans; who keeps it is not the scan's concern."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

Row = tuple[int, int, str]
"""Size in bytes, modification time in ns (or UNSETTLED), hash `algorithm:hex`."""

Suspects = Callable[[], set[str] | None]


class Rows(NamedTuple):
    """Files in columns. A cache sees a plain tuple of four sequences of one length."""

    paths: Sequence[str]
    sizes: Sequence[int]
    mtimes_ns: Sequence[int]
    hashes: Sequence[str]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, int, int, str]]) -> Rows:
        """Columns of rows."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        return cls(*columns) if columns else cls([], [], [], [])


Columns = tuple[Sequence[str], Sequence[int], Sequence[int], Sequence[str]]


class Update(NamedTuple):
    """What makes a new state of a former one; a cache sees a plain tuple.

    `base` is the token of the former state. `fresh` are the rows that are new or other, sorted by
    path, `gone` the paths that went, `marks` those of all folders of the new state (empty where
    there are none).
    """

    base: str
    fresh: Columns
    gone: Collection[str]
    marks: Mapping[str, int]


class Known(Protocol):
    """The files of one whole state of the data root. It does not change."""

    @property
    def token(self) -> str:
        """The name that the caller gave to this state; empty where there is none."""

    @property
    def paths(self) -> Sequence[str]:
        """The paths, sorted by their UTF-8 bytes."""

    @property
    def marks(self) -> Mapping[str, int]:
        """What the folders were marked with; the cache does not ask what it means."""

    def get(self, path: str) -> Row | None:
        """The row of one path."""

    def rows(self) -> Columns:
        """Every row, sorted by the paths."""


class StatCache(Protocol):
    """Remembers hashes by path, size and modification time.

    Two memories: the committed state, which the caller named with a token, and a journal of what
    was hashed since, so that an interrupted scan goes on where it stopped. A cache is for one data
    root and one hash algorithm. It never fails: what it cannot read or write it has forgotten.
    """

    @property
    def known(self) -> Known:
        """The committed state, as it was read last."""

    @property
    def journal(self) -> Mapping[str, Row]:
        """What was hashed since, by path, as it was read last."""

    def watching(self) -> AbstractContextManager[Suspects]:
        """Reads the cache anew, and looks for changed files in the background.

        What the context gives waits for the answer: the committed paths that may have changed
        (those that are gone may be among them), or None where any may have.
        """

    @property
    def stamps(self) -> Mapping[str, tuple[int, ...]]:
        """What `keep_stamps` kept last; the cache does not ask what it means."""

    def keep_stamps(self, stamps: Mapping[str, tuple[int, ...]]) -> None:
        """Keeps numbers for the folders. They hold for the root, whatever its state is."""

    def append(self, rows: Columns) -> None:
        """Adds to the journal."""

    def commit(self, token: str, update: Update) -> None:
        """Makes a new state of the committed one, named by a token. The journal is emptied.

        Where another process made another state meanwhile, only the rows are remembered.
        """

    def touch(self, update: Update) -> None:
        """Takes new modification times and marks; content, token and journal stay."""
