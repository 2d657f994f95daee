"""Edits of `manifest.yaml`, character for character."""

from __future__ import annotations

import pytest

from dsv_git.errors import InputError
from dsv_git.manifest.declaration import KEYS
from dsv_git.manifest.layout import Layout
from dsv_git.manifest.manifest import with_layout
from dsv_git.manifest.yamledit import Editor

TEXT = """\
# Faces from the street. Ask Ada before you change the root!
format: 1
version: '1.0-kaggle'   # never 1.0 alone

description: >
  two lines
  of text

parents:
  # where it came from
  - youtube@1.0     # scraped in May
  - "kaggle@1.0"
data:
  root: data/faces  # on the NAS
  # exclude: ["*.tmp"]
layout: {depth: 2}  # split, then class
"""


def edit(text: str = TEXT) -> Editor:
    return Editor(text, KEYS)


def after(old: str, new: str, text: str = TEXT) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def test_a_text_keeps_its_quotes_and_its_comment() -> None:
    assert edit().set_text("version", "1.1-kaggle").text == after("1.0-kaggle", "1.1-kaggle")
    assert edit('version: "1.0"').set_text("version", "1.1").text == 'version: "1.1"'
    assert edit("version: 1.9\n").set_text("version", "1.10").text == "version: 1.10\n"
    assert edit("a: '1'").set_text("a", "it's").text == 'a: "it\'s"'
    assert edit("a: 1 # c").set_text("a", "b: # c").text == 'a: "b: # c" # c'


def test_a_text_that_is_there_already_changes_nothing() -> None:
    assert edit().set_text("version", "1.0-kaggle") == edit()
    assert edit().set_list("parents", ["youtube@1.0", "kaggle@1.0"]) == edit()
    assert edit().set_flow("layout", {"depth": "2"}) == edit()
    assert edit().remove("labels") == edit()
    assert edit().set_list("tags", []) == edit()
    assert edit("tags: # c\n").set_list("tags", []).text == "tags: # c\n"


def test_a_folded_text_becomes_one_line() -> None:
    wanted = after("description: >\n  two lines\n  of text\n", "description: one\n")
    assert edit().set_text("description", "one").text == wanted


def test_a_text_where_nothing_stood_keeps_the_comment() -> None:
    assert edit("a:   # c\nb: 1\n").set_text("a", "x").text == "a: x   # c\nb: 1\n"
    assert edit("a:\n# c\nb: 1\n").set_text("a", "x").text == "a: x\n# c\nb: 1\n"
    assert edit("a: ''  # c\n").set_text("a", "x").text == "a: 'x'  # c\n"


def test_items_that_stay_keep_their_lines() -> None:
    wanted = after('  - "kaggle@1.0"\n', '  - "kaggle@1.0"\n  - all@2.0\n')
    assert edit().set_list("parents", ["youtube@1.0", "kaggle@1.0", "all@2.0"]).text == wanted
    lines = ["  - youtube@1.0     # scraped in May\n", '  - "kaggle@1.0"\n']
    # The comment above the first item is the list's own.
    wanted = after("".join(lines), "".join(reversed(lines)))
    assert edit().set_list("parents", ["kaggle@1.0", "youtube@1.0"]).text == wanted


def test_a_comment_of_an_item_that_goes_stays() -> None:
    wanted = after("  - youtube@1.0     # scraped in May\n", "  # scraped in May\n")
    assert edit().set_list("parents", ["kaggle@1.0"]).text == wanted
    text = edit().set_list("parents", ["youtube@1.1"]).text
    assert "  # where it came from\n  # scraped in May\n  - youtube@1.1\ndata:" in text


def test_a_list_that_is_not_indented_stays_so() -> None:
    text = "parents:\n- a@1  # one\n-\n  b@1\ntags: [x]\n"
    assert edit(text).set_list("parents", ["b@1", "c@1"]).text == (
        "parents:\n# one\n-\n  b@1\n- c@1\ntags: [x]\n"
    )


def test_a_flow_list_stays_one() -> None:
    assert edit("tags:   [a]  # c\n").set_list("tags", ["a", "b, c"]).text == (
        'tags:   [a, "b, c"]  # c\n'
    )
    assert edit("tags: [\n  a,  # one\n  b,\n]  # end\n").set_list("tags", ["c"]).text == (
        "# one\n# end\ntags: [c]\n"
    )


def test_a_list_away_leaves_its_comments() -> None:
    gone = (
        'parents:\n  # where it came from\n  - youtube@1.0     # scraped in May\n  - "kaggle@1.0"\n'
    )
    wanted = after(gone, "# where it came from\n# scraped in May\n")
    assert edit().set_list("parents", []).text == wanted
    assert edit().remove("parents").text == wanted


