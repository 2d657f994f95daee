"""What a rule has to say: a problem, and with the rule's id and severity a finding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from dsv_git.errors import InputError

FEW: Final = 3
"""How many of the entries concerned are named."""

_PLACE = re.compile(r"(?P<file>.+):(?P<line>\d+)", re.DOTALL)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and what to type next.

    `file` is a path from the top of the repository, `line` counts from 1. `concerned` names a few
    entries (or files, or versions), `more` is how many there are besides. A `minor` problem is
    never more than a warning.
    """

    message: str
    hint: str
    manifest: str = ""
    file: str | None = None
    line: int | None = None
    concerned: tuple[str, ...] = ()
    more: int = 0
    minor: bool = False

    def about(self, concerned: Sequence[str]) -> Problem:
        """This problem with the first few of what it concerns, and the number of the rest."""
        return self.among(concerned, len(concerned))

    def among(self, some: Sequence[str], count: int) -> Problem:
        """This problem with the first few of `some`, and how many there are besides of `count`."""
        few = tuple(some[:FEW])
        return replace(self, concerned=few, more=count - len(few))


@dataclass(frozen=True)
class Finding:
    """A problem as `dsv check` tells it."""

    rule: str
    severity: Literal["error", "warn"]
    manifest: str
    file: str | None
    line: int | None
    message: str
    hint: str
    concerned: tuple[str, ...]
    more: int


def finding(rule: str, severity: Literal["error", "warn"], problem: Problem) -> Finding:
    """A rule's problem as a finding. File names that are not UTF-8 are escaped."""
    return Finding(
        rule=rule,
        severity="warn" if problem.minor else severity,
        manifest=_valid(problem.manifest),
        file=None if problem.file is None else _valid(problem.file),
        line=problem.line,
        message=_valid(problem.message),
        hint=_valid(problem.hint),
        concerned=tuple(_valid(text) for text in problem.concerned),
        more=problem.more,
    )


def overridden(problem: Problem, source: str) -> Problem:
    """A problem that the message `source` says yes to: it is told, and stops nothing."""
    return replace(
        problem,
        message=f"{problem.message}: meant, says {source}",
        hint="nothing to do",
        minor=True,
    )


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """By manifest, file and line; what stands at one place keeps its order."""
    return tuple(sorted(findings, key=lambda f: (f.manifest, f.file or "", f.line or 0)))


def from_error(error: InputError, manifest: str, file: str, hint: str) -> Problem:
    """A reading error as a problem; `hint` is for an error that has none."""
    found = _PLACE.fullmatch(error.where or "")
    line = int(found["line"]) if found else None
    return Problem(error.message, error.hint or hint, manifest, file, line)


def _valid(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
