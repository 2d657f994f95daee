"""An import that is killed leaves nothing that the next one would stumble over."""

from __future__ import annotations

import shutil
import signal
import sys
import tarfile
from pathlib import Path

import pytest

from tests.conftest import SOURCE, Repo
from tests.git.test_kill import EVENTS, RUNNER, copy, end

FIXED = {"GIT_COMMITTER_DATE": "@1000000000 +0000"}


def run(repo: Repo, source: Path, limit: int) -> int:
    """Runs `dsv import`, killed before its write number `limit`; 0 means never."""
    typed = repr(["dsv", "import", str(source), "--name", "classes"])
    code = RUNNER.replace("{events}", repr(set(EVENTS))).replace('["dsv", "sync"]', typed)
    log = repo.path.parent / "writes"
    done = repo.run(sys.executable, "-c", code, str(limit), str(log), code=None, env=FIXED)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return int(log.read_text()) if limit == 0 else done.returncode


@pytest.fixture
def source(tmp_path: Path) -> Path:
    with tarfile.open(SOURCE / "tests/dvc/history.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "history/classes.csv.dvc"


def test_an_import_killed_in_its_last_steps_ends_as_a_clean_one_does(
    repo: Repo, source: Path, tmp_path: Path
) -> None:
    repo.dsv("init", "--registry", "local")
    repo.write("notes.txt", "one\n")
    repo.commit("Set up")
    repo.write("notes.txt", "mine\n")
    clean = copy(repo, tmp_path / "clean")
    writes = run(clean, source, 0)
    expected = end(clean)
    assert clean.status == " M notes.txt"
    for limit in range(writes - 14, writes + 1, 3):
        killed = copy(repo, tmp_path / f"killed{limit}")
        assert run(killed, source, limit) == -signal.SIGKILL
        again = killed.run(
            *(sys.executable, "-m", "dsv_git", "import", str(source), "--name", "classes"),
            code=None,
            env=FIXED,
        )
        landed = "is there already" in again.stderr
        assert landed or again.returncode == 0, f"{limit} of {writes}: {again.stderr}"
        assert end(killed) == expected, f"killed before write {limit} of {writes}"
        shutil.rmtree(killed.path)
