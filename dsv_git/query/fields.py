"""What an expression may ask of an entry."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from dsv_git.manifest.entry import Entry

Value = str | bool | int | float
Kind = Literal["texts", "text", "number", "any"]

_ORDERS: Final[dict[str, Callable[[Value, Value], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Field:
    """A field of an entry. `read` gives None where it is absent. Of a label with several texts a
    test holds where it holds for one of them."""

    name: str
    kind: Kind
    read: Callable[[Entry], object]

    def given(self, entry: Entry) -> bool:
        """Whether the entry has it."""
        return self.read(entry) is not None

    def some(self, test: Callable[[object], bool]) -> Callable[[Entry], bool]:
        """Whether the entry has a value that passes the test."""
        read = self.read
        if self.kind != "texts":
            return lambda entry: test(read(entry))

        def holds(entry: Entry) -> bool:
            value = read(entry)
            return any(map(test, value)) if isinstance(value, tuple) else test(value)

        return holds

    def equal(self, literal: Value) -> Callable[[Entry], bool]:
        """Whether a value is the literal: `true` is not 1, and a text of digits is their number,
        for tables in CSV have texts alone."""
        read = self.read
        if isinstance(literal, bool):
            return lambda entry: read(entry) is literal
        if isinstance(literal, str):
            if self.kind == "texts":
                return self.some(lambda value: value == literal)
            return lambda entry: read(entry) == literal
        return lambda entry: _number(read(entry)) == literal

    def ordered(self, sign: str, literal: Value) -> Callable[[Entry], bool]:
        """Whether a value is smaller or larger than the literal: texts by their characters, numbers
        as numbers; what is absent, or of another kind, is neither."""
        read, order = self.read, _ORDERS[sign]
        if isinstance(literal, str):

            def texts(entry: Entry) -> bool:
                value = read(entry)
                return isinstance(value, str) and order(value, literal)

            return texts

        def numbers(entry: Entry) -> bool:
            value = _number(read(entry))
            return value is not None and order(value, literal)

        return numbers


def _number(value: object) -> int | float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return value
    try:
        return float(str(value)) if len(str(value)) < 40 else None
    except ValueError:
        return None


_KINDS: Final[dict[str, Kind]] = {
    "label": "texts",
    "split": "text",
    "size": "number",
    "path": "text",
    "hash": "text",
    "ann": "text",
}
FIELDS: Final = tuple(_KINDS)
"""The names of an entry's own fields; the others are `props.KEY`, or `props["KEY"]`."""


def field_of(name: str, key: str | None = None) -> Field | None:
    """The field of this name, or with `key` that prop; None where there is none."""
    if key is not None:
        return Field(f"props.{key}", "any", lambda entry: entry.props.get(key))
    kind = _KINDS.get(name)
    return Field(name, kind, operator.attrgetter(name)) if kind else None
