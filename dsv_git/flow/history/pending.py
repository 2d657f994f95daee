"""Which versions of a history are to be registered, parents before children; which cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dsv_git.errors import ExitCode
from dsv_git.flow.history.seen import Name, Seen
from dsv_git.flow.history.version_keys import Resolver
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.record import Record


@dataclass(frozen=True)
class Problem:
    """A version that cannot be registered as it stands, and why."""

    manifest: str
    version: str
    reason: str
    hint: str
    code: ExitCode = ExitCode.PROBLEMS


@dataclass(frozen=True)
class Pending:
    """A version to register: its key, its parents as they are, and the record it replaces."""

    seen: Seen
    key: str
    parents: tuple[tuple[Parent, str], ...]
    """Each parent with its key (or `clearml:ID`)."""
    replaces: Record | None = None


def pending(resolver: Resolver) -> tuple[tuple[Pending, ...], tuple[Problem, ...]]:
    """What is to be registered, parents before children, and what cannot be."""
    todo: list[Pending] = []
    problems: list[Problem] = []
    for name in _parents_first(resolver.seen):
        found = resolver.seen[name]
        if resolver.registered(found.snapshot) or resolver.superseded(name):
            continue
        outcome = _one(resolver, found)
        (todo if isinstance(outcome, Pending) else problems).append(outcome)  # type: ignore[arg-type]
    blocked = {(problem.manifest, problem.version) for problem in problems}
    ready: list[Pending] = []
    for item in todo:
        waits = next(
            (
                parent
                for parent, key in item.parents
                if (parent.manifest, parent.version) in blocked
                and not resolver.has_record(parent, key)
            ),
            None,
        )
        if waits is None:
            ready.append(item)
        else:
            name = item.seen.snapshot.name
            blocked.add(name)
            problems.append(Problem(*name, f"its parent {waits} is not registered", "dsv status"))
    return tuple(ready), tuple(problems)


def _one(resolver: Resolver, found: Seen) -> Pending | Problem:
    manifest, version = found.snapshot.name
    parents = resolver.parents(found.snapshot.declaration)
    lost = next((parent for parent, key in parents if key is None), None)
    if lost is not None:
        if not resolver.whole:
            return Problem(manifest, version, f"its parent {lost} has no record yet", "dsv sync")
        reason = f"its parent {lost} is nowhere in this history"
        return Problem(manifest, version, reason, f"git fetch, or correct parents of {manifest}")
    records = resolver.records(manifest, version)
    held = next((r for r in records if resolver.published(manifest, r)), None)
    if held is not None:
        reason = f"{version} is published with another content"
        return Problem(manifest, version, reason, f"dsv bump {manifest}")
    if found.rivals:
        reason = f"{version} has another content in {found.rivals[0][:10]}, on another branch"
        return Problem(manifest, version, reason, f"dsv bump {manifest}")
    key = resolver.key(found.snapshot)
    assert key is not None  # noqa: S101
    known = tuple((parent, text) for parent, text in parents if text is not None)
    return Pending(found, key, known, records[0] if records else None)


def _parents_first(seen: Mapping[Name, Seen]) -> list[Name]:
    ordered: dict[Name, None] = {}
    for start in seen:
        stack = [(start, False)]
        open_names: set[Name] = set()
        while stack:
            name, expanded = stack.pop()
            if expanded:
                ordered[name] = None
            elif name not in ordered and name not in open_names and name in seen:
                open_names.add(name)
                stack.append((name, True))
                parents = seen[name].snapshot.declaration.parents
                stack.extend(((p.manifest, p.version), False) for p in parents if not p.foreign)
    return list(ordered)
