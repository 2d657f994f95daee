"""A three-way merge of `manifest.yaml` by key: our text, with what the other side changed in it.

Each key keeps the text and the comments that a person gave it. Lists merge as sets that keep their
order, mappings by their keys. A key that both changed, each in another way, is written twice,
between git's conflict marks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dsv_git.diff.merged_files import Marks
from dsv_git.diff.merging import three_way
from dsv_git.errors import InputError
from dsv_git.manifest.made_by import joined
from dsv_git.manifest.yamlnodes import Mapping, Value, plain
from dsv_git.manifest.yamlplaces import last_offset
from dsv_git.manifest.yamltext import parse
from dsv_git.manifest.yamlwrite import flow, line, scalar

ALONE: Final = frozenset({"layout"})
"""Keys that nobody may merge: rows of two layouts are in lists that do not match each other."""
MADE_BY: Final = "made_by"
"""What both sides did made the result: there is nothing to decide."""


@dataclass(frozen=True)
class MergedText:
    """The text, and the keys that conflict in it (`data.root`)."""

    text: str
    conflicts: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    """A key of a block mapping: comments above it, its own lines, and what they say."""

    lead: str
    body: str
    value: Value
    text: str
    at: int
    """Where `body` begins in the whole text."""

    @property
    def plain(self) -> object:
        return plain(self.value)

    @property
    def indent(self) -> str:
        return self.body[: len(self.body) - len(self.body.lstrip(" "))]


@dataclass(frozen=True)
class _Side:
    """A mapping of one side, split into its parts; `rest` stands below them."""

    parts: dict[str, _Part]
    rest: str = ""


def merge_declarations(base: str, ours: str, theirs: str, marks: Marks) -> MergedText:
    """Merges three texts; `base` may be empty. Raises InputError for what is no such YAML."""
    before = _side(base, parse(base, "base")) if base.strip() else _Side({})
    mine, other = (
        _side(text, parse(text, name))
        for text, name in ((_ended(ours), marks.ours), (_ended(theirs), marks.theirs))
    )
    conflicts: list[str] = []
    text = "".join(_merged(before, mine, other, _Place("", marks, conflicts)))
    return MergedText(text, tuple(conflicts))


@dataclass(frozen=True)
class _Place:
    """Where in the document a mapping is, and what conflicts so far."""

    prefix: str
    marks: Marks
    conflicts: list[str]


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def _side(text: str, node: Mapping, start: int = 0) -> _Side:
    """The parts of a mapping; `start` is where comments above its first key may begin."""
    if node.flow and node.pairs:
        raise InputError("not one key a line")
    parts: dict[str, _Part] = {}
    for name, value in node.pairs:
        at = text.rfind("\n", 0, name.span.start) + 1
        end = text.find("\n", last_offset(text, name, value)) + 1 or len(text)
        parts[name.text] = _Part(text[start:at], text[at:end], value, text, at)
        start = end
    return _Side(parts, text[start:])


def _merged(base: _Side, ours: _Side, theirs: _Side, place: _Place) -> Iterator[str]:
    for key in _order(list(ours.parts), list(theirs.parts)):
        was, mine, other = (side.parts.get(key) for side in (base, ours, theirs))
        shown = mine or other
        assert shown is not None  # noqa: S101
        yield shown.lead if mine or shown.lead not in ours.rest else ""
        yield _part(key, was, mine, other, place)
    yield ours.rest


def _order(ours: list[str], theirs: list[str]) -> list[str]:
    """Our keys, and each new one of theirs behind the key that it follows there."""
    found = list(ours)
    for number, key in enumerate(theirs):
        if key not in found:
            before = theirs[number - 1] if number else None
            found.insert(found.index(before) + 1 if before else 0, key)
    return found


def _part(
    key: str, was: _Part | None, mine: _Part | None, other: _Part | None, place: _Place
) -> str:
    before, here, there = (part.plain if part else None for part in (was, mine, other))
    alone = not place.prefix and key in ALONE
    if here == there or (there == before and not alone):
        return mine.body if mine else ""
    if here == before and not alone:
        return other.body if other else ""
    if key == MADE_BY and not place.prefix and _all(str, here, there):
        return f"{MADE_BY}: {line(joined(str(here or ''), str(there or '')))}\n"
    both = None if alone else _both(key, (was, mine, other), place)
    if both is not None:
        return both
    place.conflicts.append(place.prefix + key)
    return place.marks.around(
        *((part.body if part else "").encode() for part in (mine, other))
    ).decode()


def _both(
    key: str, parts: tuple[_Part | None, _Part | None, _Part | None], place: _Place
) -> str | None:
    """Lists and mappings that both sides changed; None for other values."""
    was, mine, other = parts
    before, here, there = (part.plain if part else None for part in parts)
    shown = mine or other
    assert shown is not None  # noqa: S101
    head = f"{shown.indent}{scalar(key)}:"
    if _all(list, before, here, there):
        merged = _merge_items(*(_texts(value) for value in (before, here, there)))
        if not merged:
            return ""
        if isinstance(mine, _Part) and "\n" in mine.body.rstrip("\n"):
            lines = [f"{shown.indent}  - {scalar(item)}\n" for item in merged]
            return "".join([head + "\n", *lines])
        return f"{head} {flow(merged)}\n"
    if not _all(dict, before, here, there) or mine is None or other is None:
        return None
    try:
        before_, mine_, other_ = (_inside(part) for part in (was, mine, other))
    except InputError:
        return _flow_mapping(head, before, here, there)
    inner = _Place(f"{place.prefix}{key}.", place.marks, place.conflicts)
    line = mine.body.partition("\n")[0]
    return f"{line}\n" + "".join(_merged(before_, mine_, other_, inner))


def _inside(part: _Part | None) -> _Side:
    if part is None:
        return _Side({})
    if not isinstance(part.value, Mapping) or part.value.flow:
        raise InputError("not one key a line")
    found = _side(part.text, part.value, part.text.find("\n", part.at) + 1)
    return _Side(found.parts)


def _flow_mapping(head: str, before: object, here: object, there: object) -> str | None:
    was, mine, other = (side if isinstance(side, dict) else {} for side in (before, here, there))
    merged, disputed = three_way(was, mine, other, lambda one, two: bool(one == two))
    if disputed:
        return None
    return f"{head} {flow(merged)}\n" if merged else ""


def _all(kind: type, *values: object) -> bool:
    return all(value is None or isinstance(value, kind) for value in values)


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _merge_items(before: list[str], here: list[str], there: list[str]) -> list[str]:
    gone = set(before) - set(there)
    new = [item for item in there if item not in before and item not in here]
    return [item for item in here if item not in gone] + new
