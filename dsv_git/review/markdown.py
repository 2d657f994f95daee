"""A whole change as Markdown for a pull request's comment, never longer than one may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dsv_git.diff.manifest_diff import ManifestDiff
from dsv_git.review.change_sections import (
    headlines,
    sections,
    title_cell,
    versions_cell,
)
from dsv_git.review.lineage import mermaid
from dsv_git.review.lineage_of_change import lineage_nodes
from dsv_git.review.markdown_text import cell_text, head_text, name_text, row_text, section_text
from dsv_git.review.section import Name, Section, Topic

LIMIT: Final = 65_536
"""Characters that GitHub takes in a comment; counted as UTF-16, the longest way to count them."""
SHORT: Final = 5
"""Rows of a section that has to be short."""
MOST: Final = 50
"""Manifests that more is said of than a row: what a comment can hold anyway."""
_NOTE: Final = 1_500
"""Characters kept for saying what was cut."""

_DETAILS: Final = "details of manifests"
_FIXED, _TABLE, _HEADING = -2, -1, 0
"""The ranks of what is no section; those of sections are their topics."""


@dataclass
class _Part:
    """A piece of the page: its whole text, and the shorter ones that may stand for it."""

    rank: int
    what: str
    texts: tuple[str, ...]
    level: int = 0

    @property
    def text(self) -> str:
        return self.texts[self.level]


def markdown(
    before: str,
    after: str,
    diffs: Sequence[ManifestDiff],
    renamed: Mapping[str, str],
    *,
    limit: int = LIMIT,
) -> str:
    """The page of a comparison, at most `limit` characters (of 4,000 at least).

    What does not fit is cut from the least telling on: examples, lineage, folders, contents that
    repeat, class balance, matrices; first to five rows, then whole; of the last manifest first.
    The end says what was cut.
    """
    sides = f"{name_text(Name(before))} → {name_text(Name(after))}"
    if not diffs:
        return f"### Data: {sides}\n\nNo data changed.\n"
    rows, heads, right = headlines(diffs, renamed)
    head = f"### Data: {sides}\n\n{head_text(heads, right)}\n"
    parts = [_Part(_TABLE, "manifests", (f"{row_text(row)}\n", "")) for row in rows]
    parts += _details(diffs[:MOST], renamed)
    cut = _fit(parts, limit - _length(head) - _NOTE)
    cut[_DETAILS] += max(0, len(diffs) - MOST)
    body = "".join(part.text for part in parts)
    return (head + body + _told(cut, limit)).rstrip("\n") + "\n"


def _details(diffs: Sequence[ManifestDiff], renamed: Mapping[str, str]) -> Iterator[_Part]:
    yield _Part(_FIXED, "", ("\n",))
    for diff in diffs:
        found = list(sections(diff))
        if not found:
            continue
        title = f"{cell_text(title_cell(diff, renamed))} {cell_text(versions_cell(diff))}"
        said = f"{cell_text((Name(diff.said),))}\n\n" if diff.said else ""
        yield _Part(_HEADING, _DETAILS, (f"#### {title}\n\n{said}", ""))
        for section in found:
            yield _section_part(section)
    nodes = lineage_nodes(diffs)
    if nodes:
        graph = f"**Lineage**\n\n```mermaid\n{mermaid(nodes)}```\n\n"
        yield _Part(Topic.LINEAGE, "the lineage", (graph, ""))


def _section_part(section: Section) -> _Part:
    texts = section_text(section), section_text(section.shortened(SHORT)), ""
    what = section.title.partition(":")[0].partition(" (")[0]
    return _Part(section.topic, "examples of paths" if section.is_folded else f"“{what}”", texts)


def _fit(parts: Sequence[_Part], room: int) -> Counter[str]:
    """Shortens parts until all have room; gives what was left out, and how often."""
    size = sum(_length(part.text) for part in parts)
    cut: Counter[str] = Counter()
    for rank in range(max(Topic), _FIXED, -1):
        ranked = [part for part in parts if part.rank == rank]
        for level in range(1, max((len(part.texts) for part in ranked), default=0)):
            for part in reversed(ranked):
                if size <= room:
                    return cut
                size += _length(part.texts[level]) - _length(part.text)
                part.level = level
                cut[part.what] += not part.text
    return cut


def _told(cut: Counter[str], limit: int) -> str:
    left_out = [f"{what} ({count:,})" for what, count in cut.items() if count]
    if not left_out:
        return ""
    why = f"Left out, for a comment holds {limit:,} characters"
    return f"\n_{why}: {', '.join(left_out)}. `dsv diff` shows more._\n"


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
