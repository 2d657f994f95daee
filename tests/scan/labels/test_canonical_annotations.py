"""The canonical JSON of annotations is RFC 8785, whichever way it was written."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dsv_git.scan.labels.canonical import canonical

_numbers = (
    st.integers(1 - 2**53, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.floats(-1e-4, 1e-4)
    | st.floats(1e14, 1e17)
    | st.integers(-1000, 1000).map(float)
    | st.integers(-100_000, 100_000).map(lambda number: number / 100)
)
_values = st.recursive(
    _numbers | st.none() | st.booleans() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@settings(deadline=None, max_examples=200)
@given(_values)
@example([-0.0])
@example([[-0.0, -0.05], [0.0]])
@example({"segmentation": [[1.0, 10.0, 100.05, 0.1]], "area": 3.0, "score": 1e-6})
@example([1e15, 1e16, 1e21, 1e-6, 1e-7, 123456789012345.6, 9007199254740991.0])
@example(["1.0,", "-0.0]"])
@example({"counts": "a.0,b", "size": [3, 4]})
@example({"\U00010000": 1, "\ue000": 2, "é": 3})
@example('\x00\x1f\x7f\u2028"\\')
def test_every_value_is_written_as_the_reference_does(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.lists(_numbers) | _numbers))
def test_every_list_of_numbers_is_written_as_the_reference_does(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), float("-inf"), 2**53, -(2**53), 10**30]
)
def test_what_json_readers_do_not_all_keep_is_refused(value: float) -> None:
    for where in (value, [value], [[1, value]], {"a": value}, {"é": [value]}):
        with pytest.raises(ValueError, match=r"not representable|exceeds"):
            canonical(where)
