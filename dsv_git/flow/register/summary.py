"""What became of versions, in lines for a person and in IDs for a program."""

from __future__ import annotations

from dataclasses import dataclass

from dsv_git.errors import ExitCode
from dsv_git.flow.history.pending import Problem
from dsv_git.flow.register.order import Registered
from dsv_git.flow.register.reconcile import Outcome


@dataclass(frozen=True)
class Summary:
    """What a verb that registers did. `ids` are by `manifest@version`; `commit` is where the branch
    stands afterwards."""

    lines: tuple[str, ...]
    ids: dict[str, str]
    commit: str | None
    exit_code: int


def nothing_done(reason: str) -> Summary:
    """The summary where there was nothing to do."""
    return Summary((reason,), {}, None, ExitCode.OK)


def summary(outcome: Outcome, otherwise: str) -> Summary:
    """The summary of an outcome; `otherwise` is said where it has no line of its own."""
    ids = {f"{one.manifest}@{one.record.version}": one.id for one in outcome.registered}
    code = max((problem.code for problem in outcome.problems), default=ExitCode.OK)
    return Summary(report(outcome) or (otherwise,), ids, outcome.commit, code)


def report(outcome: Outcome) -> tuple[str, ...]:
    """A line for each version that was registered, and one for each that was not."""
    return (
        *(line for one in outcome.registered for line in _registered(one)),
        *(f"dsv: {line}" for line in outcome.told),
        *(_pending(problem) for problem in outcome.problems),
    )


def _registered(one: Registered) -> tuple[str, ...]:
    """What became of a version, and what its page lacks."""
    stats = one.record.stats
    parts = [f"{stats.files:,} file{'' if stats.files == 1 else 's'}"]
    parts += [f"+{stats.added:,}"] if stats.added else []
    parts += [f"-{stats.removed:,}"] if stats.removed else []
    parts += [f"~{stats.modified:,}"] if stats.modified else []
    parts += [f">{stats.renamed:,}"] if stats.renamed else []
    name = f"dsv: {one.manifest}@{one.record.version}"
    place = f", in place of {', '.join(one.replaces)}" if one.replaces else ""
    line = f"{name} = {one.id} ({', '.join(parts)}){place}"
    return (line, *(f"{name}: {note}" for note in one.notes))


def _pending(problem: Problem) -> str:
    """Why a version stays pending, and what to type."""
    name = f"{problem.manifest}@{problem.version}"
    return f"dsv: {name} stays pending: {problem.reason} ({problem.hint})"
