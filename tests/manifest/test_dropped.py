"""What a version leaves out on purpose."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.errors import InputError
from dsv_git.manifest.dropped import Dropped, decode_dropped, encode_dropped, leave_out
from dsv_git.manifest.entry import Entry
from tests.manifest.lists import CAT, DOG
from tests.manifest.strategies import hashes, texts, words

WHERE = "manifests/a/dropped.jsonl"
LINE = f'{{"path":"a/é.jpg","hash":"{CAT}","why":"a copy of b.jpg"}}\n'

drops = st.lists(
    st.builds(Dropped, words, hashes, texts),
    max_size=6,
    unique_by=lambda item: (item.path, item.hash),
)


@settings(deadline=None, max_examples=100)
@given(drops, st.randoms(use_true_random=False))
def test_what_was_left_out_reads_back_in_order(several: list[Dropped], random: object) -> None:
    data = encode_dropped(several)
    found = decode_dropped(data, WHERE)
    assert list(found) == sorted(several, key=lambda item: (item.path.encode(), item.hash))
    random.shuffle(several)  # type: ignore[attr-defined]
    assert encode_dropped(several) == data
    assert encode_dropped(found) == data


def test_a_line_is_one_content_under_one_path() -> None:
    one = Dropped("a/é.jpg", CAT, "a copy of b.jpg")
    assert encode_dropped([one, one]).decode() == LINE
    assert decode_dropped(LINE.encode(), WHERE) == (one,)
    assert encode_dropped([]) == b""
    assert decode_dropped(b"", WHERE) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n", "not a dropped entry"),
        ("{}\n", "not a dropped entry"),
        (LINE.replace('"why"', '"wy"'), "not a dropped entry"),
        (LINE.replace("}", ',"size":1}'), "not a dropped entry"),
        (LINE.replace('"a/é.jpg"', '""'), "not a dropped entry"),
        (LINE.replace("xxh3:", ""), "not a dropped entry"),
        (LINE.replace('"a copy of b.jpg"', "null"), "not a dropped entry"),
        ("\ufeff" + LINE, "not a dropped entry"),
        (f"<<<<<<< HEAD\n{LINE}=======\n>>>>>>> b\n", "an unresolved merge conflict"),
        (f"=======\n{LINE}", "an unresolved merge conflict"),
    ],
)
def test_any_other_line_is_refused_with_its_number(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        decode_dropped((LINE + text).encode(), WHERE)
    assert caught.value.where == f"{WHERE}:2"


def test_bytes_that_are_no_utf_8_are_refused() -> None:
    with pytest.raises(InputError, match="not a dropped entry") as caught:
        decode_dropped(LINE.encode("latin-1"), WHERE)
    assert caught.value.where == f"{WHERE}:1"


def test_the_same_content_stays_out_and_another_comes_back() -> None:
    entries = [Entry("a", 1, CAT), Entry("b", 1, CAT), Entry("c", 1, CAT)]
    out = [Dropped("a", CAT, "blurred"), Dropped("b", DOG, "a copy"), Dropped("d", CAT, "gone")]
    assert leave_out(entries, out) == (entries[1], entries[2])
    assert leave_out(entries, []) == tuple(entries)
