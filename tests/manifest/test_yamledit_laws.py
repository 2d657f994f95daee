"""Whatever a person wrote survives an edit of one key."""

from __future__ import annotations

from hypothesis import event, given, settings
from hypothesis import strategies as st

from dsv_git.manifest.yamledit import Editor
from dsv_git.manifest.yamlnodes import plain
from dsv_git.manifest.yamltext import parse
from tests.manifest.documents import KEYS, WORDS, Document, documents
from tests.manifest.strategies import texts

New = str | list[str] | dict[str, object] | None

words = st.sampled_from(WORDS) | texts.filter(lambda text: "\0" not in text)
news: st.SearchStrategy[New] = st.one_of(
    words,
    st.lists(words, max_size=3),
    st.fixed_dictionaries({"depth": words, "fan": st.dictionaries(words, words, max_size=2)}),
    st.none(),
)


def edited(editor: Editor, key: str, new: New) -> Editor:
    """The edit that sets `key` to `new`."""
    if new is None:
        return editor.remove(key)
    if isinstance(new, str):
        return editor.set_text(key, new)
    return editor.set_list(key, new) if isinstance(new, list) else editor.set_flow(key, new)


def expected(values: dict[str, object], key: str, new: New) -> dict[str, object]:
    """What the text holds then. An empty list is no key; but `key:` and `key: []` may stay."""
    if new is None:
        return {name: value for name, value in values.items() if name != key}
    if new == []:
        stays = values.get(key) in ("", [])
        return values if stays else {name: value for name, value in values.items() if name != key}
    return {**values, key: new}


def lines_of(text: str) -> list[str]:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").removesuffix("\n").split("\n")


@settings(deadline=None, max_examples=60)
@given(documents())
def test_the_texts_of_these_tests_hold_what_they_say(document: Document) -> None:
    assert plain(parse(document.text, "f")) == document.values


@settings(deadline=None, max_examples=250)
@given(documents(), st.sampled_from(KEYS), news)
def test_an_edit_changes_its_key_and_nothing_else(document: Document, key: str, new: New) -> None:
    before = document.text
    after = edited(Editor(before, KEYS), key, new).text
    found = plain(parse(after, "f"))
    wanted = expected(document.values, key, new)
    assert found == wanted
    others = [name for name in document.values if name != key]
    assert isinstance(found, dict)
    assert [name for name in found if name != key] == others
    for comment in document.comments:
        assert after.count(comment) == 1
    if "\r\n" in before:
        assert after.count("\n") == after.count("\r\n")
    else:
        assert "\r" not in after
    event("new key" if key not in document.values else "present")
    old, lines = lines_of(before), lines_of(after)
    if key not in document.values:
        rest = iter(lines)
        assert all(line in rest for line in old)
        return
    start, end = (document.head.count("\n") + place for place in span(document, key))
    assert lines[:start] == old[:start]
    assert lines[len(lines) - len(old) + end :] == old[end:]


def span(document: Document, key: str) -> tuple[int, int]:
    """The first and the last line of a key, counted without the document's head."""
    at = 0
    for block in document.blocks:
        at += len(block.before)
        if block.key == key:
            return at, at + len(block.lines)
        at += len(block.lines)
    raise KeyError(key)


@settings(deadline=None, max_examples=100)
@given(documents(), st.sampled_from(KEYS), news)
def test_the_same_edit_again_changes_nothing(document: Document, key: str, new: New) -> None:
    once = edited(Editor(document.text, KEYS), key, new)
    assert edited(once, key, new).text == once.text


@settings(deadline=None, max_examples=60)
@given(documents(), st.lists(st.tuples(st.sampled_from(KEYS), news), min_size=2, max_size=5))
def test_many_edits_leave_the_last_values(
    document: Document, changes: list[tuple[str, New]]
) -> None:
    editor, values = Editor(document.text, KEYS), document.values
    for key, new in changes:
        editor, values = edited(editor, key, new), expected(values, key, new)
    assert plain(parse(editor.text, "f")) == values
    assert all(editor.text.count(comment) == 1 for comment in document.comments)
