"""`dsv report`: a change, its lineage, its numbers and its pictures as one HTML page."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dsv_git.diff.stats import tally
from dsv_git.errors import InputError
from dsv_git.flow.diff import Comparison, compare
from dsv_git.flow.history.sides import Sides, last_change, only_revision, sides
from dsv_git.flow.reporting.pictures import gather
from dsv_git.flow.reporting.versions import version_rows
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.files import write_file
from dsv_git.gitrepo.ranges import commit_of, upstream_commit
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest
from dsv_git.review.report.model import Content, Part, Report


@dataclass(frozen=True)
class Made:
    """A page that was written: its size in bytes, and what it shows."""

    place: Path
    size: int
    headline: str
    pictures: int
    unreadable: int
    comparison: Comparison


def asked_sides(workspace: Workspace, words: Sequence[str]) -> Sides:
    """The sides that a person asks for as `dsv diff` takes them; with names of manifests alone, or
    nothing, what this branch changed since it left its upstream, else the last data change."""
    named = [word for word in words if not _is_revision(workspace, word)]
    if len(named) < len(words):
        return sides(workspace, words)
    upstream = upstream_commit(workspace.repository)
    if upstream is not None:
        try:
            branch = sides(workspace, [f"{upstream}...HEAD"], named)
        except InputError:  # nothing in common, or none of these manifests on either side
            return last_change(workspace, named)
        if compare(workspace, branch).manifests:
            return branch
    return last_change(workspace, named)


def _is_revision(workspace: Workspace, word: str) -> bool:
    return only_revision(word) or commit_of(workspace.objects, word) is not None


def report(workspace: Workspace, asked: Sides, place: Path, pictures: int) -> Made:
    """Writes the page of a change to `place`, whole or not at all, with at most so many pictures.

    Raises InputError for manifests that cannot be read.
    """
    from dsv_git.review.report.page import render
    from dsv_git.review.report.words import headline

    found = compare(workspace, asked)
    versions, notes = version_rows(workspace, asked, found)
    whole = Report(
        repository=workspace.repository.top.name,
        before=found.before,
        after=found.after,
        parts=tuple(_parts(asked, found)),
        versions=versions,
        gallery=gather(workspace, asked, found, pictures),
        notes=notes,
    )
    page = render(whole)
    write_file(place, page)
    gallery = whole.gallery
    shown, unreadable = len(gallery.pictures), gallery.unreadable
    return Made(place, len(page), headline(whole), shown, unreadable, found)


def _parts(asked: Sides, found: Comparison) -> Iterator[Part]:
    for diff in found.manifests:
        former = found.renamed.get(diff.manifest)
        before = asked.before.manifests.get(former or diff.manifest)
        after = asked.after.manifests.get(diff.manifest)
        yield Part(diff, _content(before), _content(after), former)


def _content(manifest: Manifest | None) -> Content:
    """The numbers of a whole version: one pass over its lists."""
    if manifest is None:
        return Content()
    sizes = array("q")

    def counted() -> Iterator[Entry]:
        for path in manifest.lists:
            for entry in manifest.rows(path):
                sizes.append(entry.size)
                yield entry

    return Content(tally(counted()).totals, sizes)
