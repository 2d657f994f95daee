"""The picture of a version's class balance beside its parents'."""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys
import warnings
from pathlib import Path

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dsv_git.review.balance_figure import balance_figure
from dsv_git.review.plotly import COLOURS
from tests.conftest import SOURCE

NOW = ("1.1-youtube", {"cat": 40, "dog": 30, "cow": 12})
BEFORE = ("1.0-youtube", {"cat": 42, "dog": 20, "bird": 9})


def picture(data: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(data))
    found.load()
    assert found.format == "PNG"
    assert found.size == (900, 500)
    assert len(data) < 200_000
    return found


def columns_of(image: Image.Image, colour: str) -> int:
    """How many columns of pixels have the colour, below the legend."""
    wanted = tuple(bytes.fromhex(colour.removeprefix("#")))
    below = image.convert("RGB").crop((0, 60, 900, 500))
    pixels = below.load()
    assert pixels is not None
    return sum(any(pixels[x, y] == wanted for y in range(below.height)) for x in range(below.width))


def test_it_shows_shares_so_the_size_of_a_version_changes_no_bar() -> None:
    tenfold = {name: 10 * count for name, count in NOW[1].items()}
    assert balance_figure((NOW[0], tenfold), [BEFORE]) == balance_figure(NOW, [BEFORE])
    other = ("1.1-youtube", {**NOW[1], "cat": 41})
    assert balance_figure(other, [BEFORE]) != balance_figure(NOW, [BEFORE])


def test_every_class_of_the_version_has_its_bar() -> None:
    one = columns_of(picture(balance_figure(("1", {"a": 5}), [])), COLOURS[0])
    three = columns_of(picture(balance_figure(("1", {"a": 5, "b": 5, "c": 5}), [])), COLOURS[0])
    assert one > 20
    assert abs(three - 3 * one) <= 3


def test_the_same_input_gives_the_same_bytes_and_no_trace_of_this_machine() -> None:
    data = balance_figure(NOW, [BEFORE])
    assert data == balance_figure(NOW, [BEFORE])
    assert picture(data).info.keys() <= {"dpi"}


def test_a_persons_own_settings_change_nothing_and_stay() -> None:
    imported = "matplotlib.pyplot" in sys.modules
    plain = balance_figure(NOW, [BEFORE])
    with mpl.rc_context({"text.usetex": True, "axes.facecolor": "black", "font.size": 30}):
        assert balance_figure(NOW, [BEFORE]) == plain
        assert mpl.rcParams["text.usetex"] is True
    assert ("matplotlib.pyplot" in sys.modules) == imported


@pytest.mark.parametrize(
    "name",
    [
        "$\\frac{",
        "$x$",
        "_hidden",
        "猫" * 100,
        "<b>&amp;",
        "a\nb\0c",
        "\ud800",
        " ",
        "\u202ecat",
        "%s",
    ],
)
def test_any_name_is_drawn_as_plain_text_in_silence(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture(balance_figure((name, {name: 3, "cat": 1}), [(name, {name: 1})]))
    assert not [line for line in caplog.records if line.levelno >= logging.WARNING]


def test_a_dollar_is_a_character_and_a_leading_underscore_hides_nothing() -> None:
    def drawn(name: str) -> bytes:
        return balance_figure((name, {"cat": 1}), [])

    assert drawn("$x$") != drawn("x")
    assert drawn("_a") != drawn("_b")


def test_many_classes_and_parents_stay_within_the_picture() -> None:
    many = {f"class {n} {'x' * 100}": n + 1 for n in range(3000)}
    picture(balance_figure(("2.0", many), [(f"1.{n}", many) for n in range(20)]))


def test_of_many_classes_a_small_one_is_named_where_it_moved() -> None:
    large = {f"large {n:02}": 10_000 for n in range(60)}

    def drawn(name: str, before: int) -> bytes:
        return balance_figure(("2", {**large, name: 3_000}), [("1", {**large, name: before})])

    assert drawn("rare", 10) != drawn("scarce", 10)
    assert drawn("rare", 3_000) == drawn("scarce", 3_000)


def test_without_labels_it_says_so() -> None:
    assert columns_of(picture(balance_figure(("1", {}), [("0", {"cat": 0})])), COLOURS[0]) == 0


counts = st.dictionaries(st.text(max_size=12), st.integers(0, 2**53), max_size=6)


@settings(deadline=None, max_examples=12)
@given(counts, st.lists(st.tuples(st.text(max_size=8), counts), max_size=2))
def test_any_counts_give_a_picture(
    now: dict[str, int], parents: list[tuple[str, dict[str, int]]]
) -> None:
    picture(balance_figure(("1.0", now), parents))


def test_a_home_that_cannot_be_written_is_no_ones_business(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code = "from dsv_git.review.balance_figure import balance_figure as f; f(('猫', {'猫': 1}), [])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={
            **os.environ,
            "PYTHONPATH": str(SOURCE),
            "PYTHONUTF8": "1",
            "MPLCONFIGDIR": str(tmp_path / "file" / "none"),
            "TMPDIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_nothing_is_written_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    balance_figure(NOW, [BEFORE])
    assert list(tmp_path.iterdir()) == []
