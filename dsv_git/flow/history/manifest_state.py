"""What can be said of a manifest of the working tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dsv_git.flow.data.state import DataState

State = Literal["registered", "pending", "draft", "broken"]


@dataclass(frozen=True)
class VersionState:
    """A manifest of the working tree against git and its records.

    `draft` means that it is not committed as it stands, `broken` that it cannot be read (`reason`).
    `files` is what the record says, None without one. `elsewhere` is the registry of a record that
    is not of the configured one.
    """

    manifest: str
    version: str | None
    state: State
    id: str | None = None
    published: bool = False
    files: int | None = None
    reason: str | None = None
    elsewhere: str | None = None


@dataclass(frozen=True, kw_only=True)
class ManifestState(VersionState):
    """The same, with its data. `behind` names the sources of a merged manifest that have another
    version now than it was merged from."""

    data: DataState
    behind: tuple[str, ...] = ()
