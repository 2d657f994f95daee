"""The canonical JSON (RFC 8785) of annotations, quickly.

An annotation is nearly all numbers. msgspec writes most of them as RFC 8785 does, forty times as
fast as the reference encoder in Python, and what it may write otherwise can be seen in the text:
that goes to the reference encoder.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from dsv_git.manifest import filelist

_encode = msgspec.json.Encoder().encode
_WHOLE: Final = re.compile(rb"\.0(?=[,\]])")
_OTHERWISE: Final = re.compile(rb'["{e]|-0(?:\.0)?[,\]]|(?<![\d.])\d{16}')
"""In a list: texts and objects, exponents (and `true`, `false`), a negative zero, and numbers that
may be beyond 53 bits."""


def canonical(value: Any) -> bytes:
    """What was decoded from JSON, as RFC 8785 writes it.

    Raises ValueError for NaN, infinity and integers beyond 53 bits.
    """
    if isinstance(value, list):
        text = _encode(value)
        # Without a quote in it no text is in the list, so what looks like a number is one.
        return filelist.canonical(value) if _OTHERWISE.search(text) else _WHOLE.sub(b"", text)
    if isinstance(value, dict) and all(map(str.isascii, value)):
        # ASCII keys sort alike by UTF-16 units, which RFC 8785 asks for, and by code points.
        pairs = (_encode(key) + b":" + canonical(value[key]) for key in sorted(value))
        return b"{" + b",".join(pairs) + b"}"
    if isinstance(value, str):
        return _encode(value)
    return filelist.canonical(value)
