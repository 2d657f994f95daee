"""An import that is killed leaves nothing that the next one would stumble over."""

from __future__ import annotations

import shutil
import signal
import sys
import tarfile
from pathlib import Path

import pytest

from tests.conftest import SOURCE, Repo
from tests.git.killing import copy, end, zygote

FIXED = {"GIT_COMMITTER_DATE": "@1000000000 +0000"}


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
    words = ("import", str(source), "--name", "classes")
    clean = copy(repo, tmp_path / "clean")
    with zygote({**repo.env, **FIXED}) as forked:
        code, writes = forked.run(clean, *words)
        assert code == 0
        expected = end(clean)
        assert clean.status == " M notes.txt"
        for limit in range(writes - 14, writes + 1, 3):
            killed = copy(repo, tmp_path / f"killed{limit}")
            assert forked.run(killed, *words, limit=limit)[0] == -signal.SIGKILL
            typed = (sys.executable, "-m", "dsv_git", *words)
            again = killed.run(*typed, code=None, env=FIXED)
            landed = "is there already" in again.stderr
            assert landed or again.returncode == 0, f"{limit} of {writes}: {again.stderr}"
            assert end(killed) == expected, f"killed before write {limit} of {writes}"
            shutil.rmtree(killed.path)
