"""YAML as text alone: every scalar is the text that stands there (the failsafe schema).

ruamel.yaml reads it into nodes; what it would make of `1.10`, `no` or `0x10` does not count.
Anchors, aliases and tags are refused: a manifest needs none, and they are how YAML documents
attack their readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from dsv_git.errors import InputError
from dsv_git.manifest.yamlnodes import Mapping, Scalar, Sequence, Span, Value

__all__ = ["Mapping", "Reader", "Scalar", "Sequence", "Span", "Value", "nearest", "parse"]

DEEPEST: Final = 16
"""Levels of nesting; a manifest needs four."""


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
        if isinstance(value, Scalar) and value.absent:
            return ()
        if not isinstance(value, Sequence):
            raise self.fail(value, f"{key} must be a list", f"{key}: [first, second]")
        return tuple(self.text(item, f"an item of {key}") for item in value.items)

    def mapping(self, value: Value, key: str) -> Mapping:
        """A mapping; nothing at all (`key:`) is the empty one."""
        if isinstance(value, Scalar) and value.absent:
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

    def given(self, mapping: Mapping) -> dict[str, Value]:
        """The values by key; a key with nothing behind it counts as not there."""
        return {
            key: value for key, value in mapping if not (isinstance(value, Scalar) and value.absent)
        }

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
    import difflib

    close = difflib.get_close_matches(text, list(allowed), n=1, cutoff=0.5)
    return close[0] if close else None


def parse(text: str, where: str) -> Mapping:
    """Reads one YAML document whose top is a mapping.

    Raises InputError with `where` and the line for bad YAML, anchors, tags, duplicate keys.
    """
    node = _compose(text, where)
    if node is None:
        return Mapping(Span(0, 0, 1), (), flow=False)
    value = _Nodes(text, where).value(node, DEEPEST)
    if isinstance(value, Scalar) and value.absent:
        return Mapping(value.span, (), flow=False)
    if not isinstance(value, Mapping):
        raise InputError("must be a mapping (key: value)", where=f"{where}:{value.span.line}")
    return value


def _compose(text: str, where: str) -> Any:
    """The nodes of ruamel.yaml, or None for an empty text."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.reader import ReaderError

    yaml = YAML(typ="safe", pure=True)
    try:
        return yaml.compose(text)
    except MarkedYAMLError as error:
        at, said = (error.problem_mark.index if error.problem_mark else 0), error.problem
    except ReaderError as error:
        at, said = error.position, "a character that YAML does not allow"
    except (ValueError, OverflowError):
        # An escape beyond the last character; only \U has room for it.
        at, said = max(text.find("\\U"), 0), "an escape that means no character"
    except RecursionError:
        at, said = 0, "nested too deeply"
    marker = re.search(r"^(?:<{7}|={7}|>{7}|\|{7})", text, re.MULTILINE)
    if marker:
        at, problem = marker.start(), "an unresolved merge conflict"
    else:
        problem = said if said == "nested too deeply" else f"not valid YAML: {said}"
    raise InputError(problem, where=f"{where}:{_line(text, at)}")


def _line(text: str, offset: int) -> int:
    return len(re.findall(r"\r\n?|\n", text[:offset])) + 1


_PLAIN_TAGS = {
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "merge", "value")
}
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class _Nodes:
    """Turns nodes of ruamel.yaml into ours, and refuses what a manifest needs not."""

    text: str
    where: str

    def value(self, node: Any, levels: int) -> Value:
        span = Span(node.start_mark.index, node.end_mark.index, node.start_mark.line + 1)
        self.refuse(node, span, levels)
        content: Any = node.value
        if node.id == "scalar":
            return Scalar(span, str(content), node.style or None)
        flow = bool(node.flow_style)
        if node.id == "sequence":
            return Sequence(span, tuple(self.value(item, levels - 1) for item in content), flow)
        pairs: dict[str, tuple[Scalar, Value]] = {}
        for key_node, value_node in content:
            key = self.value(key_node, levels - 1)
            if not isinstance(key, Scalar):
                raise self.fail("a key must be a text", key.span)
            if key.text in pairs:
                raise self.fail(f"the key {key.text!r} stands twice", key.span)
            value = self.value(value_node, levels - 1)
            if isinstance(value, Scalar) and value.absent:
                # ruamel.yaml puts nothing at all where the next key stands.
                value = Scalar(Span(key.span.end, key.span.end, key.span.line), "", None)
            pairs[key.text] = (key, value)
        return Mapping(span, tuple(pairs.values()), flow)

    def refuse(self, node: Any, span: Span, levels: int) -> None:
        if node.anchor is not None:
            raise self.fail("anchors and aliases are not allowed", span)
        # `!!str` resolves to what is there without it, so the text has to be asked.
        if str(node.tag) not in _PLAIN_TAGS or self.text.startswith("!", span.start):
            raise self.fail(f"a tag is not allowed: {node.tag}", span)
        if node.id == "scalar" and _NO_TEXT.search(str(node.value)):
            raise self.fail("a character that no text may hold", span)
        if not levels:
            raise self.fail("nested too deeply", span)

    def fail(self, message: str, span: Span) -> InputError:
        return InputError(message, where=f"{self.where}:{span.line}")
