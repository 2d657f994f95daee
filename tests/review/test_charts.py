"""The charts of a version's page: right numbers, never markup, never too much."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.diff.changes import diff_entries
from dsv_git.diff.sizes import size_bins
from dsv_git.diff.stats import stats
from dsv_git.manifest.entry import Entry, Label, as_label
from dsv_git.review.charts import TITLES, Chart, Relative, version_charts
from dsv_git.review.plotly import LONGEST, shown

HOSTILE = (
    "<b>bold</b>",
    '<a href="javascript:alert(1)">x</a>',
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt;",
    "%{y}<extra></extra>",
    "$\\href{javascript:alert(1)}{x}$",
    "a\nb\0\x1b[31m",
    "\u202eevil",
    "x" * 10_000,
    "(no label)",
    "猫",
)


def entry(n: int, label: Label | None = None, split: str | None = None, size: int = 1000) -> Entry:
    return Entry(f"{n}.jpg", size, f"xxh3:{n:032x}", label, split)


def charts(
    rows: Sequence[Entry],
    before: Sequence[Entry] | None = None,
    lineage: Sequence[Relative] = (),
    current: str = "",
) -> dict[str, Chart]:
    """The charts by title, each JSON, small, and with a title of its own."""
    found = version_charts(
        stats(rows),
        size_bins(row.size for row in rows),
        None if before is None else diff_entries(before, rows),
        lineage,
        current,
    )
    for chart in found:
        text = json.dumps(chart.figure, allow_nan=False)
        assert len(text) < 1_000_000
        assert set(chart.figure) == {"data", "layout"}
        assert chart.series
        for said in texts(json.loads(text)):
            assert not re.search(r"[<>$\n]|&(?!lt;|gt;|amp;|#36;)", said), said
            assert len(re.sub("&[^;]+;", "_", said)) <= LONGEST
    by_title = {chart.title: chart for chart in found}
    assert len(by_title) == len(found)
    assert by_title.keys() <= TITLES
    return by_title


def texts(value: object) -> Iterator[str]:
    """Every text that a figure shows; our own templates, in which data is only named, aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key != "hovertemplate":
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def rows_of(chart: Chart) -> list[tuple[Any, ...]]:
    """A table's head and rows."""
    trace = data_of(chart)[0]
    assert trace["type"] == "table"
    columns = trace["cells"]["values"]
    formats = trace["cells"]["format"]
    assert len(columns) == len(trace["header"]["values"]) == len(formats)
    for column, form in zip(columns, formats, strict=True):
        # plotly formats a whole column: a text in a column of numbers would become NaN.
        assert not form or all(isinstance(cell, int | float) for cell in column)
    return [tuple(trace["header"]["values"]), *zip(*columns, strict=True)]


def data_of(chart: Chart) -> list[dict[str, Any]]:
    return json.loads(json.dumps(chart.figure))["data"]  # type: ignore[no-any-return]


def layout_of(chart: Chart) -> dict[str, Any]:
    return json.loads(json.dumps(chart.figure))["layout"]  # type: ignore[no-any-return]


PETS = [
    entry(1, "cat", "train"),
    entry(2, "cat", "train"),
    entry(3, "cat", "val"),
    entry(4, "dog", "train"),
    entry(5, None, "val"),
    entry(6, "dog"),
    entry(7, "dog", "train"),
    entry(8, "cat", "train"),
]


def test_classes_are_a_table_the_most_frequent_first() -> None:
    assert rows_of(charts(PETS)["Classes"]) == [
        ("class", "images", "objects", "% of files", "train", "val", "(no split)"),
        ("cat", 4, 4, 50.0, 3, 1, 0),
        ("dog", 3, 3, 37.5, 2, 0, 1),
        ("(no label)", 1, 0, 12.5, 0, 1, 0),
    ]


def test_objects_are_counted_beside_images_and_nothing_is_said_that_is_not_known() -> None:
    rows = [
        entry(1, ("cat", "cat", "dog"), "train"),
        entry(2, None, "train"),
        entry(3, "dog", "val"),
    ]
    found = charts(rows)
    assert rows_of(found["Classes"])[1:] == [
        ("dog", 2, 2, 66.67, "1", "1"),
        ("cat", 1, 2, 33.33, "1", "0"),
        ("(no label)", 1, 0, 33.33, "", ""),
    ]
    assert layout_of(found["Class balance"])["xaxis"]["ticktext"] == ["dog", "cat"]


def test_objects_have_bars_of_their_own_where_images_have_many() -> None:
    rows = [entry(1, ("cat", "dog", "dog", "dog")), entry(2, "cat")]
    found = charts(rows)["Class balance in objects"]
    (trace,) = data_of(found)
    assert dict(zip(trace["customdata"], trace["y"], strict=True)) == {"dog": 3, "cat": 2}

    many = [entry(n, (f"c{n:03}", f"c{n:03}")) for n in range(70)]
    (trace,) = data_of(charts(many)["Class balance in objects"])
    assert (len(trace["y"]), sum(trace["y"]), trace["customdata"][-1]) == (61, 140, "other (10)")
    assert "Class balance in objects" not in charts([entry(1, ("cat", "dog")), entry(2, "cat")])


