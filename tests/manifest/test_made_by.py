"""How a version was made, as one line that a shell reads as it was meant."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.manifest.composing import editor, write_declaration
from dsv_git.manifest.declaration import Data, Declaration
from dsv_git.manifest.made_by import LONGEST, after, command, joined, place
from dsv_git.manifest.names import printable
from dsv_git.manifest.parsing import parse_declaration

WORDS = st.text(st.characters(codec="utf-8"), max_size=20)


def test_a_command_is_plain_where_nothing_needs_quotes() -> None:
    assert command("filter", "youtube", "--where", 'label == "cat"') == (
        "dsv filter youtube --where 'label == \"cat\"'"
    )


@settings(deadline=None, max_examples=100)
@given(st.lists(WORDS, max_size=4))
def test_a_shell_reads_the_words_that_were_typed(words: list[str]) -> None:
    line = command("filter", *words)
    assert shlex.split(line) == ["dsv", "filter", *map(printable, words)]
    assert line.isprintable()


@settings(deadline=None, max_examples=100)
@given(st.lists(WORDS, min_size=1, max_size=3))
def test_manifest_yaml_keeps_it_as_it_is(words: list[str]) -> None:
    line = command("filter", *words)
    declared = Declaration("pets", "1.0", Data({"": "data"}), made_by=line)
    text = write_declaration(declared)
    assert parse_declaration(text, "pets", "x").made_by == line
    again = editor(text).set_line("made_by", "dsv bump pets").text
    assert parse_declaration(again, "pets", "x").made_by == "dsv bump pets"
    third = editor(again).set_line("made_by", line).text
    assert parse_declaration(third, "pets", "x").made_by == line


def test_quotes_of_a_command_need_no_backslash() -> None:
    line = "dsv filter a --where 'label == \"cat\"' && dsv update a"
    text = write_declaration(Declaration("a", "1.0", Data({"": "data"}), made_by=line))
    assert f"\nmade_by: {line}\n" in text
    assert parse_declaration(text, "a", "x").made_by == line


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("data/pets", "data/pets"),
        ("/home/ada/keep.txt", "…/keep.txt"),
        ("../elsewhere/keep.txt", "…/keep.txt"),
        ("~/pets/", "…/pets"),
        ("train=/home/ada/a.json", "train=…/a.json"),
        ("yolo:/home/ada/labels", "yolo:…/labels"),
        ("{split}/{label}/*", "{split}/{label}/*"),
        ("C:\\Users\\ada\\pets", "…/pets"),
        ("s3://key:secret@lake/pets?X-Amz-Signature=1#x", "s3://lake/pets"),
    ],
)
def test_no_place_of_this_machine_and_no_secret_is_told(typed: str, told: str) -> None:
    assert place(typed) == told


def test_a_draft_that_is_changed_in_place_keeps_what_made_it() -> None:
    assert after("dsv bump a", "dsv update a", is_new=True) == "dsv update a"
    both = after("dsv bump a", "dsv update a", is_new=False)
    assert both == "dsv bump a && dsv update a"
    assert after(both, "dsv update a", is_new=False) == both


def test_of_a_line_that_grows_too_long_the_last_commands_stay() -> None:
    line = ""
    for number in range(500):
        line = joined(line, command("update", f"m{number}"))
    assert len(line) <= LONGEST
    assert line.endswith("dsv update m498 && dsv update m499")
    assert line.startswith("dsv update m")
