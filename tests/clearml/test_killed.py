"""SIGKILL at any call: of the process that registers, and of the commit that started it. A sync
then leaves one whole version, and no process is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

import pytest

from tests.clearml.versions import completed, connect, draft
from tests.clearml_server import Call, ClearMLServer
from tests.conftest import SOURCE, Repo

FORKING = """
import os, sys
from tests.clearml.versions import connect, draft
connect("here")
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        connect("here").register(draft("a", "1.0"))
        os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
    print("gone", flush=True)
"""
"""Registers a version in a process of its own for every line that it reads."""


def registering(repo: Path) -> list[int]:
    """The processes that register the versions of a repository."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if b"register" in words and os.fsencode(repo) in words:
                    found.append(int(entry.name))
    return found


@pytest.fixture
def team(clearml_repo: Repo) -> Iterator[Repo]:
    """A repository whose next commit makes a version; in the end, no process is left."""
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("processes are found in /proc")
    clearml_repo.commit("Set up")
    clearml_repo.write("data/cat/a.jpg", "a")
    clearml_repo.dsv("add", "data", "--name", "pets", "--labels", "{label}/*")
    clearml_repo.git("add", "-A")
    yield clearml_repo
    assert gone(clearml_repo.path)


def gone(repo: Path) -> bool:
    """Whether nobody registers any more; waits a while for the last one."""
    for _ in range(200):
        if not registering(repo):
            return True
        time.sleep(0.05)
    return False


def synced(repo: Repo, server: ClearMLServer) -> None:
    """After a sync there is one version, and its record is in git."""
    repo.dsv("sync")
    (one,) = completed(server)
    assert list(server.tasks) == [one]
    assert f'"{one}"' in repo.git("show", "HEAD:manifests/pets/versions/1.0.json")
    assert repo.status == ""


def kill_at(server: ClearMLServer, n: int, pids: Callable[[], list[int]]) -> None:
    """Kills processes when the `n`-th call from now arrives."""
    server.forget_calls()

    def kill(call: Call) -> None:
        if call.n == n:
            for pid in pids():
                os.kill(pid, signal.SIGKILL)

    server.on_call = kill


def test_a_process_may_be_killed_at_any_call(
    server: ClearMLServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    server.forget_calls()
    connect("here").register(draft("a", "1.0"))
    calls = len(server.calls)
    with subprocess.Popen(
        [sys.executable, "-c", FORKING],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as forking:
        assert forking.stdin is not None
        assert forking.stdout is not None
        assert forking.stdout.readline() == "ready\n"
        for n in range(1, calls + 1):
            started: Future[int] = Future()
            server.store.projects.clear()
            server.store.tasks.clear()
            server.store.events.clear()
            kill_at(server, n, lambda started=started: [started.result(10)])  # type: ignore[misc]
            forking.stdin.write("\n")
            forking.stdin.flush()
            started.set_result(int(forking.stdout.readline()))
            assert forking.stdout.readline() == "gone\n"
            assert len(server.calls) == n
            server.on_call = lambda _: None
            made = connect("here").register(draft("a", "1.0"))
            assert list(server.tasks) == completed(server) == [made], f"killed at call {n}"
        forking.stdin.close()
    assert forking.returncode == 0


@pytest.mark.parametrize("n", [1, 6, 12], ids=lambda n: f"call-{n}")
def test_a_commit_outlives_the_process_that_registers(
    team: Repo, server: ClearMLServer, n: int
) -> None:
    kill_at(server, n, lambda: registering(team.path))
    told = team.run("git", "commit", "-qm", "Add pets").stderr
    assert told.startswith("dsv: pets@1.0 stays pending: the registration ended with exit code -9")
    assert told.count("\n") == 1
    assert len(server.calls) == n
    server.on_call = lambda _: None
    synced(team, server)


@pytest.mark.parametrize("n", [1, 6, 12], ids=lambda n: f"call-{n}")
def test_a_killed_commit_takes_its_registration_along(
    team: Repo, server: ClearMLServer, n: int
) -> None:
    went: Future[bool] = Future()
    with subprocess.Popen(
        ["git", "commit", "-qm", "Add pets"], cwd=team.path, env=team.env, start_new_session=True
    ) as commit:

        def kill(call: Call) -> None:
            if call.n == n:
                assert registering(team.path)
                os.killpg(commit.pid, signal.SIGKILL)
                went.set_result(gone(team.path))

        server.forget_calls()
        server.on_call = kill
    assert commit.returncode == -signal.SIGKILL
    assert went.result(30)
    server.on_call = lambda _: None
    synced(team, server)
