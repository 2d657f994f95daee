"""The little language of list filters: plain values, `-value`, `__$all`, `__$not` and so on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tests.clearml_server.errors import ApiError
from tests.clearml_server.store import Json

AND, OR = "and", "or"
OPERATORS = {"__$all": AND, "__$and": AND, "__$any": OR, "__$or": OR}
Group = tuple[str, bool]
"""How values are joined, and whether they must be there (or must not)."""


def _groups(wanted: Sequence[str | None]) -> tuple[str, bool, dict[Group, list[str]]]:
    """The joining of the groups, whether nothing at all is welcome, and the groups."""
    overall: str | None = None
    join, legacy, negated, empty = OR, True, False, False
    groups: dict[Group, list[str]] = {}
    for value in wanted:
        if value is None:
            empty = True
        elif value == "__$nop":
            join, legacy = OR, True
        elif value == "__$not":
            negated = True
        elif value in OPERATORS:
            join, legacy = OPERATORS[value], False
            overall = overall or join
        elif value.startswith("__$"):
            raise ApiError(400, 16, "Invalid value for fields", "Unsupported operator")
        else:
            overall = overall or AND
            barred = negated or (legacy and value.startswith("-"))
            plain = value[1:] if barred and not negated else value
            groups.setdefault((join, not barred), []).append(plain)
            negated = False
    return overall or AND, empty, groups


def _held(value: Any) -> set[Any]:
    return set(value) if isinstance(value, list) else ({value} - {None})


def _verdicts(held: set[Any], groups: dict[Group, list[str]]) -> Iterator[bool]:
    for (join, included), values in groups.items():
        if not included:
            yield not held & set(values)
        elif join == AND:
            yield set(values) <= held
        else:
            yield bool(held & set(values))


def accepts(value: Any, wanted: Sequence[str | None]) -> bool:
    """Whether a field with this value (one or a list) passes the filter."""
    overall, empty, groups = _groups(wanted)
    held = _held(value)
    if empty and not held:
        return True
    if empty and not groups:
        return False
    verdicts = list(_verdicts(held, groups))
    return (all if overall == AND else any)(verdicts) if verdicts else True


def _part(held: set[Any], part: Json, join: str) -> bool:
    include, exclude = set(part.get("include") or ()), set(part.get("exclude") or ())
    answers = []
    if include:
        answers.append(bool(held & include) if join == OR else include <= held)
    if exclude:
        answers.append(not exclude <= held if join == OR else not held & exclude)
    return (any if join == OR else all)(answers) if answers else True


def accepts_filter(value: Any, asked: Json) -> bool:
    """The newer form: `{"any": {"include": [], "exclude": []}, "all": {…}, "op": "and"}`."""
    held = _held(value)
    parts = [(asked[name], join) for name, join in (("any", OR), ("all", AND)) if asked.get(name)]
    answers = [_part(held, part, join) for part, join in parts]
    return (any if asked.get("op") == OR else all)(answers) if answers else True
