"""The report as one HTML page: no file besides, no network, everything escaped.

The template escapes whatever is put into it, but for three texts that it calls safe: our own style
and script, and JSON that has no `<`. What comes from manifests and git is made printable first, so
that no control character hides what is shown.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from dsv_git.diff.change import Kind
from dsv_git.diff.folders import folder_changes
from dsv_git.manifest.names import printable
from dsv_git.review.numbers import byte_change, byte_size, label_text, number
from dsv_git.review.report import charts, graph, rows, words
from dsv_git.review.report.model import PICTURED, Report
from dsv_git.review.text import SIGNS

TEMPLATES: Final = Path(__file__).with_name("templates")
MOST_FOLDERS: Final = 40
MOST_VERSIONS: Final = 200
MOST_PARTS: Final = 25
"""Manifests with charts of their own; the list of changes has all."""

CLASSES: Final = {
    Kind.ADDED: "added",
    Kind.REMOVED: "removed",
    Kind.MODIFIED: "modified",
    Kind.RENAMED: "moved",
    Kind.COPIED: "moved",
    Kind.RELABELLED: "relabelled",
    Kind.REANNOTATED: "relabelled",
    Kind.REDESCRIBED: "moved",
}
"""The colour of each kind, as a class of the page's style sheet."""


def render(report: Report) -> bytes:
    """The page in UTF-8. The same report gives the same bytes."""
    import jinja2

    loader = jinja2.FileSystemLoader(TEMPLATES)
    env = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(_filters())
    style, script = ((TEMPLATES / name).read_text("utf-8") for name in ("style.css", "script.js"))
    listed = rows.change_rows(report.parts)
    data = {
        "manifests": listed.manifests,
        "kinds": [[kind.value, SIGNS[kind][0], CLASSES[kind]] for kind in rows.KINDS],
        "rows": listed.rows,
    }
    page = env.get_template("page.html").render(
        report=report,
        headline=words.headline(report),
        words=words,
        charts=charts,
        drawing=graph.drawing(report.versions),
        folder_changes=folder_changes,
        listed=listed,
        counts=[item for item in words.kind_counts(report.parts) if item[1]],
        signs={kind: sign for kind, (sign, _) in SIGNS.items()},
        classes=CLASSES,
        kinds=rows.KINDS,
        pictured=PICTURED,
        caption=rows.caption,
        limits={"folders": MOST_FOLDERS, "versions": MOST_VERSIONS, "parts": MOST_PARTS},
        box={"width": graph.WIDTH, "height": graph.HEIGHT},
        data=rows.script_json(data),
        style=style,
        script=script,
        # The page's one script is named by its hash: whatever else claims to be one does not run.
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    return page.encode("utf-8", "backslashreplace")


def _filters() -> dict[str, Callable[..., str]]:
    return {
        "plain": printable,
        "number": number,
        "size": byte_size,
        "size_change": byte_change,
        "label": label_text,
        "cut": charts.cut,
        "jpeg": lambda data: f"data:image/jpeg;base64,{base64.b64encode(data).decode()}",
        "px": lambda value: f"{value:.1f}".removesuffix(".0"),
        "short_id": short_id,
    }


def short_id(version_id: str) -> str:
    """An ID as the lineage has room for: `local:0f1e2d3c…`."""
    registry, colon, digits = printable(version_id).rpartition(":")
    return registry + colon + charts.cut(digits, 13)
