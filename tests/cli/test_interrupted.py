"""`dsv add` cut short while it hashes: by a kill, and by Ctrl-C."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.cli.hand_made import read
from tests.cli.living import CLEAN, age, answer, differences, init
from tests.conftest import Repo

FILES = 20_000
PATIENCE = 60.0
TRIES = 10


@pytest.fixture
def many(repo: Repo) -> Repo:
    """Data of many small files."""
    init(repo)
    for number in range(FILES):
        place = repo.path / f"data/{number % 20}"
        if number < 20:
            place.mkdir(parents=True)
        (place / f"{number}.bin").write_bytes(b"%d" % number)
    age(repo)
    return repo


def children(pid: int) -> list[int]:
    """The processes that a process started and that are still there."""
    done = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    )
    pairs = (map(int, line.split()) for line in done.stdout.splitlines())
    return [child for child, parent in pairs if parent == pid]


def start(repo: Repo) -> subprocess.Popen[str]:
    """`dsv add` in a process group of its own, as a shell starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "dsv_git", "add", "data", "--name", "many"],
        cwd=repo.path,
        env=repo.env,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def wait_for(happened: Callable[[], bool]) -> bool:
    """Whether something happens before patience ends."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if happened():
            return True
        time.sleep(0.002)
    return False


def while_hashing(repo: Repo, seconds: float) -> subprocess.Popen[str]:
    """`dsv add` in the midst of the hashing, where it was stopped for a while: that outlasts what
    is kept in memory, which is written down once a second. On a busy machine it may be over before
    anybody looks: then another one is started."""
    for _ in range(TRIES):
        adding = start(repo)
        assert wait_for(partial(is_hashing_or_over, adding))
        if adding.poll() is None:
            os.killpg(adding.pid, signal.SIGSTOP)
            time.sleep(seconds)
            os.killpg(adding.pid, signal.SIGCONT)
            return adding
        adding.communicate()
        shutil.rmtree(repo.path / "manifests")
        shutil.rmtree(repo.path / ".git/dsv")
    raise AssertionError("it was always over before anybody looked")


def is_hashing_or_over(adding: subprocess.Popen[str]) -> bool:
    """Whether the hashing has begun; an end counts too."""
    return adding.poll() is not None or len(workers(adding.pid)) > 1


def workers(pid: int) -> list[int]:
    """The processes that hash: they are started by what is itself Python."""
    return [child for child in children(pid) if b"dsv_git" in command_line(child)]


def command_line(pid: int) -> bytes:
    done = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, check=False)
    return done.stdout


def alive(group: int) -> bool:
    """Whether a process of the group is there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def journals(repo: Repo) -> int:
    """Bytes that are remembered of what was hashed."""
    return sum(path.stat().st_size for path in (repo.path / ".git/dsv").rglob("journal"))


def test_a_killed_add_goes_on_where_it_stopped(many: Repo) -> None:
    adding = while_hashing(many, 1.1)
    assert wait_for(lambda: adding.poll() is not None or journals(many) > 0)
    os.killpg(adding.pid, signal.SIGKILL)
    adding.communicate()
    assert adding.returncode == -signal.SIGKILL, "it was done before it could be killed"
    assert wait_for(lambda: not alive(adding.pid))
    assert not (many.path / "manifests").exists()

    found = answer(many, "add", "data", "--name", "many")
    assert found["totals"]["files"] == FILES
    assert 0 < found["hashed_files"] < FILES
    paths = {entry.path for entry in read(many, "many").entries}
    assert paths == {f"{number % 20}/{number}.bin" for number in range(FILES)}
    assert differences(many, "many") == CLEAN


def test_ctrl_c_ends_with_one_line_and_nothing_left_behind(many: Repo) -> None:
    adding = while_hashing(many, 0.0)
    os.killpg(adding.pid, signal.SIGINT)
    out, error = adding.communicate(timeout=PATIENCE)
    assert (adding.returncode, out, error.strip()) == (130, "", "dsv: interrupted")
    assert wait_for(lambda: not alive(adding.pid))
    assert not (many.path / "manifests").exists()
    left = [path.name for path in many.path.rglob(".dsv-*") if path.is_file()]
    assert left == []
    answer(many, "add", "data", "--name", "many")
    assert differences(many, "many") == CLEAN


def test_a_kill_of_the_one_process_ends_the_others(many: Repo, tmp_path: Path) -> None:
    adding = while_hashing(many, 0.0)
    adding.kill()
    adding.communicate()
    assert wait_for(lambda: not alive(adding.pid))
