"""A person's own reports on the page of a version."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.flow.reports import LARGEST_FIGURE, LARGEST_FILE, read_reports, titles
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.declaration import Reports
from dsv_git.registry.page import Page, Picture, Plot, Sample
from tests.conftest import Repo

FIGURE: dict[str, Any] = {"data": [{"type": "bar", "y": [1, 2]}], "layout": {"title": "Balance"}}
POINTER = (
    "version https://git-lfs.github.com/spec/v1\n"
    "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)
NOWHERE = "is neither in the commit nor in the working tree"


@pytest.fixture(autouse=True)
def _initialised(repo: Repo) -> None:
    repo.write(".dsv.yaml", "registry: local\n")
    repo.commit("init")


def page(
    repo: Repo, *, taken: tuple[str, ...] = (), rev: str = "HEAD", **reports: list[str]
) -> Page:
    declared = Reports(**{key: tuple(paths) for key, paths in reports.items()})
    found = read_reports(Workspace.open(repo.path), declared, rev, taken)
    for plot in found.plots:
        json.dumps(plot.figure, allow_nan=False)
    assert all(note.isprintable() for note in found.notes)
    return found


def rows_of(plot: Plot) -> list[tuple[Any, ...]]:
    trace = json.loads(json.dumps(plot.figure))["data"][0]
    columns = trace["cells"]["values"]
    assert len(columns) == len(trace["header"]["values"])
    return [tuple(trace["header"]["values"]), *zip(*columns, strict=True)]


def test_a_csv_is_a_table(repo: Repo) -> None:
    repo.write("reports/classes.csv", '\ufeffid,name\n0,cat\n\n1,"dog, big"\n2\n3,x,extra\n')
    (plot,) = page(repo, tables=["reports/classes.csv"]).plots
    assert (plot.title, plot.series) == ("classes", "classes.csv")
    assert rows_of(plot) == [
        ("id", "name", ""),
        ("0", "cat", ""),
        ("1", "dog, big", ""),
        ("2", "", ""),
        ("3", "x", "extra"),
    ]
    assert plot.figure["layout"] == {"title": {"text": "classes"}}


def test_a_table_of_a_header_alone_has_its_columns(repo: Repo) -> None:
    repo.write("a.csv", "id,name\n")
    assert rows_of(page(repo, tables=["a.csv"]).plots[0]) == [("id", "name")]


def test_a_large_table_is_cut_and_says_how_much_is_left(repo: Repo) -> None:
    lines = [",".join(f"c{n}" for n in range(60)), *(",".join(["1"] * 60) for _ in range(700))]
    repo.write("a.csv", "\n".join(lines))
    table = rows_of(page(repo, tables=["a.csv"]).plots[0])
    assert len(table) == 1 + 500 + 1
    assert table[0][-2:] == ("c49", "… and 10 more columns")
    assert table[-1][0] == "… and 200 more rows"


def test_a_table_of_long_cells_stays_small(repo: Repo) -> None:
    line = ",".join(["\U0001f408" * 300] * 50)
    repo.write("a.csv", "\n".join([line] * 400))
    (plot,) = page(repo, tables=["a.csv"]).plots
    assert len(json.dumps(json.dumps(plot.figure))) < 2_000_000
    table = rows_of(plot)
    assert table[-1][0] == f"… and {400 - 1 - (len(table) - 2)} more rows"
    assert len(table) > 10
    assert max(map(len, table[1])) == 80


def test_cells_and_names_are_data_and_never_markup(repo: Repo) -> None:
    repo.write("<b>x.csv", "<a href='javascript:1'>id</a>\n<script>&$x$\n")
    (plot,) = page(repo, tables=["<b>x.csv"]).plots
    assert plot.title == "<b>x"
    assert plot.figure["layout"] == {"title": {"text": "&lt;b&gt;x"}}
    assert rows_of(plot) == [
        ("&lt;a href='javascript:1'&gt;id&lt;/a&gt;",),
        ("&lt;script&gt;&amp;&#36;x&#36;",),
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (b"a\n" + b"x" * 5_000_000, "is no CSV: field larger than field limit (4194304)"),
        (POINTER.encode(), "is a Git LFS pointer here: git lfs pull"),
    ],
)
def test_what_is_no_table_is_noted(repo: Repo, content: bytes, why: str) -> None:
    repo.write("a.csv", content)
    repo.write("b.csv", "fine\n1\n")
    found = page(repo, tables=["a.csv", "b.csv"])
    assert found.notes == (f"reports: a.csv {why}",)
    assert [plot.title for plot in found.plots] == ["b"]


def test_figures_are_pictures_or_plotly(repo: Repo) -> None:
    repo.write("r/a.png", b"\x89PNG")
    repo.write("r/b.SVG", "<svg/>")
    repo.write("r/c.plotly.json", json.dumps({**FIGURE, "frames": []}))
    found = page(repo, figures=["r/a.png", "r/b.SVG", "r/c.plotly.json"])
    assert found.pictures == (
        Picture("a", "a.png", "a.png", b"\x89PNG"),
        Picture("b", "b.SVG", "b.SVG", b"<svg/>"),
    )
    assert found.plots == (Plot("c", "c.plotly.json", FIGURE),)
    assert found.notes == ()


DEEP: Any = []
for _ in range(60):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '{"data": [], "layout": []}',
        '{"data": {}, "layout": {}}',
        '{"data": [1], "layout": {}}',
        '{"data": []}',
        '{"type": "service_account", "private_key": "s3cret"}',
        '{"data": [{"y": [NaN]}], "layout": {}}',
        '{"data": [{"y": [Infinity, 1e999]}], "layout": {}}',
        '{"data": [{"y": [1e999]}], "layout": {}}',
        json.dumps({"data": [{"y": DEEP}], "layout": {}}),
        '{"data": [{"y": ' + "[" * 100_000,
        json.dumps({"data": [{"name": "é" * 2_000_000}], "layout": {}}),
        " " * (LARGEST_FIGURE + 1),
    ],
)
def test_what_is_no_figure_is_noted_and_its_content_is_not(repo: Repo, content: str) -> None:
    repo.write("a.json", content)
    found = page(repo, figures=["a.json"])
    assert found.plots == ()
    (note,) = found.notes
    assert note.startswith("reports: a.json is ")
    assert len(note) < 200
    assert "s3cret" not in note


def test_media_are_samples(repo: Repo) -> None:
    repo.write("r/cat.jpg", b"jpeg")
    repo.write("r/meow.wav", b"wave")
    found = page(repo, media=["r/cat.jpg", "r/meow.wav"])
    assert found.samples == (
        Sample("cat", "cat.jpg", "cat.jpg", b"jpeg"),
        Sample("meow", "meow.wav", "meow.wav", b"wave"),
    )


def test_a_file_of_another_kind_is_not_sent(repo: Repo) -> None:
    for name in ("key.pem", ".env", "a.pickle", "noend"):
        repo.write(name, "secret")
    names = ["key.pem", ".env", "a.pickle", "noend"]
    found = page(repo, tables=names, figures=names, media=names)
    assert (found.plots, found.pictures, found.samples) == ((), (), ())
    assert len(found.notes) == 12
    assert found.notes[0] == "reports: key.pem cannot be shown as a table: .csv can"


def test_a_file_above_the_limit_is_noted(repo: Repo) -> None:
    for name in ("loose.wav", "tracked.wav"):
        with repo.write(name, b"").open("r+b") as out:
            out.truncate(LARGEST_FILE + 1)
    repo.git("add", "tracked.wav")
    repo.git("commit", "-q", "-m", "large")
    assert page(repo, media=["loose.wav", "tracked.wav"]).notes == (
        "reports: loose.wav is larger than 50 MB",
        "reports: tracked.wav is larger than 50 MB",
    )


def test_the_commit_decides_and_the_working_tree_has_what_git_does_not(repo: Repo) -> None:
    repo.write(".gitignore", "ignored/\n")
    repo.write("r/a.txt", "one")
    first = repo.commit("one")
    repo.write("r/a.txt", "two")
    second = repo.commit("two")
    repo.write("r/a.txt", "three")
    repo.write("ignored/b.txt", "loose")
    wanted = ["r/a.txt", "ignored/b.txt", "r/none.txt", "r/a.txt/x.txt"]
    for rev, text in ((first, b"one"), (second, b"two")):
        found = page(repo, rev=rev, media=wanted)
        assert [sample.data for sample in found.samples] == [text, b"loose"]
        assert found.notes == (
            f"reports: r/none.txt {NOWHERE}",
            f"reports: r/a.txt/x.txt {NOWHERE}",
        )


def test_a_pointer_in_the_commit_counts_as_not_there(repo: Repo) -> None:
    repo.write("a.txt", POINTER)
    repo.commit("pointer")
    repo.write("a.txt", "the text itself")
    assert page(repo, media=["a.txt"]).samples[0].data == b"the text itself"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/etc/hostname.txt", "is absolute"),
        ("../secret.txt", "has a part '..'"),
        ("r/../../secret.txt", "has a part '..'"),
        ("./a.txt", "has a part '.'"),
        (".git/description.txt", "leads into a .git folder"),
        ("r/.GIT/x.txt", "leads into a .git folder"),
        ("a\0.txt", "holds a NUL"),
        ("a\n.txt", NOWHERE),
        ("r.txt", "is not a file"),
        ("pipe.txt", "is not a file"),
        ("link.txt", "is a symbolic link"),
        ("inner.txt", "is a symbolic link"),
        ("folder/secret.txt", "is behind a symbolic link"),
        ("\ud800.txt", "is not UTF-8"),
        ("x" * 300 + "/a.txt", "cannot be read: File name too long"),
        ("x" * 300 + ".txt", "cannot be read: File name too long"),
    ],
)
def test_no_path_leads_out_of_the_repository(repo: Repo, path: str, why: str) -> None:
    secret = repo.path.parent / "secret.txt"
    secret.write_text("s3cret")
    repo.write("a.txt", "fine")
    (repo.path / "r.txt").mkdir()
    os.mkfifo(repo.path / "pipe.txt")
    (repo.path / "link.txt").symlink_to(secret)
    (repo.path / "inner.txt").symlink_to("a.txt")
    (repo.path / "folder").symlink_to(secret.parent)
    found = page(repo, media=[path])
    assert found.samples == ()
    (note,) = found.notes
    assert note.endswith(f".txt {why}")


def test_a_link_in_the_commit_is_not_its_target_either(repo: Repo) -> None:
    (repo.path / "link.txt").symlink_to("/etc/hostname")
    repo.commit("link")
    assert page(repo, media=["link.txt"]).notes == ("reports: link.txt is a symbolic link",)
    Path(repo.path, "link.txt").unlink()
    assert page(repo, media=["link.txt"]).notes == (f"reports: link.txt {NOWHERE}",)


def test_the_same_file_twice_is_there_once(repo: Repo) -> None:
    repo.write("a.csv", "x\n1\n")
    assert len(page(repo, tables=["a.csv", "a.csv"]).plots) == 1


def test_titles_are_stems_and_with_more_only_where_two_are_alike() -> None:
    assert titles(["r/a.csv", "s/a.csv", "r/b.plotly.json", "r/c.png", "r/c.csv", "d.csv"]) == {
        "r/a.csv": "r/a",
        "s/a.csv": "s/a",
        "r/b.plotly.json": "b",
        "r/c.png": "r/c.png",
        "r/c.csv": "r/c.csv",
        "d.csv": "d",
    }
    assert titles(["r/Classes.csv"], {"Classes"}) == {"r/Classes.csv": "r/Classes"}
    assert titles(["Classes.csv"], {"Classes"}) == {"Classes.csv": "Classes.csv"}


def test_a_report_never_has_the_title_of_a_chart_of_ours(repo: Repo) -> None:
    repo.write("reports/Lineage.csv", "x\n1\n")
    assert page(repo, tables=["reports/Lineage.csv"], taken=("Lineage",)).plots[0].title == (
        "reports/Lineage"
    )


parts = st.sampled_from(["a", "a.png", "b", ".plotly", "a.csv.png", "", "..", "c"])
paths = st.builds("/".join, st.lists(parts, max_size=3))


@settings(deadline=None, max_examples=200)
@given(st.lists(paths), st.sets(st.sampled_from(["a", "b", "c"])))
def test_no_two_titles_are_alike(found: list[str], taken: set[str]) -> None:
    chosen = titles(found, taken)
    assert chosen.keys() == set(found)
    assert len(set(chosen.values())) == len(chosen)
    assert all(title not in taken or title == path for path, title in chosen.items())
