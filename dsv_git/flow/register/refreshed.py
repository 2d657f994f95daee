"""What came of telling a registry what manifests say now, as a person is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dsv_git.flow.history.pending import Problem
from dsv_git.flow.register.order import Located
from dsv_git.flow.register.registrar import Telling


@dataclass(frozen=True)
class Refreshed:
    """Versions of which the registry was told something new, in lines, and those of which it could
    not be told."""

    lines: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def refreshed(versions: Sequence[Located], telling: Telling) -> Refreshed:
    """What became of the versions that a registry was to be told of."""
    notes = {one.id: one.notes for one in telling.told}
    lines: list[str] = []
    problems: list[Problem] = []
    for one in versions:
        name = f"{one.manifest}@{one.version}"
        if one.id in notes:
            lines.append(f"{name} = {one.id} (its description is up to date)")
            lines += [f"{name}: {note}" for note in notes[one.id]]
        elif telling.problem is not None:
            error = telling.problem
            hint, code = error.hint or "dsv sync", error.exit_code
            problems.append(Problem(one.manifest, one.version, error.message, hint, code))
    return Refreshed(tuple(lines), tuple(problems))