def test_without_splits_there_are_no_columns_of_splits() -> None:
    found = charts([entry(1, "cat"), entry(2)])
    assert rows_of(found["Classes"]) == [
        ("class", "images", "objects", "% of files"),
        ("cat", 1, 1, 50.0),
        ("(no label)", 1, 0, 50.0),
    ]
    (bars,) = data_of(found["Class balance"])
    assert (bars["name"], bars["x"], bars["y"]) == ("images", [0, 1], [1, 1])


def test_the_balance_has_one_trace_a_split() -> None:
    found = charts(PETS)["Class balance"]
    assert [(bars["name"], bars["y"]) for bars in data_of(found)] == [
        ("train", [3, 2, 0]),
        ("val", [1, 0, 1]),
        ("(no split)", [0, 1, 0]),
    ]
    layout = layout_of(found)
    assert layout["barmode"] == "group"
    assert layout["xaxis"]["ticktext"] == ["cat", "dog", "(no label)"]
    assert layout["xaxis"]["tickvals"] == data_of(found)[0]["x"]


def test_many_classes_are_capped_and_none_is_lost() -> None:
    rows = [entry(n, f"class {n % 700:03}") for n in range(1400)]
    found = charts(rows)
    table = rows_of(found["Classes"])
    assert len(table) == 1 + 500 + 1
    assert table[-1] == ("… and 200 more classes", 400, 400, "")
    (bars,) = data_of(found["Class balance"])
    assert len(bars["y"]) == 61
    assert sum(bars["y"]) == 1400
    assert bars["customdata"][-1] == "other (640)"


def test_many_splits_share_a_column() -> None:
    rows = [entry(n, "cat", f"fold {n:03}") for n in range(300)]
    found = charts([*rows, entry(999, "cat", "fold 000")])
    head, cat = rows_of(found["Classes"])
    assert head[4:6] == ("fold 000", "fold 001")
    assert head[-1] == "other splits (292)"
    assert cat[4:] == (2, 1, 1, 1, 1, 1, 1, 1, 292)
    assert len({bars["marker"]["color"] for bars in data_of(found["Class balance"])}) == 9


def test_labels_that_look_alike_when_cut_keep_their_own_bars() -> None:
    rows = [entry(1, "x" * 90 + "a"), entry(2, "x" * 90 + "b")]
    (bars,) = data_of(charts(rows)["Class balance"])
    assert bars["y"] == [1, 1]
    assert len(set(bars["x"])) == 2


def test_sizes_are_a_histogram_with_edges_to_read() -> None:
    found = charts([entry(1, size=81_000), entry(2, size=81_900), entry(3, size=83_500)])
    sizes = found["File sizes"]
    (bars,) = data_of(sizes)
    assert bars["y"] == [2, 0, 1]
    assert bars["customdata"][0] == "81 kB to 82 kB"
    layout = layout_of(sizes)
    assert layout["xaxis"]["tickvals"] == [-0.5, 0.5, 1.5, 2.5]
    assert layout["xaxis"]["ticktext"] == ["81 kB", "82 kB", "83 kB", "84 kB"]
    assert (
        layout["title"]["text"]
        == "Sizes of 3 files: median 81.9 kB, 95 % ≤ 83.5 kB, largest 83.5 kB"
    )


def test_empty_files_have_a_bar_that_says_so() -> None:
    (bars,) = data_of(charts([entry(1, size=0), entry(2, size=1)])["File sizes"])
    assert bars["customdata"] == ["empty", "1 byte"]


def test_changes_are_a_table_and_relabellings_another() -> None:
    before = [*PETS, entry(20, "cat", "train", size=5)]
    after = [
        entry(1, "dog", "train"),
        entry(2, "dog", "train"),
        entry(3, "cat", "train"),
        *PETS[3:],
        entry(21, "cow", size=2_500_000),
    ]
    found = charts(after, before)
    assert dict(rows_of(found["Changes"])[1:]) == {
        "added": "1",
        "removed": "1",
        "modified": "0",
        "renamed": "0",
        "copied": "0",
        "relabelled": "3",
        "reannotated": "0",
        "redescribed": "0",
        "bytes added": "2.5 MB",
        "bytes removed": "5 bytes",
    }
    assert rows_of(found["Relabelled"]) == [("from", "to", "objects"), ("cat", "dog", 2)]
    assert rows_of(found["Moved between splits"]) == [("from", "to", "files"), ("val", "train", 1)]


def test_a_gained_label_comes_from_none() -> None:
    found = charts([entry(1, "cat", "val")], [entry(1)])
    assert rows_of(found["Relabelled"])[1:] == [("(no label)", "cat", 1)]
    assert rows_of(found["Moved between splits"])[1:] == [("(no split)", "val", 1)]


