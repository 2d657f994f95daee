"""What a source of labels says about one entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

from dsv_git.manifest.entry import Label, PropValue
from dsv_git.scan.notices import Notice


class Labelled(msgspec.Struct, frozen=True, gc=False):  # flat values, one an entry
    """The label, split, hash of the annotations and props of one entry, None where not given."""

    label: Label | None = None
    split: str | None = None
    ann: str | None = None
    props: Mapping[str, PropValue] = {}


class Labeller(Protocol):
    """A source of labels that was read."""

    def annotation(self, path: str) -> Labelled | None:
        """What the source says about the entry at this path, None where it says nothing."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What a person should know of the source that is no error."""


class Listed:
    """A source that names its entries one by one."""

    def __init__(self, rows: Mapping[str, Labelled], notices: tuple[Notice, ...] = ()) -> None:
        self._rows = rows
        self._notices = notices

    def annotation(self, path: str) -> Labelled | None:
        """What the source says about the entry at this path, None where it says nothing."""
        return self._rows.get(path)

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the source names and the data does not hold."""
        return self._notices
