"""The report in a real browser: it shows what it holds, asks for nothing, runs nothing foreign."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dsv_git.diff.changes import diff_entries
from dsv_git.diff.manifest_diff import ManifestDiff
from dsv_git.diff.stats import Totals
from dsv_git.manifest.entry import Entry
from dsv_git.review.report.model import Content, Part, Report, VersionRow
from dsv_git.review.report.page import render
from tests.browser import NAMES, Page, find_browser

ATTACK = "</script><script>window.ran=1</script><img src=x onerror=window.ran=2>\"'<b>\u2028&amp;"
BROWSER = find_browser()

pytestmark = pytest.mark.skipif(BROWSER is None, reason=f"no Chromium on PATH ({', '.join(NAMES)})")


def entry(path: str, number: int, label: str = "cat") -> Entry:
    return Entry(path, 10 + number, f"xxh3:{number:032x}", label, "train")


def hostile_report() -> Report:
    before = [entry(f"train/img_{n:04}.jpg", n) for n in range(500)]
    after = [entry(f"new/img_{n:04}.jpg", 1000 + n, "dog") for n in range(700)]
    after += [entry(ATTACK, 1, ATTACK), entry("train/img_0002.jpg", 2, "bird")]
    diff = diff_entries(before, after)
    part = Part(
        ManifestDiff("pets", ATTACK, "1.1", diff, (ATTACK,)),
        Content(Totals(500, 5000, {"cat": 500})),
        Content(Totals(702, 9000, {"dog": 700, "bird": 1, ATTACK: 1})),
    )
    rows = (
        VersionRow("pets@1.1", "registered", ATTACK, (f"pets@{ATTACK}",), author=ATTACK, new=True),
        VersionRow(f"pets@{ATTACK}", "registered", "local:1", subject=ATTACK),
    )
    return Report(ATTACK, ATTACK, "HEAD", (part,), rows, notes=(ATTACK,))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    place: Path = tmp_path_factory.mktemp("page") / "report.html"
    place.write_bytes(render(hostile_report()))
    assert BROWSER is not None
    with Page(BROWSER) as opened:
        opened.open(place)
        yield opened


def test_it_loads_without_an_error_and_asks_for_nothing(page: Page) -> None:
    assert page.run("document.querySelectorAll('.row').length") > 10
    assert page.errors == []
    assert [url for url in page.requests if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in page.requests if url.startswith("file:")]) == 1


def test_a_hostile_name_is_shown_and_runs_nothing(page: Page) -> None:
    assert page.run("window.ran") is None
    assert page.run("document.images.length") == 0
    assert page.run("document.querySelectorAll('b b, td b + img').length") == 0
    shown = ATTACK.replace("\u2028", "\\u2028")
    assert shown in page.run("document.querySelector('h1').textContent")
    assert shown in page.run("document.querySelector('table.versions').textContent")
    page.run("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.ran=3>')")
    assert page.run("new Promise(done => setTimeout(() => done(window.ran), 200))") is None
    page.run("document.querySelector('img').remove()")
    page.errors.clear()  # the page's own policy refused it, and said so


def test_charts_and_lineage_are_drawn(page: Page) -> None:
    for mark, least in (
        ("svg.balance rect.after", 3),
        ("svg.lineage .version rect", 2),
        ("svg.lineage path", 1),
    ):
        sizes = f"[...document.querySelectorAll('{mark}')].map(e => e.getBoundingClientRect())"
        drawn = page.run(f"{sizes}.filter(box => box.width > 0).length")
        assert drawn >= least, mark


def test_the_filter_leaves_the_rows_that_hold_every_word(page: Page) -> None:
    def typed(text: str) -> str:
        page.run(
            f"(i => {{ i.value = {text!r}; i.dispatchEvent(new Event('input')); }})"
            "(document.getElementById('filter'))"
        )
        return str(page.run("document.getElementById('found').textContent"))

    assert typed("") == "1,200 of 1,200"
    assert typed("DOG new/img_0123") == "1 of 1,200"
    assert page.run("document.querySelector('.row .path').textContent") == "new/img_0123.jpg"
    assert typed("onerror") == "1 of 1,200"
    assert "onerror=window.ran=2" in page.run("document.querySelector('.row .path').textContent")
    assert typed("no such file") == "0 of 1,200"
    assert page.run("document.querySelectorAll('.row').length") == 0
    assert typed("") == "1,200 of 1,200"


def test_only_the_rows_in_sight_are_made_and_the_last_can_be_reached(page: Page) -> None:
    page.run("document.getElementById('rows').scrollTop = 1e9")
    page.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    rows = page.run("[...document.querySelectorAll('.row .path')].map(e => e.textContent)")
    assert len(rows) < 100
    assert rows[-1] == "train/img_0499.jpg"


def test_a_kind_can_be_left_out(page: Page) -> None:
    count = "document.getElementById('found').textContent"
    added = "[...document.querySelectorAll('#kinds button')].find(b => b.textContent == 'added')"
    page.run(f"{added}.click()")
    assert page.run(count) == "500 of 1,200"
    page.run(f"{added}.click()")
    assert page.run(count) == "1,200 of 1,200"


def test_it_is_light_or_dark_as_the_person_prefers(page: Page) -> None:
    brightness = {}
    for scheme in ("light", "dark"):
        wanted = [{"name": "prefers-color-scheme", "value": scheme}]
        page.call("Emulation.setEmulatedMedia", features=wanted)
        colour = page.run("getComputedStyle(document.body).backgroundColor")
        brightness[scheme] = sum(map(int, colour[4:-1].split(",")))
    assert brightness["light"] > 600
    assert brightness["dark"] < 150
