"""A change as Markdown: what it says, in which order, how long it is, and what it never becomes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dsv_git.diff.changes import diff_entries
from dsv_git.diff.manifest_diff import ManifestDiff
from dsv_git.diff.repeated import repeated_contents
from dsv_git.diff.stats import Totals
from dsv_git.manifest.entry import Entry
from dsv_git.review.markdown import LIMIT, markdown
from dsv_git.review.markdown_text import bar_text, name_text
from dsv_git.review.section import LONGEST, Name
from tests.review.hostile import HOSTILE, NAMES, Seen, hostile_diff

OURS = {
    *("h3", "h4", "p", "strong", "em", "sub", "code", "wbr", "pre", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td", "ul", "li"),
}


def seen(text: str) -> Seen:
    return Seen(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def check_harmless(text: str) -> Seen:
    page = seen(text)
    assert page.tags <= OURS, page.tags - OURS
    assert page.attributes <= {("td", "style"), ("th", "style"), ("code", "class")}
    fenced = [code for code in page.codes if code.startswith("graph TD")]
    for piece in page.texts:
        if piece not in fenced:
            assert not re.search(r"@\w|://\w|www\.", piece, re.IGNORECASE), piece
    return page


def huge(manifests: int, files: int, name: str) -> list[ManifestDiff]:
    """Every file is relabelled, other labels and folders everywhere, and is there twice now."""
    before, after = [], []
    for n in range(files):
        folder = f"{n}{name}"
        before.append(Entry(f"{folder}/a", 1, f"xxh3:{n}", folder, "train"))
        after.append(Entry(f"{folder}/a", 1, f"xxh3:{n}", f"not {folder}", "val"))
        after.append(Entry(f"{folder}/b", 1, f"xxh3:{n}", f"{folder}", "train"))
    diff, repeated = diff_entries(before, after), repeated_contents(before, after)
    labels = {entry.label: 1 for entry in before if isinstance(entry.label, str)}
    return [
        ManifestDiff(
            f"m{n}",
            "1.0",
            name,
            diff,
            (name,),
            Totals(files, files, labels),
            repeated=repeated,
            unread=3,
        )
        for n in range(manifests)
    ]


def test_the_most_telling_comes_first() -> None:
    text = markdown("main", "HEAD", [hostile_diff()], {})
    places = [
        text.index(part)
        for part in (
            "| manifest |",
            "**Labels, from → to**",
            "**Splits, from → to**",
            "**Class balance",
            "**New leaks",
            "**New label conflicts",
            "**New duplicates",
            "**Folders**",
            "<details>",
            "```mermaid",
        )
    ]
    assert places == sorted(places)


def test_nothing_changed_is_said() -> None:
    text = markdown("main", "a|b", [], {})
    assert text == ("### Data: <code>main</code> → <code>a&#124;b</code>\n\nNo data changed.\n")


def test_a_renamed_manifest_has_both_names() -> None:
    text = markdown("a", "b", [ManifestDiff("new", "1", "2", diff_entries([], []))], {"new": "old"})
    assert "| <code>old</code> → <code>new</code> | <code>1</code> → <code>2</code> |" in text


def test_hostile_names_stay_names() -> None:
    page = check_harmless(markdown(NAMES[0], NAMES[1], [hostile_diff()], {NAMES[0]: NAMES[2]}))
    codes = {code.strip() for code in page.codes}
    for name in NAMES:
        assert Name(name).shown.strip() in codes, name


@settings(deadline=None, max_examples=60)
@given(st.lists(HOSTILE, min_size=2, max_size=4, unique=True))
def test_no_name_is_ever_more_than_text(names: list[str]) -> None:
    check_harmless(markdown(names[0], names[1], [hostile_diff(tuple(names))], {}))


@settings(deadline=None, max_examples=200)
@given(HOSTILE)
def test_a_name_is_read_as_it_is_written(name: str) -> None:
    (code,) = seen(f"| a |\n| --- |\n| {name_text(Name(name))} |\n").codes
    assert code == (Name(name).shown or '""')
    assert "\n" not in code
    assert len(Name("x" * 1000 + name).shown.replace("\\", "")) <= 10 * LONGEST


@pytest.mark.parametrize(
    ("manifests", "files", "name"),
    [
        (1, 5000, "x"),
        (40, 60, "|<`@"),
        (2000, 3, "y"),
        (1, 2000, "\U0001f600<" * 200),
        (300, 30, "`|@" * 300),
    ],
)
def test_a_comment_is_never_longer_than_it_may_be(manifests: int, files: int, name: str) -> None:
    diffs = huge(manifests, files, name)
    text = markdown("main", "HEAD", diffs, {})
    assert units(text) <= LIMIT
    assert "| <code>m0</code> |" in text
    if manifests > 1:
        assert units(text) > LIMIT // 2, "much more is cut than has to be"
        assert "_Left out, for a comment holds 65,536 characters: " in text
        assert "examples of paths (" in text
    page = seen(text)
    assert page.tags <= OURS


def test_what_tells_least_is_cut_first() -> None:
    diffs = huge(1, 100, "x")
    whole = markdown("main", "HEAD", diffs, {})
    marks = ("<summary>", "```mermaid", "**Folders**", "**New leaks", "**Class", "**Labels")
    assert [mark in whole for mark in marks] == [True] * 6
    assert "Left out" not in whole
    there = []
    for limit in range(units(whole) + 2000, 4000, -200):
        text = markdown("main", "HEAD", diffs, {}, limit=limit)
        assert units(text) <= limit
        there.append([mark in text for mark in marks])
    assert all(row == sorted(row) for row in there), "a mark is gone before a lesser one"
    assert there[0] == [True] * 6
    assert not any(there[-1][:3])
    assert len({tuple(row) for row in there}) >= 4


def test_a_section_has_few_rows_and_counts_the_rest() -> None:
    text = markdown("main", "HEAD", huge(1, 100, "x"), {})
    assert text.count("… and 80 more") >= 3


def test_a_bar_is_in_eighths_of_a_block() -> None:
    assert bar_text(0) == ""
    assert bar_text(100) == "█" * 10
    assert bar_text(50) == "█" * 5
    assert bar_text(56.25) == "█" * 5 + "▋"
    assert bar_text(0.001) == "▏"
    assert bar_text(1000) == bar_text(100)
