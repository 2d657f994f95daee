"""What the page of a version shows: charts of its numbers, the person's reports, samples."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dsv_git.diff.sampling import sample
from dsv_git.diff.sizes import size_bins
from dsv_git.diff.stats import stats
from dsv_git.flow.reports import read_reports
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.annotation_files import annotation_files
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest
from dsv_git.registry.page import Page, Picture, Plot, Sample
from dsv_git.review.charts import TITLES, Relative, version_charts

if TYPE_CHECKING:
    from dsv_git.flow.register.draft import VersionDraft

AGAINST_PARENTS: Final = "Class balance against the parents"
SAMPLES: Final = "Samples"


def page_of(workspace: Workspace, draft: VersionDraft) -> Page:
    """The page of a draft: two passes over its entries, one where there are no samples."""
    sizes = array("q")

    def counted() -> Iterator[Entry]:
        for entry in draft.content:
            sizes.append(entry.size)
            yield entry

    now = stats(counted(), annotation_files(draft.manifest.declaration))
    charts = version_charts(now, size_bins(sizes), draft.numbers.diff, _lineage(draft), draft.key)
    plots = tuple(Plot(chart.title, chart.series, chart.figure) for chart in charts)
    samples, notes = _samples(workspace, draft)
    reports = reports_of(workspace, draft.manifest, draft.order.commit)
    return Page(
        (*plots, *reports.plots),
        (*_balance(draft), *reports.pictures),
        (*samples, *reports.samples),
        (*notes, *reports.notes),
    )


def reports_of(workspace: Workspace, manifest: Manifest, commit: str) -> Page:
    """The part of a version's page that its manifest declares."""
    page = read_reports(workspace, manifest.declaration.reports, commit, {*TITLES, AGAINST_PARENTS})
    # Samples and a person's media are shown in one place: each has a title of its own there.
    return replace(
        page,
        samples=tuple(
            replace(one, title=f"{one.title} (report)") if one.title == SAMPLES else one
            for one in page.samples
        ),
    )


def _lineage(draft: VersionDraft) -> list[Relative]:
    declared = draft.manifest.declaration
    own = Relative(draft.key, f"{declared.dataset} {declared.version}", draft.parents)
    return [own, *(Relative(a.id, f"{a.dataset} {a.version}", a.parents) for a in draft.lineage)]


def _balance(draft: VersionDraft) -> tuple[Picture, ...]:
    """The class balance beside that of each parent; nothing where no version has a label."""
    records = [parent.record for parent in draft.parent_contents if parent.record is not None]
    before = [(record.version, record.stats.labels) for record in records]
    if not before or not any([draft.stats.labels, *(labels for _, labels in before)]):
        return ()
    from dsv_git.review.balance_figure import balance_figure

    now = (draft.manifest.declaration.version, draft.stats.labels)
    return (Picture(AGAINST_PARENTS, "figure", "balance.png", balance_figure(now, before)),)


def _samples(
    workspace: Workspace, draft: VersionDraft
) -> tuple[tuple[Sample, ...], tuple[str, ...]]:
    """As many samples as are asked for, of files that are here and can be shown."""
    declared = draft.manifest.declaration.samples
    count = workspace.config.samples if declared is None else declared
    if not count:
        return (), ()
    from dsv_git.scan.thumbnail import shown

    found: list[Sample] = []
    missing = 0
    for entry in sample(draft.content, 2 * count):
        if len(found) == count:
            break
        data = draft.content.read(entry)
        small = shown(data, entry.path) if data is not None else None
        if small is None:
            missing += 1
            continue
        suffix, picture = small
        name = f"{len(found) + 1:03}{suffix}"
        found.append(Sample(SAMPLES, f"{_label(entry)}{entry.path}", name, picture))
    lacking = missing and len(found) < count
    note = f"{missing} sample files could not be read here, {len(found)} of {count} are shown"
    return tuple(found), (note,) if lacking else ()


def _label(entry: Entry) -> str:
    label = (
        entry.label if isinstance(entry.label, str) else ", ".join(sorted({*(entry.label or ())}))
    )
    return f"{label}: " if label else ""
