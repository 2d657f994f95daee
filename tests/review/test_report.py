"""The report's parts: what is escaped, cut, counted and drawn where."""

from __future__ import annotations

import json
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.diff.changes import diff_entries
from dsv_git.diff.manifest_diff import ManifestDiff
from dsv_git.diff.stats import Totals
from dsv_git.manifest.entry import Entry
from dsv_git.review.report import rows
from dsv_git.review.report.charts import MOST_CELLS, MOST_LABELS, balance, matrix_table
from dsv_git.review.report.graph import HEIGHT, MOST_NODES, WIDTH, drawing
from dsv_git.review.report.model import Content, Part, Report, VersionRow, size_rows
from dsv_git.review.report.page import render
from dsv_git.review.report.words import headline, remarks

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\n\u2028\u202e"
quick = settings(deadline=None, max_examples=60)


def entry(path: str, number: int = 1, label: str | None = None) -> Entry:
    return Entry(path, number, f"xxh3:{number:032x}", label)


def part(before: list[Entry], after: list[Entry], name: str = "pets") -> Part:
    def content(entries: list[Entry]) -> Content:
        labels: dict[str, int] = {}
        for one in entries:
            for label in one.labels:
                labels[label] = labels.get(label, 0) + 1
        sizes = array("q", [one.size for one in entries])
        return Content(Totals(len(entries), sum(sizes), labels), sizes)

    diff = ManifestDiff(name, "1.0", "1.1", diff_entries(before, after))
    return Part(diff, content(before), content(after))


@quick
@given(st.recursive(st.text() | st.integers(), st.lists))
def test_json_in_a_script_is_the_same_value_and_holds_nothing_that_ends_it(value: object) -> None:
    text = rows.script_json(value)
    assert json.loads(text) == value
    assert text.isascii()
    assert not set("<>&") & set(text)


def test_no_hostile_text_becomes_markup() -> None:
    changed = part([entry("a", 1, "x")], [entry("a", 1, HOSTILE), entry(HOSTILE, 2)], HOSTILE)
    version = VersionRow(
        HOSTILE, HOSTILE, HOSTILE, (HOSTILE,), None, HOSTILE, HOSTILE, HOSTILE, HOSTILE
    )
    page = render(Report(HOSTILE, HOSTILE, HOSTILE, (changed,), (version,), notes=(HOSTILE,)))
    text = page.decode()
    assert text.count("<script") == 2
    assert "<img" not in text
    assert 'title="</script>' not in text
    assert "\u2028" not in text
    assert "\u202e" not in text
    assert "&lt;/script&gt;" in text


def test_names_that_are_no_unicode_make_a_page_all_the_same() -> None:
    assert b"\\udc80" in render(Report("r\udc80", "a", "b", (part([], [entry("x\udc80")]),)))


def test_the_policy_lets_nothing_in_but_the_pages_own_script() -> None:
    text = render(Report("r", "a", "b")).decode()
    assert (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-" in text
    )
    assert "http://" not in text
    assert "https://" not in text


def test_rows_beyond_the_limit_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_ROWS", 10)
    both = tuple(part([], [entry(f"{k}.jpg", k) for k in range(8)], name) for name in "ab")
    found = rows.change_rows(both)
    assert (len(found.rows), found.more) == (10, 6)
    assert b"6 more changes are not on this page" in render(Report("r", "a", "b", both))
    monkeypatch.setattr(rows, "MOST_TEXT", 60)
    assert len(rows.change_rows(both).rows) == 3


def test_the_headline_names_one_dataset_and_counts_several() -> None:
    one = part([entry("a.jpg", 1, "cat")], [entry("a.jpg", 1, "dog"), entry("b.jpg", 2, "dog")])
    assert headline(Report("r", "a", "b", (one,))) == "pets 1.0 → 1.1: 1 added, 1 relabelled."
    other = part([entry("x.jpg", 5)], [], "birds")
    assert headline(Report("r", "a", "b", (one, other))) == (
        "2 datasets changed: 1 added, 1 removed, 1 relabelled."
    )
    assert headline(Report("r", "a", "b")) == "No data changed between a and b."


def test_what_deserves_a_look_is_said() -> None:
    before = [entry(f"{k}.jpg", k + 1, "cat") for k in range(10)] + [entry("o.jpg", 90, "owl")]
    after = [entry(f"{k}.jpg", k + 1, "cat") for k in range(7)] + [entry("d.jpg", 91, "dog")]
    assert remarks(part(before, after)) == [
        "label vanished: owl",
        "label new: dog",
        "cat -3 images (-30%)",
        "36% of all files were removed",
    ]


sizes = st.lists(st.integers(0, 10**9), max_size=60)


@quick
@given(sizes, sizes)
def test_every_file_is_in_one_bar_of_the_sizes(before: list[int], after: list[int]) -> None:
    found = size_rows(Content(sizes=array("q", before)), Content(sizes=array("q", after)))
    for side, files in (("before", before), ("after", after)):
        for row in found:
            inside = sum(row.start <= size < row.end for size in files)
            assert getattr(row, side) == inside
        assert sum(getattr(row, side) for row in found) == len(files)


def test_labels_and_cells_beyond_the_limits_are_counted() -> None:
    before = [entry(f"{k}.jpg", k + 1, f"l{k}") for k in range(40)]
    after = [entry(f"{k}.jpg", k + 1, f"m{k}") for k in range(40)]
    changed = part(before, after)
    shown = balance(changed)
    assert (len(shown.bars), shown.more, shown.unchanged) == (MOST_LABELS, 80 - MOST_LABELS, 0)
    table = matrix_table(changed.diff.diff.label_matrix)
    assert len(table.rows) == len(table.heads) == MOST_CELLS
    assert sum(n for _, cells in table.rows for n, _ in cells) + table.more == 40


@st.composite
def lineages(draw: st.DrawFn) -> list[VersionRow]:
    """Versions, children first, any of the older ones as parents."""
    count = draw(st.integers(1, 12))
    found = []
    for k in range(count):
        older = [f"v{n}" for n in range(k + 1, count)]
        parents = draw(st.lists(st.sampled_from(older), max_size=3)) if older else []
        found.append(VersionRow(f"v{k}", "registered", None, tuple(parents), new=k == 0))
    return found


@quick
@given(lineages())
def test_boxes_never_lie_on_each_other_and_parents_are_on_the_left(
    versions: list[VersionRow],
) -> None:
    drawn = drawing(versions)
    at = {box.version.name: box for box in drawn.boxes}
    boxes = list(at.values())
    for k, one in enumerate(boxes):
        assert 0 <= one.x <= drawn.width - WIDTH
        assert 0 <= one.y <= drawn.height - HEIGHT
        for other in boxes[k + 1 :]:
            assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT
        for parent in one.version.parents:
            assert parent not in at or at[parent].x < one.x
    shown = {(p, box.version.name) for box in boxes for p in box.version.parents if p in at}
    assert len(drawn.lines) == len(shown)


def test_a_long_lineage_is_cut_to_the_versions_nearest_to_the_change() -> None:
    chain = [VersionRow(f"v{k}", "registered", None, (f"v{k + 1}",)) for k in range(100)]
    chain[50] = VersionRow("v50", "registered", None, ("v51",), new=True)
    drawn = drawing(chain)
    assert len(drawn.boxes) == MOST_NODES
    assert drawn.more == 100 - MOST_NODES
    numbers = [int(box.version.name[1:]) for box in drawn.boxes]
    assert (min(numbers), max(numbers)) == (30, 69)
