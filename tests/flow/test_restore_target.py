"""Names that a file system takes for one."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from dsv_git.flow.copies.target import alike

COMPOSED, TAKEN_APART = "f\u00fcr", "fu\u0308r"


def test_cases_and_forms_count_where_the_file_system_confuses_them() -> None:
    cased = ["Cat/1.jpg", "cat/1.jpg", "straße", "STRASSE"]
    assert alike(cased[:2], cases=True, forms=False) == ("Cat/1.jpg", "cat/1.jpg")
    assert alike(cased[2:], cases=True, forms=False) == ("straße", "STRASSE")
    assert alike(cased, cases=False, forms=True) is None
    pair = (COMPOSED, TAKEN_APART)
    assert alike(pair, cases=False, forms=True) == pair
    assert alike(pair, cases=True, forms=False) is None
    assert alike((COMPOSED.upper(), TAKEN_APART), cases=True, forms=True) is not None


@settings(deadline=None, max_examples=100)
@given(st.sets(st.text(min_size=1, max_size=4)), st.booleans(), st.booleans())
def test_a_pair_is_named_exactly_where_two_fold_alike(
    paths: set[str], cases: bool, forms: bool
) -> None:
    def fold(text: str) -> str:
        text = unicodedata.normalize("NFD", text) if forms else text
        text = text.casefold() if cases else text
        return unicodedata.normalize("NFD", text) if forms else text

    pair = alike(sorted(paths), cases=cases, forms=forms)
    assert (pair is not None) == (len({fold(path) for path in paths}) < len(paths))
    if pair is not None:
        assert fold(pair[0]) == fold(pair[1])
