"""Filters, order, pages and projections of `get_all` and `get_all_ex`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.clearml_server.errors import ApiError
from tests.clearml_server.store import Json
from tests.clearml_server.tag_filter import accepts, accepts_filter

PAGE = 500
MULTI = {"_any_": any, "_or_": any, "_all_": all, "_and_": all}


@dataclass(frozen=True)
class Fields:
    """Which field is filtered how; a name that ends in `*` stands for all that begin so."""

    pattern: tuple[str, ...]
    listed: tuple[str, ...]
    exact: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    references: tuple[str, ...] = ("company", "user", "project", "parent")


TASKS = Fields(
    pattern=("name", "comment", "report"),
    listed=(
        "id", "user", "tags", "system_tags", "type", "status", "project", "parent",
        "hyperparams.*", "execution.queue",
    ),
    exact=("runtime.*",),
    dates=("status_changed", "last_update", "last_change", "created", "started", "completed"),
)  # fmt: skip
PROJECTS = Fields(
    pattern=("name", "basename", "description"),
    listed=("id", "user", "tags", "system_tags", "parent", "path"),
    dates=("last_update",),
)


def _named(field: str, patterns: Iterable[str]) -> bool:
    return any(
        field.startswith(pattern[:-1]) if pattern.endswith("*") else field == pattern
        for pattern in patterns
    )


def value_at(document: Json, path: str) -> Any:
    """What is at a dotted path, None if nothing; a name may itself hold dots."""
    here: Any = document
    rest = path
    while rest:
        if not isinstance(here, dict):
            return None
        if rest in here:
            return here[rest]
        head, _, rest = rest.partition(".")
        here = here.get(head)
    return here


def _regex(pattern: str, flags: int = 0) -> re.Pattern[str]:
    try:
        return re.compile(pattern, flags)
    except re.error as problem:
        raise ApiError(400, 21, "Invalid regex error", str(problem)) from None


def _bounds(wanted: object) -> Callable[[Any], bool]:
    """A condition on dates: `>=2026-01-01` and the like, or a pair of bounds, both included."""
    given = wanted if isinstance(wanted, list) else [wanted]
    if len(given) == 2 and not any(str(g).startswith((">", "<")) for g in given):
        given = [f"{sign}{g}" for sign, g in zip((">=", "<="), given, strict=True) if g]

    def holds(value: Any) -> bool:
        for condition in given:
            found = re.match(r"(>=|>|<=|<)?(.*)", str(condition))
            sign, text = (found.group(1), found.group(2)) if found else (None, "")
            limit = datetime.fromisoformat(text.replace("Z", "+00:00"))
            if value is None:
                return False
            limit = limit if limit.tzinfo else limit.replace(tzinfo=value.tzinfo)
            if not {
                ">=": value >= limit, ">": value > limit,
                "<=": value <= limit, "<": value < limit,
            }.get(sign or "", value == limit):  # fmt: skip
                return False
        return True

    return holds


def _multi(key: str, asked: Json) -> Callable[[Json], bool]:
    every = MULTI[key]
    if asked.get("pattern") is None:
        holds = _bounds(asked.get("datetime"))
        return lambda d: every(holds(value_at(d, f)) for f in asked["fields"])
    pattern = _regex(asked["pattern"], re.IGNORECASE)
    return lambda d: every(pattern.search(str(value_at(d, f) or "")) for f in asked["fields"])


def _equal(field: str, value: object) -> Callable[[Json], bool]:
    """As the database compares: equal to the value, or a list that holds it."""

    def holds(document: Json) -> bool:
        there = value_at(document, field)
        return bool(there == value or (isinstance(there, list) and value in there))

    return holds


def _listed(field: str, values: object) -> Callable[[Json], bool]:
    wanted: list[Any] = values if isinstance(values, list) else [values]
    return lambda d: accepts(value_at(d, field), wanted)


def _matching(field: str, pattern: re.Pattern[str]) -> Callable[[Json], bool]:
    return lambda d: pattern.search(str(value_at(d, field) or "")) is not None


def _dated(field: str, wanted: object) -> Callable[[Json], bool]:
    holds = _bounds(wanted)
    return lambda d: holds(value_at(d, field))


def _conditions(asked: Json, fields: Fields) -> list[Callable[[Json], bool]]:
    found: list[Callable[[Json], bool]] = []
    for field, tags in (asked.get("filters") or {}).items():
        found.append(lambda d, f=field, t=tags: accepts_filter(value_at(d, f), t))  # type: ignore[misc]
    for field, value in asked.items():
        if value is None:
            continue
        if field in MULTI:
            found.append(_multi(field, value))
        elif field in fields.pattern:
            if value:
                found.append(_matching(field, _regex(value)))
        elif _named(field, fields.listed):
            found.append(_listed(field, value))
        elif _named(field, fields.exact):
            found.append(_equal(field, value))
        elif field in fields.dates:
            found.append(_dated(field, value))
    return found


def select(documents: Iterable[Json], asked: Json, fields: Fields) -> list[Json]:
    """The documents that every filter accepts, hidden ones only if asked for, ordered, paged."""
    conditions = _conditions(asked, fields)
    if not (asked.get("search_hidden") or asked.get("id")):
        conditions.append(lambda d: "hidden" not in d["system_tags"])
    found = [d for d in documents if all(holds(d) for holds in conditions)]
    return _page(_ordered(found, asked.get("order_by")), asked)


def _ordered(documents: list[Json], order_by: str | Sequence[str] | None) -> list[Json]:
    keys = [order_by] if isinstance(order_by, str) else list(order_by or ())
    if keys and not {"id", "-id"} & set(keys):
        keys.append("id")
    for key in reversed(keys):
        field = key.lstrip("-+")
        with_value = [d for d in documents if value_at(d, field) is not None]
        without = [d for d in documents if value_at(d, field) is None]
        with_value.sort(key=lambda d, f=field: value_at(d, f), reverse=key.startswith("-"))  # type: ignore[misc]
        documents = with_value + without
    return documents


def _page(documents: list[Json], asked: Json) -> list[Json]:
    page, size = asked.get("page") or 0, asked.get("page_size")
    size = PAGE if size is None else size
    if page < 0:
        raise ApiError(400, 12, "Validation error", "page must be >=0", field="page")
    if size < 1:
        raise ApiError(400, 12, "Validation error", "page_size must be >0", field="page_size")
    size = min(size, PAGE)
    return documents[page * size : (page + 1) * size]


def project_fields(document: Json, only: object, hide: Sequence[str] = ()) -> Json:
    """The asked fields of a document, dotted paths among them; without any, all but `hide`."""
    names = [only] if isinstance(only, str) else list(only or ())  # type: ignore[call-overload]
    if not names:
        return {name: value for name, value in document.items() if name not in hide}
    result: Json = {}
    for path in names:
        source: Any = document
        target = result
        *parents, last = str(path).split(".")
        for part in parents:
            if not isinstance(source, dict) or not isinstance(source.get(part), dict):
                source = None
                break
            source = source[part]
            target = target.setdefault(part, {})
        if isinstance(source, dict) and last in source:
            target[last] = source[last]
    return result
