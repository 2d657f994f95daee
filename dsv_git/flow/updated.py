"""What an update is asked for, and what became of a manifest."""

from __future__ import annotations

from dataclasses import dataclass

from dsv_git.diff.changes import Diff
from dsv_git.flow.copies.keeping import Kept
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.merging import Side
from dsv_git.scan.notices import Notice


@dataclass(frozen=True)
class UpdateRequest:
    """What a person typed."""

    name: str
    version: str | None = None
    same_version: bool = False
    relayout: bool = False
    labels: tuple[str, ...] = ()
    description: str | None = None
    on_conflict: Side | None = None
    """Whose entry counts where the sources of a merged manifest differ in a path anew."""


@dataclass(frozen=True)
class Updated:
    """What became of a manifest. `changed` is whether anything was written."""

    manifest: str
    former: str
    version: str
    parents: tuple[str, ...]
    is_new: bool
    changed: bool
    diff: Diff
    hashed_files: int = 0
    notices: tuple[Notice, ...] = ()
    labelled: int = 0
    """Files that the source of labels was asked for: all, or the new and changed ones alone."""
    without_label: int = 0
    """Those of them that it says nothing of; 0 where there is no source."""
    lost: tuple[Entry, ...] = ()
    """Former entries whose content is nowhere else now, as far as this clone knows."""
    kept: Kept | None = None
    """The copies that were made, where the repository is set up for that (`keep`)."""
    merged: tuple[str, ...] = ()
    """The versions that it was merged from anew; empty where its data was scanned."""


@dataclass(frozen=True)
class NotUpdated:
    """A manifest that could not be updated, and why; it stays as it is."""

    manifest: str
    reason: str
