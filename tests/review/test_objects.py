"""Several labels an image: every number of a change says images and objects apart."""

from __future__ import annotations

from dsv_git.diff.changes import diff_entries
from dsv_git.diff.manifest_diff import LabelBalance, ManifestDiff
from dsv_git.diff.stats import stats
from dsv_git.manifest.entry import Entry, Label
from dsv_git.review.document import diff_document, stats_document
from dsv_git.review.lines import plain
from dsv_git.review.markdown import markdown
from dsv_git.review.report.words import remarks
from dsv_git.review.schema import LabelRow
from dsv_git.review.stats_text import stats_lines
from dsv_git.review.text import diff_lines
from tests.review.test_report import part


def entry(n: int, label: Label | None) -> Entry:
    return Entry(f"{n}.jpg", 10, f"xxh3:{n:032x}", label)


BEFORE = [entry(1, "cat"), entry(2, ("cat", "dog")), entry(3, "owl")]
AFTER = [entry(1, ("cat", "cat", "cat")), entry(2, ("cat", "dog")), entry(4, ("dog", "dog"))]


def of(before: list[Entry], after: list[Entry]) -> ManifestDiff:
    return ManifestDiff("pets", "1", "2", diff_entries(before, after))


def words(before: list[Entry], after: list[Entry]) -> list[str]:
    """The lines of the class balance, spaces apart."""
    text = plain(diff_lines(of(before, after)))
    lines = text.partition("class balance (images)\n")[2].partition("\n\n")[0].splitlines()
    return [" ".join(line.split()) for line in lines]


def test_a_change_of_objects_alone_is_in_the_balance() -> None:
    assert of(BEFORE, AFTER).balance == (
        LabelBalance("dog", None, None, 1, objects=2),
        LabelBalance("owl", None, None, -1, objects=-1),
        LabelBalance("cat", None, None, 0, objects=2),
    )


def test_objects_are_told_where_they_say_more_than_images() -> None:
    assert words(BEFORE, AFTER) == [
        "dog +1 +2 objects",
        "owl -1 -1 objects",
        "cat 0 +2 objects",
    ]
    assert words([entry(1, "cat")], [entry(1, "dog")]) == ["cat -1", "dog +1"]


def test_markdown_has_a_column_of_objects_where_they_say_more() -> None:
    text = markdown("a", "b", [of(BEFORE, AFTER)], {})
    assert "| label | change | objects |" in text
    assert "| <code>cat</code> | 0 | +2 |" in text
    assert "objects" not in markdown("a", "b", [of([entry(1, "cat")], [entry(2, "dog")])], {})


def test_json_counts_both() -> None:
    (found,) = diff_document([of(BEFORE, AFTER)]).manifests
    assert [(row.label, row.change, row.objects) for row in found.labels] == [
        ("dog", 1, 2),
        ("owl", -1, -1),
        ("cat", 0, 2),
    ]
    assert stats_document(stats(AFTER)).labels == [LabelRow("cat", 2, 4), LabelRow("dog", 2, 3)]


def test_the_numbers_of_a_version_count_both() -> None:
    rows = [" ".join(line.split()) for line in plain(stats_lines(stats(AFTER))).splitlines()]
    assert "label images objects" in rows
    assert {"cat 2 4", "dog 2 3"} <= set(rows)


def test_the_report_says_more_objects_in_as_many_images() -> None:
    assert "cat +2 objects, in as many images" in remarks(part(BEFORE, AFTER))
