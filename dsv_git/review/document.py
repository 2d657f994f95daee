"""Diffs and a version's numbers as JSON documents (see `schema` for what is in them)."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from dsv_git.diff.change import FLAGS, Change, Kind
from dsv_git.diff.changes import Matrix, sorted_cells
from dsv_git.diff.folders import folder_changes
from dsv_git.diff.manifest_diff import ManifestDiff
from dsv_git.diff.repeated import Repeated
from dsv_git.diff.stats import Stats
from dsv_git.manifest.entry import Entry
from dsv_git.review.schema import (
    SCHEMA,
    Cell,
    ChangeRow,
    DiffDocument,
    FolderRow,
    Holder,
    LabelRow,
    ManifestDocument,
    RepeatedDocument,
    RepeatedRow,
    SideDocument,
    SplitRow,
    StatsDocument,
)


def diff_document(diffs: Iterable[ManifestDiff]) -> DiffDocument:
    """The document of a whole `dsv diff`, manifests in the order given."""
    return DiffDocument(SCHEMA, [_manifest(diff) for diff in diffs])


def stats_document(stats: Stats) -> StatsDocument:
    """The document of a version's numbers: labels by name, splits by name with none last."""
    splits = sorted(stats.splits, key=lambda split: (split is None, split or ""))
    cells = sorted(stats.split_images.items(), key=lambda cell: cell[0][1])
    by_split: dict[str | None, dict[str, int]] = {split: {} for split in splits}
    for (split, label), images in cells:
        by_split[split][label] = images
    return StatsDocument(
        schema=SCHEMA,
        files=stats.files,
        bytes=stats.bytes,
        unlabelled=stats.unlabelled,
        labels=[LabelRow(x, n, stats.objects[x]) for x, n in sorted(stats.images.items())],
        splits=[SplitRow(split, stats.splits[split], by_split[split]) for split in splits],
        sizes=stats.sizes,
        duplicates=stats.duplicates,
    )


def as_json(document: DiffDocument | StatsDocument) -> str:
    """The document as one line of JSON, ended by a newline.

    Signs that a terminal might obey are escaped as JSON allows, so the line is safe to show.
    """
    text = msgspec.json.encode(document).decode()
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


# The controls and direction marks that JSON itself leaves as they are; all are one UTF-16 unit.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def _manifest(diff: ManifestDiff) -> ManifestDocument:
    found = diff.diff
    return ManifestDocument(
        manifest=diff.manifest,
        before=SideDocument(diff.before, diff.totals_before),
        after=SideDocument(diff.after, diff.totals_after),
        parents=diff.parents,
        counts={kind.value: found.counts[kind] for kind in Kind},
        flagged={kind.value: found.flagged[kind] for kind in FLAGS},
        files=diff.change.files,
        bytes=diff.change.bytes,
        bytes_added=diff.change.bytes_added,
        bytes_removed=diff.change.bytes_removed,
        labels=diff.balance,
        relabelled=_cells(found.label_matrix),
        resplit=_cells(found.split_matrix),
        folders=[
            FolderRow(
                row.folder, row.target, {k.value: row.counts[k] for k in Kind if row.counts[k]}
            )
            for row in folder_changes(found)
        ],
        changes=[_row(change) for change in found.changes],
        repeated=_repeated(diff),
        description=diff.description,
    )


def _repeated(diff: ManifestDiff) -> RepeatedDocument:
    found = diff.repeated
    return RepeatedDocument(
        new_duplicates=_contents(found.new_duplicates),
        gone_duplicates=_contents(found.gone_duplicates),
        new_leaks=_contents(found.new_leaks),
        gone_leaks=_contents(found.gone_leaks),
        new_conflicts=_contents(found.new_conflicts),
        gone_conflicts=_contents(found.gone_conflicts),
        unread_lists=diff.unread,
    )


def _contents(contents: Iterable[Repeated]) -> list[RepeatedRow]:
    return [
        RepeatedRow(*one.content, _holders(one.before), _holders(one.after)) for one in contents
    ]


def _holders(entries: Iterable[Entry]) -> list[Holder]:
    return [Holder(entry.path, entry.label, entry.split) for entry in entries]


def _cells(matrix: Matrix) -> list[Cell]:
    return [Cell(a, b, count) for (a, b), count in sorted_cells(matrix)]


def _row(change: Change) -> ChangeRow:
    return ChangeRow(
        kind=change.kind.value,
        path=change.path,
        flags=tuple(flag.value for flag in change.flags),
        before=change.before,
        after=change.after,
        source=change.source.path if change.source else None,
        successor=change.successor.path if change.successor else None,
    )
