"""The canonical JSON (RFC 8785) of annotations, quickly.

An annotation is nearly all numbers. msgspec writes most of them as RFC 8785 does, many times as
fast as the reference encoder in Python, and what it may write otherwise can be seen in its text:
that goes to the reference encoder.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from dsv_git.manifest import filelist

_encode = msgspec.json.Encoder().encode
_SHAPE: Final = bytes.maketrans(b"123456789[]-", b"000000000,,,")
_LONG: Final = b"," + b"0" * 16


def canonical(value: Any) -> bytes:
    """What was decoded from JSON, as RFC 8785 writes it.

    Raises ValueError for NaN, infinity and integers beyond 53 bits.
    """
    if isinstance(value, list):
        return _plain_numbers(value) or filelist.canonical(value)
    if isinstance(value, dict) and all(map(str.isascii, value)):
        # ASCII keys sort alike by UTF-16 units, which RFC 8785 asks for, and by code points.
        pairs = (_encode(key) + b":" + canonical(value[key]) for key in sorted(value))
        return b"{" + b",".join(pairs) + b"}"
    if isinstance(value, str):
        return _encode(value)
    number = isinstance(value, (int, float)) and _plain_numbers([value])
    return number[1:-1] if number else filelist.canonical(value)


def _plain_numbers(value: list[Any]) -> bytes | None:
    """A list of numbers and such lists, None where msgspec may not write it as RFC 8785 does.

    Those are: anything else than a number, exponents, what may be beyond 53 bits (16 digits before
    the point), and a negative zero. A number without a fraction is written without one.
    """
    text = _encode(value)
    shape = text.translate(_SHAPE)
    if shape.translate(None, b"0.,") or _LONG in shape or b"-0.0," in text or b"-0.0]" in text:
        return None
    return text.replace(b".0,", b",").replace(b".0]", b"]")
