"""`dsv doctor`: whether hooks fire, git and this clone are sound, and the registry agrees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dsv_git.errors import ExitCode, InputError, Unreachable
from dsv_git.flow.health.clone import clone_checks, git_check
from dsv_git.flow.health.data import data_checks
from dsv_git.flow.health.drivers import driver_checks
from dsv_git.flow.health.finding import Check, refused
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.repository import Repository


@dataclass(frozen=True)
class Diagnosis:
    """Every check with what it found."""

    checks: tuple[Check, ...]
    exit_code: ExitCode


def doctor(start: Path, environment: Mapping[str, str], *, remote: bool = False) -> Diagnosis:
    """Looks at the clone around `start`, and with `remote` at the registry too.

    Nothing of a person's is changed. Raises InputError outside of a repository.
    """
    checks = [git_check(start)]
    if not checks[0].fine:
        return _diagnosis(checks)
    repository = Repository.discover(start)
    try:
        workspace = Workspace.open(start)
    except InputError as error:
        broken = Check("configuration", "", (refused(error, "correct .dsv.yaml"),))
        return _diagnosis([*checks, broken, *clone_checks(repository)])
    checks.append(Check("configuration", f".dsv.yaml: registry {workspace.config.registry}"))
    checks.extend(clone_checks(repository))
    checks.extend(_readable(workspace, environment))
    return _remote(workspace, checks) if remote else _diagnosis(checks)


def _readable(workspace: Workspace, environment: Mapping[str, str]) -> Iterator[Check]:
    try:
        yield from driver_checks(workspace)
        yield from data_checks(workspace, environment)
    except InputError as error:
        yield Check("manifests", "", (refused(error, "dsv check"),))


def _remote(workspace: Workspace, checks: list[Check]) -> Diagnosis:
    if workspace.config.registry == "local":
        checks.append(Check("registry", "local: there is no server to ask"))
        return _diagnosis(checks)
    from dsv_git.flow.health.remote import remote_checks

    try:
        checks.extend(remote_checks(workspace))
    except Unreachable as error:
        found = refused(error, "dsv doctor --remote, once it answers")
        checks.append(Check("registry", "", (found,)))
        return Diagnosis(tuple(checks), ExitCode.UNREACHABLE)
    except InputError as error:
        checks.append(Check("records", "", (refused(error, "dsv check HEAD"),)))
    return _diagnosis(checks)


def _diagnosis(checks: list[Check]) -> Diagnosis:
    fine = all(check.fine for check in checks)
    return Diagnosis(tuple(checks), ExitCode.OK if fine else ExitCode.PROBLEMS)
