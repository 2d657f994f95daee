"""Where a node of a YAML text ends, and which comments stand within it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsv_git.manifest.yamlnodes import Scalar, Sequence, Value

_COMMENT = re.compile(r"#[^\r\n]*")


def last_offset(text: str, key: Value, value: Value) -> int:
    """The offset of the last character that belongs to `value`, comments behind it left out.

    Where nothing stands behind `key` it is on the key's line. The end mark of a block collection is
    where the next token starts, so the last leaf counts.
    """
    if isinstance(value, Scalar):
        if value.absent:
            return key.span.end
        return value.span.start + len(_body(text, value)) - 1
    if value.flow:
        return value.span.end - 1
    if isinstance(value, Sequence):
        return last_offset(text, value.items[-1], value.items[-1])
    return last_offset(text, *value.pairs[-1])


def _body(text: str, value: Scalar) -> str:
    """A scalar as it stands there. Blank lines behind a block belong to it only where its header
    keeps them (`|+`)."""
    body = text[value.span.start : value.span.end]
    if value.style not in {"|", ">"} or "+" in _header(body).partition("#")[0]:
        return body
    return body.rstrip(" \t\r\n")


def _header(body: str) -> str:
    return re.split(r"[\r\n]", body, maxsplit=1)[0]


def comments(text: str, start: int, end: int, value: Value) -> list[tuple[int, str]]:
    """The comments from `start` to `end`, where no scalar stands but those of `value`: their
    offsets and texts."""
    found: list[re.Match[str]] = []
    for scalar in _scalars(value):
        at = scalar.span.start
        if scalar.style in {"|", ">"}:
            at += len(_header(text[at : scalar.span.end]))
        found += _COMMENT.finditer(text, start, max(at, start))
        start = max(scalar.span.end, start)
    found += _COMMENT.finditer(text, start, end)
    return [(match.start(), match.group().rstrip()) for match in found]


def _scalars(value: Value) -> Iterator[Scalar]:
    """The scalars of a value, keys too, in the order of the text."""
    if isinstance(value, Scalar):
        yield value
    elif isinstance(value, Sequence):
        for item in value.items:
            yield from _scalars(item)
    else:
        for key, inner in value.pairs:
            yield key
            yield from _scalars(inner)
