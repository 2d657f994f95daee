"""The interpreter that hooks start dsv with: a GUI has no PATH of a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Final

from dsv_git.gitrepo.repository import Repository

PYTHON: Final = "dsv.python"


def remember(repository: Repository) -> None:
    """Remembers this interpreter, unless it has dsv_git only where it was started, as in a folder
    of the source: a hook is started elsewhere."""
    if not _has_dsv(repository, sys.executable):
        repository.unset_config(PYTHON)
    elif repository.config(PYTHON) != sys.executable:
        repository.set_config(PYTHON, sys.executable)


def remembered(repository: Repository) -> str | None:
    """The interpreter that hooks start dsv with; None where they take dsv from PATH."""
    return repository.config(PYTHON)


def _has_dsv(repository: Repository, python: str) -> bool:
    if not python:
        return False
    done = subprocess.run(
        [python, "-c", "import dsv_git"],
        cwd=repository.git_dir,
        env={**os.environ, "PYTHONSAFEPATH": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0
