"""The file list: one valid encoding, and a message with file and line for every other."""

from __future__ import annotations

import hashlib
import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.manifest.entry import Entry, PropValue, same_props
from dsv_git.manifest.filelist import decode_entries, encode_entries, read_entries
from tests.manifest.lists import CAT, DOG, GOOD, LIST, ROWS, with_prop
from tests.manifest.strategies import entries, file_lists


def written(*props: tuple[str, PropValue]) -> str:
    """The props of one entry, as its line has them."""
    line = encode_entries([Entry("a", 1, CAT, props=dict(props))]).decode()
    return line.partition('"props":')[2].removesuffix("}\n")


@settings(deadline=None, max_examples=150)
@given(file_lists)
def test_a_list_reads_back_as_it_was_written(rows: list[Entry]) -> None:
    data = encode_entries(rows)
    found = decode_entries(data, LIST)
    wanted = sorted(rows, key=lambda row: row.path.encode())
    assert list(found) == wanted
    assert all(same_props(a.props, b.props) for a, b in zip(found, wanted, strict=True))
    assert encode_entries(found) == data


@settings(deadline=None, max_examples=60)
@given(file_lists, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_props_does_not_matter(rows: list[Entry], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    turned = [
        Entry(
            row.path,
            row.size,
            row.hash,
            row.label,
            row.split,
            row.ann,
            dict(reversed(row.props.items())),
        )
        for row in shuffled
    ]
    assert encode_entries(turned) == encode_entries(rows)


def _number(value: int) -> int | float:
    return value if abs(value) <= 2**53 else float(value)


@settings(deadline=None, max_examples=100)
@given(entries)
def test_every_line_is_json_with_the_keys_in_order_and_no_spaces(row: Entry) -> None:
    line = encode_entries([row]).decode()
    found = json.loads(line, parse_int=lambda digits: _number(int(digits)))
    wanted = {
        "path": row.path,
        "size": row.size,
        "hash": row.hash,
        "label": list(row.label) if isinstance(row.label, tuple) else row.label,
        "split": row.split,
        "ann": row.ann,
        "props": row.props,
    }
    assert found == {key: value for key, value in wanted.items() if value not in (None, {})}
    assert list(found) == [key for key in wanted if key in found]
    assert list(found.get("props", {})) == sorted(row.props, key=str.encode)
    if not any(isinstance(value, float) for value in row.props.values()):
        assert line == json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"


def test_the_documented_example_is_canonical() -> None:
    first, second, third = decode_entries(GOOD.encode(), LIST)
    assert (first.path, first.size, first.label, first.split) == ("a/é.jpg", 10, "cat", "train")
    assert second.label == ("cat", "cat", "dog")
    assert second.labels == ("cat", "cat", "dog")
    assert second.ann == CAT
    assert third.props == {"a": 1, "b": True, "é": "x/y"}
    assert third.labels == ()
    assert encode_entries((third, first, second)).decode() == GOOD


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (1e16, "10000000000000000"),
        (-1e19, "-10000000000000000000"),
        (2.0**53, "9007199254740992"),
        (2**53 - 1, "9007199254740991"),
        (-(2**53) + 1, "-9007199254740991"),
        (-0.0, "0"),
        (0.0, "0"),
        (1.0, "1"),
        (1, "1"),
        (1.5, "1.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (333333333.33333329, "333333333.3333333"),
        (True, "true"),
        (False, "false"),
        ("true", '"true"'),
        ("1", '"1"'),
        ("", '""'),
    ],
)
def test_numbers_are_written_as_rfc_8785_says(value: PropValue, text: str) -> None:
    assert written(("k", value)) == '{"k":' + text + "}"
    line = encode_entries([Entry("a", 1, CAT, props={"k": value})])
    (found,) = decode_entries(line, LIST)
    assert found.props["k"] == value
    assert isinstance(found.props["k"], bool) == isinstance(value, bool)
    assert encode_entries([found]) == line


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 2**53, -(2**53), 2**64, 10**400])
def test_a_number_that_json_cannot_carry_is_refused(value: PropValue) -> None:
    with pytest.raises(ValueError, match="a prop of 'a' cannot be written"):
        encode_entries([Entry("a", 1, CAT, props={"k": value})])


def test_escapes_are_those_of_rfc_8785() -> None:
    text = "".join(map(chr, range(0x20))) + '"\\/\x7f\x80\u2028\u2029\ufeff\uffff\U0001f600'
    controls = "".join(
        {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r"}.get(code, f"\\u{code:04x}")
        for code in range(0x20)
    )
    wanted = f'"{controls}\\"\\\\/\x7f\x80\u2028\u2029\ufeff\uffff\U0001f600"'
    assert written(("k", text)) == '{"k":' + wanted + "}"
    line = encode_entries([Entry(text, 1, CAT)]).decode()
    assert line.startswith('{"path":' + wanted + ",")
    assert decode_entries(line.encode(), LIST)[0].path == text


def test_rows_and_props_are_sorted_by_bytes_not_by_utf_16() -> None:
    # As UTF-16 the second would come first.
    low, high = "\uffff", "\U00010000"
    assert written((high, 1), (low, 2)) == f'{{"{low}":2,"{high}":1}}'
    rows = decode_entries(encode_entries([Entry(high, 1, CAT), Entry(low, 1, CAT)]), LIST)
    assert [row.path for row in rows] == [low, high]


def test_a_text_that_utf_8_cannot_hold_is_refused() -> None:
    for row in (Entry("a\ud800", 1, CAT), Entry("a", 1, CAT, props={"k": "\udcff"})):
        with pytest.raises(ValueError, match=r"surrogates|UTF-8"):
            encode_entries([row])


def test_a_path_that_is_twice_is_not_written() -> None:
    with pytest.raises(ValueError, match="the path 'a' is twice in a list"):
        encode_entries([Entry("a", 1, CAT), Entry("b", 1, CAT), Entry("a", 2, DOG)])


def test_a_list_that_a_person_edited_can_be_read_and_written_anew() -> None:
    text = "\r\n\n".join(row.replace(",", " , ") for row in reversed(ROWS))
    rows = read_entries(text.encode(), LIST)
    assert encode_entries(rows).decode() == GOOD


def test_numbers_that_a_person_wrote_otherwise_are_written_as_they_must_be() -> None:
    line = with_prop("1e16").replace("}}", ',"l":10000000000000000}}')
    (found,) = read_entries(line.encode(), LIST)
    again = encode_entries([found]).decode()
    assert again.endswith(',"props":{"k":10000000000000000,"l":10000000000000000}}\n')


def test_a_list_of_many_rows_has_the_bytes_it_always_had() -> None:
    rows = [
        Entry(f"img_{n:04}.jpg", n, f"xxh3:{n:032x}", "cat" if n % 2 else None, "train")
        for n in range(1000)
    ]
    data = encode_entries(reversed(rows))
    assert hashlib.sha256(data).hexdigest() == (
        "d710fe283b5361d1f2e527a3fe890c2e3e60ed584f88f3e1c80806b99dc3a769"
    )
