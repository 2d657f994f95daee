"""The JSON form of a diff and of a version's numbers, as `--format json` and `--json` print them.

A document says `"schema": 1`. Within a schema keys may come, none goes or changes its meaning.
Every key is always there, null or empty where it has nothing to say; only the entries leave out
what they do not have, for they are as in a file list.
"""

from __future__ import annotations

import msgspec

from dsv_git.diff.manifest_diff import LabelBalance
from dsv_git.diff.stats import Duplicates, Quantiles, Totals
from dsv_git.manifest.entry import Entry, Label

SCHEMA = 1


class Cell(msgspec.Struct, frozen=True):
    """How many objects (files, for a split) went from one label (split) to another or to none."""

    before: str | None = msgspec.field(name="from")
    after: str | None = msgspec.field(name="to")
    count: int


class FolderRow(msgspec.Struct, frozen=True):
    """Changes by kind in a folder; with `moved_to`, the renames from there to another folder."""

    folder: str
    moved_to: str | None
    counts: dict[str, int]


class ChangeRow(msgspec.Struct, frozen=True):
    """One changed entry.

    `flags` says which of relabelled, reannotated and redescribed hold, whatever the kind. `source`
    is the earlier path of content that was copied here, or moved onto a path that was taken;
    `successor` the later path of content that this path held.
    """

    kind: str
    path: str
    flags: tuple[str, ...]
    before: Entry | None
    after: Entry | None
    source: str | None
    successor: str | None


class Holder(msgspec.Struct, frozen=True):
    """A file that has a content which others have too."""

    path: str
    label: Label | None
    split: str | None


class RepeatedRow(msgspec.Struct, frozen=True):
    """A content that several files of a side have: its hash, its size in bytes, and its files in
    the lists that were read."""

    hash: str
    size: int
    before: list[Holder]
    after: list[Holder]


class RepeatedDocument(msgspec.Struct, frozen=True):
    """What the change brought (`new_…`) and took away (`gone_…`): contents that several files have
    (`duplicates`), that are in several splits (`leaks`), that have several labels (`conflicts`).

    They are looked for in the lists that differ; `unread_lists` is the number of the others.
    """

    new_duplicates: list[RepeatedRow]
    gone_duplicates: list[RepeatedRow]
    new_leaks: list[RepeatedRow]
    gone_leaks: list[RepeatedRow]
    new_conflicts: list[RepeatedRow]
    gone_conflicts: list[RepeatedRow]
    unread_lists: int


class SideDocument(msgspec.Struct, frozen=True):
    """A version on one side; null where the manifest is not there, or its totals not known."""

    version: str | None
    totals: Totals | None


class ManifestDocument(msgspec.Struct, frozen=True):
    """What changed in one manifest.

    `counts` has every change once, by its kind, and adds up to the number of `changes`; `flagged`
    has all that were relabelled, reannotated and redescribed, whether they moved or not. `labels`
    is the class balance in images of the labels whose number changed; shares are percentages of
    all files of that side, `shift` is in percentage points, and all three are null where they are
    not known. `objects` is by how many objects a label grew, an image having it perhaps often.
    `description` is what the later side says of itself, if the earlier one did not say so too.
    """

    manifest: str
    before: SideDocument
    after: SideDocument
    parents: tuple[str, ...]
    counts: dict[str, int]
    flagged: dict[str, int]
    files: int
    bytes: int
    bytes_added: int
    bytes_removed: int
    labels: tuple[LabelBalance, ...]
    relabelled: list[Cell]
    resplit: list[Cell]
    folders: list[FolderRow]
    changes: list[ChangeRow]
    repeated: RepeatedDocument
    description: str = ""


class DiffDocument(msgspec.Struct, frozen=True):
    """What `dsv diff --format json` prints: one row for every manifest that changed."""

    schema: int
    manifests: list[ManifestDocument]


class LabelRow(msgspec.Struct, frozen=True):
    """A label of a version: files that have it, and how often it is given."""

    label: str
    images: int
    objects: int


class SplitRow(msgspec.Struct, frozen=True):
    """A split of a version (null: files in no split): its files, and its images by label."""

    split: str | None
    files: int
    labels: dict[str, int]


class StatsDocument(msgspec.Struct, frozen=True):
    """The numbers of a version; `sizes` are quantiles in bytes, null where there is no file."""

    schema: int
    files: int
    bytes: int
    unlabelled: int
    labels: list[LabelRow]
    splits: list[SplitRow]
    sizes: Quantiles | None
    duplicates: Duplicates
