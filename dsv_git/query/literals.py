"""Values that are written out in an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dsv_git.query.fields import Value

if TYPE_CHECKING:
    from lark import Tree

_UNITS: Final = {
    "b": 1,
    **{f"{letter}b": 1000**power for power, letter in enumerate("kmgt", 1)},
    **{f"{letter}ib": 1024**power for power, letter in enumerate("kmgt", 1)},
}
"""Bytes of a unit, in small letters."""
_ESCAPES: Final = {"n": "\n", "t": "\t"}


def literal(tree: Tree[Any]) -> Value:
    """The value: a text without its quotes, a number (of bytes, where it has a unit), a truth."""
    word = str(tree.children[0])
    if tree.data == "truth":
        return word == "true"
    if tree.data == "number":
        unit = _UNITS[str(tree.children[1]).lower()] if len(tree.children) > 1 else 1
        number = float(word) if "." in word else int(word)
        return number * unit
    return _unescaped(word[1:-1])


def _unescaped(text: str) -> str:
    out, chars = [], iter(text)
    for char in chars:
        if char != "\\":
            out.append(char)
            continue
        marked = next(chars)
        out.append(_ESCAPES.get(marked, marked))
    return "".join(out)
