"""Edits of a YAML text that leave every other byte as a person wrote it.

A round trip through a YAML library keeps comments but moves them, and re-indents what it writes;
here the library only says where things stand, and the edit replaces just those characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence as Items
from dataclasses import dataclass

from dsv_git.manifest.yamltext import Mapping, Scalar, Sequence, Value, parse

_SAFE = r"[A-Za-z0-9_./~%+@*=()-]"
_PLAIN = re.compile(rf"[A-Za-z0-9_./~%+-](?:[A-Za-z0-9_./~%+@#*=,()-]|[ :](?={_SAFE}))*")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def scalar(text: str) -> str:
    """`text` as YAML: plain where nothing can be taken amiss, else in double quotes."""
    if _PLAIN.fullmatch(text) and not re.search(r": | #|^[-?](\s|$)|^~$|^%", text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    escaped = _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", escaped)
    return f'"{escaped}"'


def flow(value: object) -> str:
    """Nested dicts, lists and texts as one line of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_inner(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return _inner(str(value))


def _inner(text: str) -> str:
    """A scalar within a flow collection, where commas and brackets end a plain one."""
    plain = scalar(text)
    return plain if plain.startswith('"') or not re.search(r"[,\[\]{}*]", text) else f'"{plain}"'


@dataclass(frozen=True)
class Editor:
    """A YAML text whose top is a block mapping. Every edit gives a new editor.

    `order` is the order of the top keys, for a key that is not there yet.
    """

    text: str
    order: tuple[str, ...]

    @property
    def _top(self) -> Mapping:
        return parse(self.text, "the manifest")

    def set_text(self, key: str, value: str) -> Editor:
        """Sets a top key to one text; the quotes that stand there stay."""
        node = self._top.get(key)
        if node is None:
            return self._insert(key, f"{key}: {scalar(value)}\n")
        if isinstance(node, Scalar) and node.text == value:
            return self
        if isinstance(node, Scalar) and node.style in {"'", None} and node.text:
            plain = scalar(value)
            quoted = f"'{value}'" if node.style == "'" and plain == value else plain
            return self._replace(node.span.start, node.span.end, quoted)
        if isinstance(node, Scalar) and node.style == '"':
            plain = scalar(value)
            quoted = plain if plain.startswith('"') else f'"{plain}"'
            return self._replace(node.span.start, node.span.end, quoted)
        return self._rewrite(key, f"{key}: {scalar(value)}\n")

    def set_list(self, key: str, items: Items[str]) -> Editor:
        """Sets a top key to a list; items that stay keep their lines and comments."""
        node = self._top.get(key)
        if isinstance(node, Sequence) and [_text(item) for item in node.items] == list(items):
            return self
        if not items:
            return self.remove(key) if node is not None else self
        if isinstance(node, Sequence) and not node.flow and node.items:
            return self._edit_block_list(node, items)
        if isinstance(node, Sequence) and node.flow:
            return self._replace(node.span.start, node.span.end, flow(list(items)))
        lines = f"{key}:\n" + "".join(f"  - {scalar(item)}\n" for item in items)
        return self._insert(key, lines) if node is None else self._rewrite(key, lines)

    def set_flow(self, key: str, value: dict[str, object]) -> Editor:
        """Sets a top key to a mapping, written on one line."""
        line = f"{key}: {flow(value)}\n"
        return self._insert(key, line) if self._top.get(key) is None else self._rewrite(key, line)

    def remove(self, key: str) -> Editor:
        """Removes a top key with its value; comments around it stay."""
        found = next(((k, v) for k, v in self._top.pairs if k.text == key), None)
        if found is None:
            return self
        start, end = found[0].span.start, self._line_end(_last_offset(found[0], found[1]))
        return self._replace(start, end, "")

    def _edit_block_list(self, node: Sequence, items: Items[str]) -> Editor:
        """Keeps the lines of items that stay, in the order of `items`; writes the rest anew."""
        first = self._line_start(node.items[0].span.start)
        indent = self.text[first : self.text.index("-", first)]
        chunks: dict[str, str] = {}
        at = first
        for item in node.items:
            end = self._line_end(_last_offset(item, item))
            chunks.setdefault(_text(item), self.text[at:end])
            at = end
        lines = [chunks.get(item) or f"{indent}- {scalar(item)}\n" for item in items]
        lines = [line if line.endswith("\n") else line + "\n" for line in lines]
        return self._replace(first, at, "".join(lines))

    def _rewrite(self, key: str, lines: str) -> Editor:
        name, value = next((k, v) for k, v in self._top.pairs if k.text == key)
        start, end = name.span.start, self._line_end(_last_offset(name, value))
        return self._replace(start, end, lines)

    def _insert(self, key: str, lines: str) -> Editor:
        """After the nearest key that stands before `key` in the order, else at the end."""
        before = self.order[: self.order.index(key)] if key in self.order else self.order
        at = None
        for name, value in self._top.pairs:
            if name.text in before:
                at = max(at or 0, self._line_end(_last_offset(name, value)))
        if at is None:
            at = self._top.pairs[0][0].span.start if self._top.pairs else len(self.text)
        glue = "" if at == 0 or self.text[at - 1] == "\n" else "\n"
        return self._replace(at, at, glue + lines)

    def _replace(self, start: int, end: int, new: str) -> Editor:
        return Editor(self.text[:start] + new + self.text[end:], self.order)

    def _line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def _line_end(self, offset: int) -> int:
        """The offset behind the line end of the line that holds `offset`."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end + 1


def _text(value: Value) -> str:
    return value.text if isinstance(value, Scalar) else ""


def _last_offset(key: Value, value: Value) -> int:
    """The offset of the last character that belongs to `value`, comments behind it left out.

    The end mark of a block collection is where the next token starts, so the last leaf counts.
    """
    if isinstance(value, Scalar):
        if value.style in {"|", ">"}:
            return value.span.end - 1
        empty = value.span.end <= value.span.start
        return key.span.end if empty else max(value.span.end - 1, value.span.start)
    if value.flow:
        return value.span.end - 1
    if isinstance(value, Sequence):
        return _last_offset(value.items[-1], value.items[-1]) if value.items else key.span.end
    return _last_offset(*value.pairs[-1]) if value.pairs else key.span.end