def test_a_mapping_takes_one_line_and_its_comments_stand_above_it() -> None:
    old = "  root: data/faces  # on the NAS\n"
    text = edit().set_flow("data", {"root": "x", "include": ["*.jpg", "a, b"]}).text
    assert text == after(
        "data:\n" + old, '# on the NAS\ndata: {root: x, include: ["*.jpg", "a, b"]}\n'
    )
    assert edit().set_flow("layout", {"depth": "3"}).text == after("{depth: 2}", "{depth: 3}")


def test_a_new_key_stands_where_the_order_has_it() -> None:
    assert edit().set_text("project", "a").text == after("version:", "project: a\nversion:")
    assert edit().set_list("tags", ["a"]).text == after("data:\n", "tags:\n  - a\ndata:\n")
    assert edit().set_text("labels", "x").text == after("layout:", "labels: x\nlayout:")
    assert edit("version: 1\n").set_text("format", "1").text == "format: 1\nversion: 1\n"
    assert edit("# c\nversion: 1\n").set_text("format", "1").text == "# c\nformat: 1\nversion: 1\n"
    assert edit("zzz: 1\n").set_text("other", "2").text == "other: 2\nzzz: 1\n"
    assert edit("").set_text("format", "1").text == "format: 1\n"
    assert edit("# c").set_text("format", "1").text == "# c\nformat: 1"


def test_a_new_key_does_not_part_a_value_from_its_comments() -> None:
    text = edit().set_list("tags", ["a"]).set_flow("reports", {"media": ["a"]}).text
    assert '  # exclude: ["*.tmp"]\nreports: {media: [a]}\nlayout:' in text


def test_blank_lines_belong_to_a_text_only_where_its_header_says_so() -> None:
    kept, clipped = (f"description: |{mark}  # c\n  a\n\nlayout: x\n" for mark in ("+", ""))
    assert edit(kept).set_text("data", "b").text == kept.replace("layout", "data: b\nlayout")
    assert edit(clipped).set_text("data", "b").text == clipped.replace("\n\n", "\ndata: b\n\n")
    assert edit(kept).set_text("description", "b").text == "description: b  # c\nlayout: x\n"
    assert edit(clipped).remove("description").text == "# c\n\nlayout: x\n"


def test_the_line_ends_of_a_file_stay() -> None:
    text = TEXT.replace("\n", "\r\n")
    edited = (
        edit(text).set_text("version", "2").set_list("parents", ["a@1"]).set_text("labels", "x")
    )
    assert edited.text.count("\n") == edited.text.count("\r\n")
    assert edit("format: 1\r\nversion: 1").set_text("dataset", "a").text == (
        "format: 1\r\ndataset: a\r\nversion: 1"
    )


def test_a_file_without_a_final_line_end_stays_so() -> None:
    assert edit("a: 1\nlayout: {depth: 1}").set_flow("layout", {"depth": "2"}).text == (
        "a: 1\nlayout: {depth: 2}"
    )
    assert edit("format: 1").set_text("version", "1").text == "format: 1\nversion: 1"
    assert edit("tags:\n- a").set_list("tags", ["a", "b"]).text == "tags:\n- a\n- b"


def test_the_first_key_may_be_indented_or_behind_a_mark() -> None:
    text = "\ufeff  format: 1\n  version: 1\n"
    assert edit(text).set_text("dataset", "a").text == (
        "\ufeff  format: 1\n  dataset: a\n  version: 1\n"
    )
    assert edit(text).remove("format").text == "\ufeff  version: 1\n"
    assert (
        edit("\ufeffversion: 1\n").set_text("format", "1").text == "\ufeffformat: 1\nversion: 1\n"
    )
    assert edit("---\nversion: 1\n...\n").set_text("layout", "x").text == (
        "---\nversion: 1\nlayout: x\n...\n"
    )


@pytest.mark.parametrize("text", ["{format: 1, version: 2}\n", "? version\n: 2\n? format\n: 1\n"])
def test_a_form_of_yaml_that_cannot_be_edited_is_said_so(text: str) -> None:
    with pytest.raises(InputError) as caught:
        edit(text).set_flow("layout", {"depth": "1"})
    assert caught.value.message == "cannot change the key layout in this form of YAML"
    assert caught.value.where is not None
    with pytest.raises(InputError):
        edit(text).set_list("version", ["1"])


@pytest.mark.parametrize("text", ["a\0b", "a\udcff"])
def test_a_text_that_no_yaml_can_hold_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="not a text: 'a"):
        edit().set_text("description", text)
    with pytest.raises(InputError, match="not a text: 'a"):
        edit().set_list("tags", [text])
    with pytest.raises(InputError, match="not a text: 'a"):
        edit().set_flow("properties", {"a": [{text: "b"}]})


def test_the_layout_of_a_manifest_is_changed_in_place() -> None:
    text = with_layout(TEXT, Layout(1, {"train": 1}))
    assert text == after("{depth: 2}", "{depth: 1, fan: {train: 1}}")
