"""YAML as text alone: every scalar is the text that stands there (the failsafe schema).

ruamel.yaml reads it into nodes; what it would make of `1.10`, `no` or `0x10` does not count.
Anchors, aliases and tags are refused: a manifest needs none, and they are how YAML documents
attack their readers.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dsv_git.errors import InputError


@dataclass(frozen=True)
class Span:
    """Where a node stands: offsets into the text, and its first line counted from 1."""

    start: int
    end: int
    line: int


@dataclass(frozen=True)
class Scalar:
    span: Span
    text: str
    style: str | None
    """`'`, `"`, `|`, `>` or None for a plain one."""


@dataclass(frozen=True)
class Sequence:
    span: Span
    items: tuple[Value, ...]
    flow: bool


@dataclass(frozen=True)
class Mapping:
    span: Span
    pairs: tuple[tuple[Scalar, Value], ...]
    flow: bool

    def get(self, key: str) -> Value | None:
        """The value of `key`, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)

    def __iter__(self) -> Iterator[tuple[str, Value]]:
        return ((key.text, value) for key, value in self.pairs)


Value = Scalar | Sequence | Mapping


@dataclass(frozen=True)
class Reader:
    """Turns nodes into typed values, with errors that name the file and the line."""

    where: str

    def fail(self, value: Value | Scalar, message: str, hint: str | None = None) -> InputError:
        """The error to raise for `value`."""
        return InputError(message, where=f"{self.where}:{value.span.line}", hint=hint)

    def text(self, value: Value, key: str) -> str:
        """A scalar's text."""
        if not isinstance(value, Scalar):
            raise self.fail(value, f"{key} must be a text")
        return value.text

    def texts(self, value: Value, key: str) -> tuple[str, ...]:
        """A list of texts; nothing at all (`key:`) is the empty list."""
        if isinstance(value, Scalar) and value.text == "" and value.style is None:
            return ()
        if not isinstance(value, Sequence):
            raise self.fail(value, f"{key} must be a list", f"{key}: [first, second]")
        return tuple(self.text(item, f"an item of {key}") for item in value.items)

    def mapping(self, value: Value, key: str) -> Mapping:
        """A mapping; nothing at all (`key:`) is the empty one."""
        if isinstance(value, Scalar) and value.text == "" and value.style is None:
            return Mapping(value.span, (), flow=False)
        if not isinstance(value, Mapping):
            raise self.fail(value, f"{key} must be a mapping", f"{key}: {{name: value}}")
        return value

    def number(self, value: Value, key: str, most: int) -> int:
        """A whole number from 0 to `most`."""
        text = self.text(value, key)
        if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most):
            raise self.fail(value, f"{key} must be a whole number from 0 to {most}, not {text!r}")
        return int(text)

    def flag(self, value: Value, key: str) -> bool:
        """`true` or `false`."""
        return self.one_of(value, key, ("true", "false")) == "true"

    def one_of(self, value: Value, key: str, allowed: Iterable[str]) -> str:
        """One of a few words."""
        text, words = self.text(value, key), tuple(allowed)
        if text not in words:
            near = nearest(text, words)
            raise self.fail(
                value,
                f"{key} cannot be {text!r}",
                f"it is one of: {', '.join(words)}" + (f"; did you mean {near}?" if near else ""),
            )
        return text

    def known(self, mapping: Mapping, keys: Iterable[str], of: str) -> None:
        """Refuses an unknown key and names the nearest known one."""
        allowed = tuple(keys)
        for key, _ in mapping.pairs:
            if key.text not in allowed:
                near = nearest(key.text, allowed)
                hint = f"did you mean {near}?" if near else f"known keys: {', '.join(allowed)}"
                raise self.fail(key, f"unknown key {key.text!r} in {of}", hint)


def nearest(text: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that `text` most likely meant."""
    close = difflib.get_close_matches(text, list(allowed), n=1, cutoff=0.5)
    return close[0] if close else None


def parse(text: str, where: str) -> Mapping:
    """Reads one YAML document whose top is a mapping.

    Raises InputError with `where` and the line for bad YAML, anchors, tags, duplicate keys.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="safe", pure=True)
    try:
        node = yaml.compose(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError(f"not valid YAML: {error.problem}", where=f"{where}:{line}") from None
    except YAMLError as error:
        said = str(error).splitlines()[0]
        raise InputError(f"not valid YAML: {said}", where=f"{where}:1") from None
    except RecursionError:
        raise InputError("nested too deeply", where=f"{where}:1") from None
    if node is None:
        return Mapping(Span(0, 0, 1), (), flow=False)
    value = _value(node, where)
    if not isinstance(value, Mapping):
        raise InputError("must be a mapping (key: value)", where=f"{where}:{value.span.line}")
    return value


_PLAIN_TAGS = {
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "merge", "value")
}


def _value(node: Any, where: str) -> Value:
    span = Span(node.start_mark.index, node.end_mark.index, node.start_mark.line + 1)
    place = f"{where}:{span.line}"
    if node.anchor is not None:
        raise InputError("anchors and aliases are not allowed", where=place)
    if str(node.tag) not in _PLAIN_TAGS:
        raise InputError(f"the tag {node.tag} is not allowed", where=place)
    content: Any = node.value
    if node.id == "scalar":
        return Scalar(span, str(content), node.style or None)
    flow = bool(node.flow_style)
    if node.id == "sequence":
        return Sequence(span, tuple(_value(item, where) for item in content), flow)
    pairs: list[tuple[Scalar, Value]] = []
    seen: set[str] = set()
    for key_node, value_node in content:
        key = _value(key_node, where)
        if not isinstance(key, Scalar):
            raise InputError("a key must be a text", where=f"{where}:{key.span.line}")
        if key.text in seen:
            raise InputError(f"the key {key.text!r} stands twice", where=f"{where}:{key.span.line}")
        seen.add(key.text)
        pairs.append((key, _value(value_node, where)))
    return Mapping(span, tuple(pairs), flow)