def test_many_relabellings_are_capped_and_none_is_lost() -> None:
    before = [entry(n, f"old {n}") for n in range(800)]
    table = rows_of(charts([entry(n, f"new {n}") for n in range(800)], before)["Relabelled"])
    assert len(table) == 1 + 500 + 1
    assert table[-1] == ("… and 300 more pairs", "", 300)


def test_where_nothing_is_there_is_no_chart() -> None:
    assert charts([]) == {}
    assert charts([], []) == {}
    assert charts([entry(1)], [entry(1)]).keys() == {"File sizes"}
    assert charts([], [entry(1, "cat")]).keys() == {"Changes"}
    assert charts([], lineage=[Relative("a", "1.0")], current="a") == {}
    assert charts([], lineage=[Relative("a", "1.0", ("gone",))], current="b") == {}


STORY = (
    Relative("k", "obj-detect 1.0-kaggle"),
    Relative("y", "obj-detect 1.0-youtube"),
    Relative("y2", "obj-detect 1.1-youtube", ("y",)),
    Relative("m", "obj-detect 1.0", ("k", "y2")),
    Relative("child", "obj-detect 1.1", ("m",)),
)


def test_a_lineage_goes_from_left_to_right_and_marks_the_version() -> None:
    lines, former, current = data_of(charts([], lineage=STORY, current="m")["Lineage"])
    places = {told[1]: x for told, x in zip(former["customdata"], former["x"], strict=True)}
    assert places == {"k": 0, "y": 0, "y2": 1}
    assert (current["customdata"], current["x"]) == ([["obj-detect 1.0", "m"]], [2])
    assert current["marker"] != former["marker"]
    ends = list(zip(lines["x"][::3], lines["x"][1::3], strict=True))
    assert sorted(ends) == [(0, 1), (0, 2), (1, 2)]
    assert lines["x"][2::3] == [None] * 3


def test_no_two_versions_lie_on_each_other() -> None:
    wide = [Relative(f"p{n}", "p") for n in range(30)]
    found = charts([], lineage=[*wide, Relative("m", "m", tuple(p.id for p in wide))], current="m")
    _, former, current = data_of(found["Lineage"])
    places = {*zip(former["x"], former["y"], strict=True), (current["x"][0], current["y"][0])}
    assert len(places) == 31
    assert (former["mode"], current["mode"]) == ("markers", "markers+text")


def test_a_long_lineage_shows_the_nearest_and_says_so() -> None:
    chain = [Relative(f"{n}", f"1.{n}", (f"{n - 1}",)) for n in range(1500)]
    found = charts([], lineage=chain, current="1499")["Lineage"]
    _, former, _ = data_of(found)
    assert {int(told[1]) for told in former["customdata"]} == set(range(1300, 1499))
    assert "the nearest 200 of 1,500" in layout_of(found)["title"]["text"]


def test_a_lineage_that_runs_in_a_circle_ends() -> None:
    circle = [Relative("a", "a", ("b", "a")), Relative("b", "b", ("a",))]
    assert "Lineage" in charts([], lineage=circle, current="a")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_data_in_every_chart(name: str) -> None:
    rows = [entry(1, name, name), entry(2, (name, name, "zzz"), "train"), entry(3)]
    lineage = [Relative(name, name), Relative("m", name, (name,))]
    found = charts(rows, [entry(1, "cat", "x"), entry(2)], lineage, "m")
    assert found.keys() == TITLES
    for title in TITLES - {"File sizes", "Changes"}:
        assert shown(name) in set(texts(data_of(found[title])))


def test_what_is_shown_reads_as_it_is_written() -> None:
    assert shown("cat & <b>") == "cat &amp; &lt;b&gt;"
    assert shown("$5") == "&#36;5"
    assert shown("a\nb") == "a\\nb"
    assert shown("x" * 80) == "x" * 80
    assert shown("x" * 81) == "x" * 79 + "…"
    assert shown("<" * 81) == "&lt;" * 79 + "…"


names = st.one_of(st.sampled_from(HOSTILE), st.text(min_size=1, max_size=6))
labels = st.one_of(st.none(), st.lists(names, max_size=3).map(as_label))
entries = st.builds(
    entry,
    st.integers(0, 8),
    labels,
    st.one_of(st.none(), names),
    st.sampled_from([0, 1, 999, 10**6, 2**53]),
)
versions = st.lists(entries, max_size=8, unique_by=lambda row: row.path)
lineages = st.lists(st.builds(Relative, names, names, st.lists(names, max_size=3).map(tuple)))


@settings(deadline=None, max_examples=100)
@given(versions, versions, lineages, names)
def test_any_version_gives_charts_that_are_safe_and_complete(
    before: list[Entry], after: list[Entry], lineage: list[Relative], current: str
) -> None:
    found = charts(after, before, lineage, current)
    images: Iterable[int] = stats(after).images.values()
    if "Classes" in found:
        table = rows_of(found["Classes"])
        assert sum(row[1] for row in table[1:]) == sum(images) + stats(after).unlabelled
    if "File sizes" in found:
        assert sum(data_of(found["File sizes"])[0]["y"]) == len(after)
    assert ("Classes" in found) == any(row.labels for row in after)
