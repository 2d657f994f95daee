"""What a YAML text holds: texts, lists and mappings, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """Where a node stands: offsets into the text, and its first line counted from 1."""

    start: int
    end: int
    line: int


@dataclass(frozen=True)
class Scalar:
    """A text."""

    span: Span
    text: str
    style: str | None
    """`'`, `"`, `|`, `>` or None for a plain one."""

    @property
    def absent(self) -> bool:
        """Whether nothing stands there, as behind a bare `key:`."""
        return self.text == "" and self.style is None


@dataclass(frozen=True)
class Sequence:
    """A list."""

    span: Span
    items: tuple[Value, ...]
    flow: bool


@dataclass(frozen=True)
class Mapping:
    """A mapping, in the order of the file."""

    span: Span
    pairs: tuple[tuple[Scalar, Value], ...]
    flow: bool

    def pair(self, key: str) -> tuple[Scalar, Value] | None:
        """The key's own node and its value, or None."""
        return next((pair for pair in self.pairs if pair[0].text == key), None)

    def get(self, key: str) -> Value | None:
        """The value of `key`, or None."""
        found = self.pair(key)
        return found[1] if found else None

    def __iter__(self) -> Iterator[tuple[str, Value]]:
        return ((key.text, value) for key, value in self.pairs)


Value = Scalar | Sequence | Mapping


def plain(value: Value) -> object:
    """A node as nested dicts, lists and texts."""
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, Sequence):
        return [plain(item) for item in value.items]
    return {key: plain(inner) for key, inner in value}
