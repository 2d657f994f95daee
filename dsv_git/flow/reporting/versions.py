"""The versions around a change, as the report lists and draws them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from dsv_git.errors import InputError
from dsv_git.flow.diff import Comparison
from dsv_git.flow.history.catalogue import Catalogue, Version, catalogue
from dsv_git.flow.history.sides import Sides
from dsv_git.flow.history.version_stats import ParentContent, version_stats
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.commits import CommitFacts, describe_all
from dsv_git.gitrepo.history import ShallowHistory
from dsv_git.gitrepo.refs import head
from dsv_git.review.report.graph import nearest
from dsv_git.review.report.model import Numbers, VersionRow

MOST: Final = 500
"""Versions that the report names."""
MOST_COUNTED: Final = 60
"""Versions whose relabelled files are counted: each needs a diff against its parents."""


def version_rows(
    workspace: Workspace, asked: Sides, compared: Comparison
) -> tuple[tuple[VersionRow, ...], tuple[str, ...]]:
    """The versions that are related to the changed manifests, the newest first, and why some are
    missing. Of an unchanged comparison, all versions."""
    tip = asked.after.commit or head(workspace.repository).commit
    if tip is None:
        return (), ()
    try:
        found = catalogue(workspace, tip)
    except InputError as error:
        return (), (f"The lineage is not shown: {error}",)
    except ShallowHistory:
        return (), ("The lineage is not shown: this clone is shallow (git fetch --unshallow).",)
    known = _known_before(asked, compared)
    rows = [_row(version, known) for version in found.versions]
    rows = [*_drafts(asked, compared, found), *rows]
    kept = _related(rows, compared)
    facts = describe_all(
        workspace.repository,
        (v.made_by for v in found.versions if v.made_by and v.name in kept),
    )
    versions = {version.name: version for version in found.versions}
    counted = 0
    shown: list[VersionRow] = []
    for row in rows:
        if row.name not in kept:
            continue
        version = versions.get(row.name)
        if version is not None:
            counted += 1
            row = _with_facts(row, facts.get(version.made_by or ""))  # noqa: PLW2901
            numbers = _numbers(found, version, counted <= MOST_COUNTED)
            row = replace(row, numbers=numbers)  # noqa: PLW2901
        shown.append(row)
    return tuple(shown), ()


def _row(version: Version, known: Callable[[Version], bool]) -> VersionRow:
    """A version; one that the earlier side does not know is this change's."""
    return VersionRow(
        name=version.name,
        state=version.state,
        id=version.id,
        parents=tuple(parent.name for parent in version.parents),
        new=not known(version),
    )


def _known_before(asked: Sides, compared: Comparison) -> Callable[[Version], bool]:
    """Tells whether the earlier side has a version: its record, or, where that came later, its name
    with the same content."""
    before = asked.before.manifests.items()
    keys = {record.key for _, manifest in before for record in manifest.records.values()}
    declared = {(name, manifest.declaration.version) for name, manifest in before}
    changed = {(diff.manifest, diff.after) for diff in compared.manifests if not diff.diff.is_empty}
    same = declared - changed
    return lambda version: version.key in keys or (version.manifest, version.version) in same


def _drafts(asked: Sides, compared: Comparison, found: Catalogue) -> Iterable[VersionRow]:
    """What the working tree changed and no commit has."""
    if asked.after.commit is not None:
        return
    names = {version.name for version in found.versions}
    for diff in compared.manifests:
        if diff.after is None:
            continue
        name = f"{diff.manifest}@{diff.after}"
        total = asked.after.manifests[diff.manifest]
        change = diff.change
        entries = [entry.size for path in total.lists for entry in total.rows(path)]
        numbers = Numbers(
            files=len(entries),
            bytes=sum(entries),
            added=change.added + change.copied,
            removed=change.removed,
            modified=change.modified,
            moved=change.renamed,
            relabelled=change.relabelled,
        )
        if name in names:  # changed in place: its parents are those of the version in the commit
            name = f"{name} (working tree)"
        yield VersionRow(name, "not committed", None, diff.parents, numbers, new=True)


def _related(rows: Iterable[VersionRow], compared: Comparison) -> set[str]:
    """The versions of changed manifests and all that are their ancestors or descendants."""
    every = list(rows)
    changed = {f"{diff.manifest}@" for diff in compared.manifests}
    if not changed:
        return {row.name for row in every[:MOST]}
    seeds = [
        replace(row, new=row.name.partition("@")[0] + "@" in changed or row.new) for row in every
    ]
    return set(nearest(seeds, MOST))


def _with_facts(row: VersionRow, commit: CommitFacts | None) -> VersionRow:
    if commit is None:
        return row
    return replace(
        row,
        commit=commit.id[:10],
        date=f"{commit.date:%Y-%m-%d %H:%M}",
        author=commit.author,
        subject=commit.subject,
    )


def _numbers(found: Catalogue, version: Version, count: bool) -> Numbers | None:
    """What the record states; relabelled files are counted from the lists, where they are here."""
    stats = found.with_stats(version).stats
    if stats is None:
        return None
    return Numbers(
        files=stats.files,
        bytes=stats.bytes,
        added=stats.added,
        removed=stats.removed,
        modified=stats.modified,
        moved=stats.renamed,
        relabelled=_relabelled(found, version) if count else None,
    )


def _relabelled(found: Catalogue, version: Version) -> int | None:
    by_name = {one.name: one for one in found.versions}
    parents = [by_name.get(parent.name) for parent in version.parents]
    try:
        contents = [
            ParentContent(
                found.manifest(one), found.record(one) if one.state == "registered" else None
            )
            for one in parents
            if one is not None
        ]
        if len(contents) < len(parents):
            return None
        return version_stats(found.manifest(version), contents).change.relabelled
    except InputError:  # lists that are not in this clone, or cannot be read
        return None
