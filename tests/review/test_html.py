"""A change as one HTML page: it needs nothing else, and no name in it is more than text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.diff.manifest_diff import ManifestDiff
from dsv_git.review.html import page
from dsv_git.review.section import Name
from tests.review.hostile import HOSTILE, NAMES, Seen, hostile_diff

OURS = {
    *("html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "code", "pre"),
    *("table", "tr", "th", "td", "ul", "li", "details", "summary", "span"),
}
ATTRIBUTES = {
    *(("html", "lang"), ("meta", "charset"), ("meta", "http-equiv"), ("meta", "content")),
    *(("meta", "name"), ("th", "class"), ("td", "class"), ("p", "class")),
    *(("span", "class"), ("span", "style")),
}


def check_harmless(text: str) -> Seen:
    found = Seen(text)
    assert found.tags <= OURS, found.tags - OURS
    assert found.attributes <= ATTRIBUTES, found.attributes - ATTRIBUTES
    return found


def whole(names: tuple[str, ...]) -> str:
    diff: ManifestDiff = hostile_diff(names)
    return page(names[0], names[1], [diff], {names[0]: names[1]})


def test_the_page_has_every_section() -> None:
    text = whole(NAMES)
    for part in ("Labels, from", "Class balance", "New leaks", "Folders", "<details>", "Lineage"):
        assert part in text
    assert text.startswith("<!doctype html>")
    assert "default-src 'none'" in text


def test_nothing_changed_is_said() -> None:
    assert "<p>No data changed.</p>" in page("a", "b", [], {})


def test_hostile_names_stay_names() -> None:
    codes = {code.strip() for code in check_harmless(whole(NAMES)).codes}
    for name in NAMES:
        assert Name(name).shown.strip() in codes, name


@settings(deadline=None, max_examples=60)
@given(st.lists(HOSTILE, min_size=2, max_size=4, unique=True))
def test_no_name_is_ever_more_than_text(names: list[str]) -> None:
    check_harmless(whole(tuple(names)))
