"""What `dsv doctor` looks at in a clone: git, hooks and their interpreter, remotes, journals."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dsv_git import __version__
from dsv_git.flow.health.finding import Check, Finding
from dsv_git.gitrepo.clone import OLDEST, cut_off, git_version, remotes_without_kept
from dsv_git.gitrepo.hook_framework import how_to_add
from dsv_git.gitrepo.hook_proof import stale_hooks, trial
from dsv_git.gitrepo.hook_state import missing_hooks, unchecked
from dsv_git.gitrepo.repository import Repository
from dsv_git.manifest.names import printable

INIT: Final = "dsv init"
PATIENCE: Final = 60
"""Seconds after which an interpreter that says nothing is given up."""


def git_check(start: Path) -> Check:
    """Whether git is new enough. Raises InputError where there is none."""
    version, enough = git_version(start)
    oldest = ".".join(map(str, OLDEST))
    found = Finding(
        f"git is {version}, too old for dsv",
        f"install git {oldest} or newer: https://git-scm.com/downloads",
    )
    return Check("git", f"git {version}", () if enough else (found,))


def clone_checks(repository: Repository) -> Iterator[Check]:
    """Everything about a clone that needs no manifest."""
    interpreter = _interpreter(repository)
    yield interpreter
    yield _hooks(repository, able=interpreter.fine)
    yield _remotes(repository)
    yield _journals(repository)


def _interpreter(repository: Repository) -> Check:
    """The interpreter that hooks start dsv with, for a GUI has no PATH of a terminal."""
    name = "interpreter"
    place = repository.config("dsv.python")
    if place is None:
        message = "no interpreter is remembered, so hooks of a GUI do not find dsv"
        return Check(name, "", (Finding(message, INIT),))
    python = Path(place).expanduser()
    shown = printable(place)
    if not (python.is_file() and os.access(python, os.X_OK)):
        return Check(name, "", (Finding(f"the interpreter {shown} is not there any more", INIT),))
    version = _version(repository, python)
    if version is None:
        message = f"the interpreter {shown} does not have dsv-git"
        return Check(name, "", (Finding(message, INIT),))
    if version != __version__:
        message = f"hooks start dsv-git {version} by {shown}, and this is {__version__}"
        return Check(name, "", (Finding(message, INIT),))
    return Check(name, f"hooks start dsv-git {version} by {shown}")


def _version(repository: Repository, python: Path) -> str | None:
    """The release that an interpreter imports, as the hooks start it."""
    try:
        done = subprocess.run(
            [str(python), "-c", "import dsv_git; print(dsv_git.__version__)"],
            cwd=repository.git_dir,
            env={**os.environ, "PYTHONSAFEPATH": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.decode(errors="replace").split()
    return lines[-1] if done.returncode == 0 and lines else None


def _hooks(repository: Repository, *, able: bool) -> Check:
    """Whether git starts our hooks, and they do what they are for."""
    missing, stale = missing_hooks(repository), stale_hooks(repository)
    found = []
    if missing:
        message = f"git would not start our {', '.join(missing)}: not there, or not executable"
        found.append(Finding(message, INIT))
    old = [name for name in stale if name not in missing]
    if old:
        message = f"the text of {', '.join(old)} is not this release's"
        found.append(Finding(message, INIT))
    lacking = unchecked(repository)
    if lacking:
        message = f"the pre-commit framework runs the hooks, and not {' and '.join(lacking)}"
        found.append(Finding(message, how_to_add(lacking).lstrip()))
    if able and not (missing or old):
        reason = trial(repository, repository.config("dsv.python") or "")
        if reason is not None:
            message = f"hooks do not register a trial commit: {printable(reason)}"
            found.append(Finding(message, INIT))
    said = "git starts all of them; a trial commit, thrown away, came back registered"
    return Check("hooks", said, tuple(found))


def _remotes(repository: Repository) -> Check:
    lacking = remotes_without_kept(repository)
    found = [
        Finding(f"git fetch {remote} does not bring the kept versions (refs/dsv/*)", INIT)
        for remote in lacking
    ]
    return Check("remotes", "git fetch brings the kept versions too", tuple(found))


def _journals(repository: Repository) -> Check:
    found = []
    for journal in cut_off(repository):
        place = journal.stem.removeprefix("writeback-")
        where = "" if place == "main" else f" in the working tree {place}"
        message = f"writing a record back was cut off{where}"
        found.append(Finding(message, f"dsv sync{f', typed{where}' if where else ''}"))
    return Check("write-back", "no record is half-written", tuple(found))
