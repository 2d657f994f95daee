"""Real repositories for the tests: real git, the real command line, nothing mocked."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from tests.clearml_server import ClearMLServer

ANY_CONTENT = (
    "checks: {mass-removal: off, class-vanished: off, split-leak: off, label-conflict: off, "
    "duplicates: off, empty-file: off, case-collision: off}\n"
)
"""Lines of `.dsv.yaml` for tests whose few files come and go as the test needs."""

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A script that starts the tests in the background gives them this, and they gave it to all that
    # they start: no Ctrl-C would reach it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

SOURCE = Path(__file__).resolve().parent.parent

FIRST: Final = ("git/test_kill.py", "clearml/", "git/", "test_docs", "test_readme", "cli/", "dvc/")
"""Tests that take seconds, those of the longest files first: the quick ones fill what is left."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The order in which files are handed out to the workers."""
    ranks = {f"tests/{part}": rank for rank, part in enumerate(FIRST)}

    def rank(item: pytest.Item) -> int:
        return next((n for start, n in ranks.items() if item.nodeid.startswith(start)), len(ranks))

    items.sort(key=rank)


def pytest_xdist_auto_num_workers() -> int:
    """A worker more than there are cores: tests wait for disks, servers and deadlines."""
    affinity = getattr(os, "sched_getaffinity", None)
    return (len(affinity(0)) if affinity else os.cpu_count() or 1) + 1


def environment(home: Path) -> dict[str, str]:
    """A person's environment with nothing of this machine's git configuration in it."""
    others = ("GIT_", "CLEARML_", "TRAINS_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    env.update(
        HOME=str(home),
        XDG_CONFIG_HOME=str(home / ".config"),
        GIT_CONFIG_NOSYSTEM="1",
        GIT_CONFIG_GLOBAL=str(home / ".gitconfig"),
        PYTHONPATH=str(SOURCE),
        PYTHONWARNINGS="error",
        COLUMNS="100",
        NO_COLOR="1",
    )
    return env


@dataclass
class Repo:
    """A working tree, and a person who types commands in it."""

    path: Path
    env: dict[str, str] = field(repr=False)

    def copy(self, path: Path) -> Repo:
        """A copy of the working tree and its git directory, and the same person in it."""
        shutil.copytree(self.path, path, symlinks=True)
        return Repo(path, self.env)

    def run(
        self, *args: str, code: int | None = 0, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command; `code` is the exit code it must have, None for any."""
        done = subprocess.run(
            args,
            cwd=self.path,
            env={**self.env, **(env or {})},
            text=True,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        told = f"{args}\nexit {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert code is None or done.returncode == code, told
        assert "Traceback" not in done.stderr, told
        return done

    def git(self, *args: str, env: Mapping[str, str] | None = None) -> str:
        """Standard output of git, which must succeed."""
        return self.run("git", *args, env=env).stdout.rstrip("\n")

    def dsv_result(
        self, *args: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """What `dsv` did, whatever its exit code."""
        return self.run(sys.executable, "-m", "dsv_git", *args, code=None, env=env)

    def dsv(self, *args: str, code: int = 0, env: Mapping[str, str] | None = None) -> str:
        """Standard output of `dsv`, which must end with `code`."""
        return self.run(sys.executable, "-m", "dsv_git", *args, code=code, env=env).stdout

    def write(self, path: str, content: str | bytes) -> Path:
        """Writes a file below the working tree."""
        place = self.path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
        return place

    def commit(self, message: str, *options: str, env: Mapping[str, str] | None = None) -> str:
        """Stages everything, commits, and gives the commit's id."""
        self.git("add", "-A", env=env)
        self.git("commit", "-q", "-m", message, *options, env=env)
        return self.git("rev-parse", "HEAD")

    @property
    def status(self) -> str:
        """`git status` for programs."""
        return self.git("status", "--porcelain")


def new_team(place: Path, config: str = "") -> Repo:
    """A repository below `place` that dsv looks after, its path with a space in it; `config` are
    lines of its .dsv.yaml."""
    repo = new_repo(place / "a team", place / "home")
    repo.dsv("init", "--registry", "local")
    if config:
        repo.write(".dsv.yaml", f"registry: local\n{config}")
    return repo


def new_repo(path: Path, home: Path) -> Repo:
    """An empty repository on branch `main`."""
    home.mkdir(exist_ok=True)
    path.mkdir(parents=True)
    repo = Repo(path, environment(home))
    repo.git("init", "-q", "-b", "main")
    repo.git("config", "user.name", "Ada")
    repo.git("config", "user.email", "ada@example.org")
    return repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """An empty repository, its path with a space in it."""
    return new_repo(tmp_path / "a team", tmp_path / "home")


@pytest.fixture
def server() -> Iterator[ClearMLServer]:
    """A ClearML server on loopback, empty."""
    with ClearMLServer() as running:
        yield running


@pytest.fixture
def clearml_repo(repo: Repo, server: ClearMLServer) -> Repo:
    """A repository whose versions are registered in the server."""
    repo.env.update(server.environment)
    repo.dsv("init", "--registry", "clearml")
    repo.write(".dsv.yaml", f"registry: clearml\nsamples: 12\n{ANY_CONTENT}")
    return repo
