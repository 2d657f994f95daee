"""Edits of a YAML text that leave every other byte as a person wrote it.

A round trip through a YAML library keeps comments but moves them, and re-indents what it writes;
here the library only says where things stand, and the edit replaces just those characters. Comments
within what is replaced stay: that of the key's own line there, the others on lines of their own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping as Names
from collections.abc import Sequence as Items
from dataclasses import dataclass
from functools import cached_property

from dsv_git.errors import InputError
from dsv_git.manifest.yamlnodes import Mapping, Scalar, Sequence, Value, plain
from dsv_git.manifest.yamlplaces import comments, last_offset
from dsv_git.manifest.yamltext import parse
from dsv_git.manifest.yamlwrite import flow, line, scalar

_WHERE = "manifest.yaml"


@dataclass(frozen=True)
class Editor:
    """A YAML text whose top is a block mapping. Every edit gives a new editor, or raises InputError
    where it would change anything but its key.

    `order` is the order of the top keys, for a key that is not there yet.
    """

    text: str
    order: tuple[str, ...]

    @cached_property
    def _top(self) -> Mapping:
        return parse(self.text, _WHERE)

    def set_text(self, key: str, value: str) -> Editor:
        """Sets a top key to one text; the quotes that stand there stay."""
        node, written = self._top.get(key), scalar(value)
        if isinstance(node, Scalar) and node.text == value and not node.absent:
            return self
        if not isinstance(node, Scalar) or node.absent or node.style in {"|", ">"}:
            return self._put(key, [written], value)
        if node.style and written == value:
            written = f"{node.style}{value}{node.style}"
        return self._replace(node.span.start, node.span.end, written, {key: value})

    def set_line(self, key: str, value: str) -> Editor:
        """Sets a top key to one text that is a command, away with an empty one."""
        if not value:
            return self.remove(key)
        node = self._top.get(key)
        same = isinstance(node, Scalar) and node.text == value and not node.absent
        return self if same else self._put(key, [line(value)], value)

    def set_list(self, key: str, items: Items[str]) -> Editor:
        """Sets a top key to a list, away with no items; items that stay keep their lines."""
        node, wanted = self._top.get(key), list(items)
        if not wanted:
            return self if node is None or plain(node) in ([], "") else self.remove(key)
        if node is not None and plain(node) == wanted:
            return self
        if isinstance(node, Sequence) and node.flow:
            return self._put(key, [flow(wanted)], wanted)
        if isinstance(node, Sequence):
            return self._edit_block_list(key, node, wanted)
        return self._put(key, ["", *(f"  - {scalar(item)}" for item in wanted)], wanted)

    def set_flow(self, key: str, value: Names[str, object]) -> Editor:
        """Sets a top key to a mapping, written on one line."""
        node, wanted = self._top.get(key), _texts(value)
        if node is not None and plain(node) == wanted:
            return self
        return self._put(key, [flow(wanted)], wanted)

    def remove(self, key: str) -> Editor:
        """Removes a top key with its value; comments stay."""
        found = self._top.pair(key)
        if found is None:
            return self
        start, end = self._region(*found)
        notes = [note for _, note in comments(self.text, found[0].span.end, end, found[1])]
        return self._replace(start, end, self._lines(notes, found[0], end), {key: None})

    def _put(self, key: str, lines: list[str], wanted: object) -> Editor:
        """The first of `lines` stands behind `key:`, the others below it, in place of what stands
        there; comments that would go stay beside the key, or above it."""
        found = self._top.pair(key)
        if found is None:
            return self._insert(key, lines, wanted)
        name, node = found
        start, end = self._region(name, node)
        stop = self._line_end(name.span.end)
        above, beside = [], ""
        for at, note in comments(self.text, name.span.end, end, node):
            if at < stop:
                beside = self._blanks(at) + note
            else:
                above.append(note)
        head = self.text[name.span.start : name.span.end] + ":"
        if lines[0]:
            between = self.text[name.span.end : node.span.start]
            head = head[:-1] + (between if re.fullmatch(r" *: +", between) else ": ")
        new = [*above, head + lines[0] + beside, *lines[1:]]
        return self._replace(start, end, self._lines(new, name, end), {key: wanted})

    def _edit_block_list(self, key: str, node: Sequence, items: list[str]) -> Editor:
        """Keeps the lines of items that stay, in the order of `items`; writes the rest anew."""
        indent = self._blanks(node.span.start)
        first = at = node.span.start - len(indent)
        stock: defaultdict[str | None, list[tuple[str, list[str]]]] = defaultdict(list)
        for item in node.items:
            end = self._line_end(last_offset(self.text, item, item))
            notes = [indent + note for _, note in comments(self.text, at, end, item)]
            chunk = self.text[at:end].removesuffix("\n").removesuffix("\r")
            stock[item.text if isinstance(item, Scalar) else None].append((chunk, notes))
            at = end
        lines = [
            stock[item].pop(0)[0] if stock[item] else f"{indent}- {scalar(item)}" for item in items
        ]
        orphans = [note for left in stock.values() for _, notes in left for note in notes]
        new = self._newline.join([*orphans, *lines]) + self._ending(at)
        return self._replace(first, at, new, {key: items})

    def _insert(self, key: str, lines: list[str], wanted: object) -> Editor:
        """After the nearest key that stands before `key` in the order, else as the first."""
        before = self.order[: self.order.index(key)] if key in self.order else self.order
        pairs = self._top.pairs
        at = max((self._region(*pair)[1] for pair in pairs if pair[0].text in before), default=None)
        if at is not None:
            # Comments that are indented belong to the value that stands above them.
            inner = re.compile(r"(?:[ \t]+#[^\n]*(?:\n|\Z))*").match(self.text, at)
            at = inner.end() if inner else at
        else:
            at = self._region(*pairs[0])[0] if pairs else len(self.text)
        pad = self._blanks(pairs[0][0].span.start) if pairs else ""
        first = f"{key}: {lines[0]}" if lines[0] else f"{key}:"
        text = self._newline.join(pad + line for line in [first, *lines[1:]])
        if at and self.text[at - 1] not in "\n\ufeff":
            return self._replace(at, at, self._newline + text, {key: wanted})
        return self._replace(at, at, text + self._newline, {key: wanted})

    def _replace(self, start: int, end: int, new: str, wanted: Names[str, object]) -> Editor:
        """Replaces some characters, and proves that it changed what it should and nothing else."""
        edited = Editor(self.text[:start] + new + self.text[end:], self.order)
        values = {**{name: plain(value) for name, value in self._top}, **wanted}
        try:
            found = plain(edited._top)
        except InputError:
            found = None
        if found != {name: value for name, value in values.items() if value is not None}:
            (key,) = wanted
            raise InputError(
                f"cannot change the key {key} in this form of YAML",
                where=f"{_WHERE}:{self.text.count(chr(10), 0, start) + 1}",
                hint=f"write `{key}: …` on lines of its own, or change it by hand",
            )
        return edited

    def _region(self, name: Scalar, value: Value) -> tuple[int, int]:
        """The lines of a key: from the blanks before it to behind the end of its value's line."""
        start = name.span.start - len(self._blanks(name.span.start))
        return start, self._line_end(last_offset(self.text, name, value))

    def _lines(self, lines: list[str], name: Scalar, end: int) -> str:
        """Lines in place of a key's, which end at `end`, indented as it is."""
        pad = self._blanks(name.span.start)
        text = self._newline.join(pad + line for line in lines)
        return text + self._ending(end) if lines else ""

    @property
    def _newline(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    def _ending(self, end: int) -> str:
        return self._newline if self.text[end - 1 : end] == "\n" else ""

    def _blanks(self, offset: int) -> str:
        """The blanks that stand before an offset."""
        before = self.text[:offset]
        return before[len(before.rstrip(" \t")) :]

    def _line_end(self, offset: int) -> int:
        """The offset behind the line end of the line that holds `offset`."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end + 1


def _texts(value: object) -> object:
    """Nested dicts, lists and texts as a reader finds them."""
    if isinstance(value, Names):
        return {str(key): _texts(inner) for key, inner in value.items()}
    return [_texts(item) for item in value] if isinstance(value, list | tuple) else str(value)
