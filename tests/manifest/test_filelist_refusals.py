"""Whatever is not the one valid encoding of a list is refused, with the file and the line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.filelist import decode_entries, encode_entries
from tests.manifest.lists import CAT, GOOD, LIST, ROWS, with_prop
from tests.manifest.strategies import file_lists


def refused(text: str | bytes) -> tuple[int, str]:
    """The line and the message of the refusal of a list."""
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(InputError) as caught:
        decode_entries(data, LIST)
    file, _, line = (caught.value.where or "").rpartition(":")
    assert file == LIST
    return int(line), caught.value.message


# The row, counted from 1, what stands there, and what takes its place.
CHANGED_ROWS: dict[str, tuple[int, str, str]] = {
    "another key order": (2, '"path":"b","size":0', '"size":0,"path":"b"'),
    "a space behind a comma": (2, '","', '", "'),
    "a space behind a colon": (2, '"size":', '"size": '),
    "a trailing space": (2, "}", "} "),
    "a leading space": (2, "{", " {"),
    "a tab inside": (2, '"}', '"\t}'),
    "CRLF": (2, "}", "}\r"),
    "a row over two lines": (2, "{", "{\n"),
    "a null label": (3, ',"props"', ',"label":null,"props"'),
    "a null split": (3, ',"props"', ',"split":null,"props"'),
    "empty props": (2, "}", ',"props":{}}'),
    "an empty label": (1, '"cat"', '""'),
    "an empty split": (1, '"train"', '""'),
    "an empty path": (1, "a/é.jpg", ""),
    "a list of one label": (1, '"cat"', '["cat"]'),
    "a list of no label": (1, '"cat"', "[]"),
    "an empty label in a list": (2, '"dog"', '""'),
    "unsorted labels": (2, '["cat","cat","dog"]', '["cat","dog","cat"]'),
    "a size with a fraction of zero": (1, "10", "10.0"),
    "a size with an exponent": (1, "10", "1e1"),
    "a size as a text": (1, "10", '"10"'),
    "a negative size": (1, "10", "-1"),
    "a size of minus zero": (2, '"size":0', '"size":-0'),
    "a size above 2**53": (1, "10", "9007199254740993"),
    "a boolean size": (1, "10", "true"),
    "no size": (1, '"size":10,', ""),
    "no hash": (3, f'"hash":"{CAT}",', ""),
    "an unknown algorithm": (1, "xxh3:", "crc32:"),
    "a hash in capitals": (1, "0f", "0F"),
    "a hash that is too short": (1, "0f0f", "0f"),
    "a hash with a line end": (1, '0f"', '0f\\n"'),
    "no algorithm": (1, "xxh3:", ""),
    "an annotation that is no hash": (2, f'"ann":"{CAT}"', '"ann":"x"'),
    "an unknown key": (1, "}", ',"lable":"x"}'),
    "a key twice": (1, "{", '{"path":"a",'),
    "a prop twice": (3, '{"a":1', '{"a":0,"a":1'),
    "unsorted props": (3, '"a":1,"b":true', '"b":true,"a":1'),
    "a float for an integer": (3, '"a":1', '"a":1.0'),
    "an escaped letter": (1, '"cat"', '"c\\u0061t"'),
    "an escaped letter of a key": (1, '"path"', '"p\\u0061th"'),
    "an escaped slash": (3, "x/y", "x\\/y"),
    "an escaped é": (1, "é", "\\u00e9"),
    "an escape in capitals": (1, "é", "\\u001F"),
    "a raw control character": (1, "é", "\x1f"),
    "a long escape for a short one": (1, "é", "\\u000a"),
    "a lone surrogate": (1, "é", "\\ud800"),
    "a surrogate pair": (1, "é", "\\ud83d\\ude00"),
    "a comment": (2, "}", "} // dog"),
    "half a row": (2, '"}', '"'),
    "a text": (2, ROWS[1], '"b"'),
    "a bare null": (2, ROWS[1], "null"),
    "a path twice with another content": (3, '"path":"c"', '"path":"b"'),
}
OTHER_LISTS: dict[str, tuple[str | bytes, int]] = {
    "nothing at all": ("", 1),
    "CRLF at every line": (GOOD.replace("\n", "\r\n"), 1),
    "CR at every line": (GOOD.replace("\n", "\r"), 1),
    "no LF at the end": (GOOD.removesuffix("\n"), 3),
    "two LF at the end": (GOOD + "\n", 4),
    "a blank line first": ("\n" + GOOD, 1),
    "a blank line inside": (GOOD.replace("\n", "\n\n", 1), 2),
    "a line of spaces": (GOOD.replace("\n", "\n  \n", 1), 2),
    "a byte order mark": ("\ufeff" + GOOD, 1),
    "a NUL at the end": (GOOD + "\0", 4),
    "rows out of order": ("".join(f"{ROWS[n]}\n" for n in (1, 0, 2)), 2),
    "the last row first": ("".join(f"{ROWS[n]}\n" for n in (2, 0, 1)), 2),
    "a row twice": (GOOD + ROWS[2] + "\n", 4),
    "two rows on a line": (GOOD.replace("\n", "", 1), 1),
    "a comma between rows": (GOOD.replace("\n", ",\n", 1), 1),
    "one array": (f"[{','.join(ROWS)}]\n", 1),
    "not UTF-8": (GOOD.encode().replace("é".encode(), b"\xe9"), 1),
    "UTF-16": (GOOD.encode("utf-16"), 1),
}


def changed(name: str) -> tuple[str, int]:
    """The good list with that change, and the line that holds it."""
    number, old, new = CHANGED_ROWS[name]
    rows = list(ROWS)
    assert old in rows[number - 1]
    rows[number - 1] = rows[number - 1].replace(old, new, 1)
    return "".join(f"{row}\n" for row in rows), number


@pytest.mark.parametrize("name", CHANGED_ROWS)
def test_a_row_that_is_written_otherwise_is_refused_with_its_line(name: str) -> None:
    text, line = changed(name)
    assert refused(text)[0] == line


@pytest.mark.parametrize("name", OTHER_LISTS)
def test_a_list_that_is_written_otherwise_is_refused_with_its_line(name: str) -> None:
    text, line = OTHER_LISTS[name]
    assert refused(text)[0] == line


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("nothing at all", "an empty list must not exist"),
        ("CRLF", "CRLF"),
        ("a blank line inside", "blank line"),
        ("a line of spaces", "blank line"),
        ("no LF at the end", "one LF"),
        ("rows out of order", "sorted by path"),
        ("a path twice with another content", "'b' is twice"),
        ("a row twice", "'c' is twice"),
        ("unsorted labels", "sorted list"),
        ("another key order", "key order"),
        ("a null label", "key order"),
        ("an unknown key", "lable"),
        ("a size as a text", "size"),
        ("a hash in capitals", "not a hash: 'xxh3:0F"),
    ],
)
def test_the_refusal_says_what_is_wrong(name: str, word: str) -> None:
    text = OTHER_LISTS[name][0] if name in OTHER_LISTS else changed(name)[0]
    assert word in refused(text)[1]


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ((ROWS[0], "<<<<<<< HEAD", ROWS[1], "=======", ROWS[2], ">>>>>>> theirs"), 2),
        ((ROWS[0], "||||||| base", ROWS[1]), 2),
        ((ROWS[0], "======="), 2),
        ((ROWS[0], ROWS[1], ">>>>>>> theirs"), 3),
    ],
)
def test_a_merge_conflict_is_named_as_one(rows: tuple[str, ...], line: int) -> None:
    text = "".join(f"{row}\n" for row in rows)
    assert refused(text) == (line, "an unresolved merge conflict")


@pytest.mark.parametrize(
    "raw",
    ["NaN", "Infinity", "-Infinity", "1e400", "null", "[1]", "{}", "01", "+1", ".5", "9" * 400],
)
def test_a_prop_that_is_no_text_boolean_or_finite_number_is_refused(raw: str) -> None:
    assert refused(with_prop(raw))[0] == 1


@pytest.mark.parametrize(
    "raw",
    ["1.0", "1e0", "10E-1", "-0", "-0.0", "0.10", "1E+21", "10000000000000001", "9007199254740993"],
)
def test_a_number_that_is_written_otherwise_is_refused(raw: str) -> None:
    line, message = refused(with_prop(raw))
    assert line == 1
    assert "number" in message


@settings(deadline=None, max_examples=200)
@given(file_lists, st.data())
def test_a_changed_byte_is_another_list_or_no_list(rows: list[Entry], data: st.DataObject) -> None:
    good = encode_entries(rows)
    at = data.draw(st.integers(0, len(good)))
    new = data.draw(st.binary(max_size=2))
    cut = data.draw(st.integers(0, 2))
    other = good[:at] + new + good[at + cut :]
    try:
        found = decode_entries(other, LIST)
    except InputError:
        assert other != good
    else:
        assert encode_entries(found) == other
