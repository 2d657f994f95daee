"""Every chart of a registered version's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dsv_git.diff.changes import Diff
from dsv_git.diff.sizes import SizeBin
from dsv_git.diff.stats import Stats
from dsv_git.review.change_charts import CHANGES, MOVED, RELABELLED, change_charts
from dsv_git.review.class_charts import BALANCE, CLASSES, class_balance, class_table
from dsv_git.review.lineage_chart import LINEAGE, Relative, lineage_chart
from dsv_git.review.object_chart import OBJECTS, object_balance
from dsv_git.review.plotly import Chart
from dsv_git.review.size_chart import SIZES, size_chart

__all__ = ["TITLES", "Chart", "Relative", "version_charts"]

TITLES: Final = frozenset({CLASSES, BALANCE, OBJECTS, SIZES, CHANGES, RELABELLED, MOVED, LINEAGE})
"""What the charts here may be called; another chart of the page needs another title."""


def version_charts(
    now: Stats,
    sizes: Sequence[SizeBin],
    diff: Diff | None,
    lineage: Sequence[Relative],
    current: str,
) -> tuple[Chart, ...]:
    """The charts of a version, in the order of its page, each with a title of its own.

    `now` and `sizes` are of all its entries, `diff` is against its parents (None for a version
    without), `lineage` has it under the ID `current`, and its ancestors. A chart that would show
    nothing is left out. Every figure is JSON without NaN, far below a megabyte, however many
    classes, splits, relabellings or ancestors there are, and no text in it is markup.
    """
    found = (
        class_table(now),
        class_balance(now),
        object_balance(now),
        size_chart(now, sizes),
        *(change_charts(diff) if diff is not None else ()),
        lineage_chart(lineage, current),
    )
    return tuple(chart for chart in found if chart is not None)
