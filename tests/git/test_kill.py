"""Killed anywhere, run again: the same end as one clean run."""

from __future__ import annotations

import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Repo, new_repo
from tests.git.conftest import MORE, draft, versions
from tests.manifests import INITIAL, write_manifest

EVENTS = ("open", "os.rename", "os.remove", "os.link", "os.mkdir", "subprocess.Popen")

RUNNER = """
import os, signal, sys
limit, log = int(sys.argv[1]), sys.argv[2]
seen = 0
def hook(event, args):
    global seen
    if event == "open" and not (isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)):
        return
    if event not in {events} or (event == "open" and str(args[0]).startswith("/dev/")):
        return
    seen += 1
    if seen == limit:
        os.kill(os.getpid(), signal.SIGKILL)
from dsv_git.cli import main, sync
import dsv_git.flow.sync
sys.addaudithook(hook)
sys.argv = ["dsv", "sync"]
try:
    main.main()
finally:
    if limit == 0:
        text = str(seen).encode()
        os.write(os.open(log, os.O_WRONLY | os.O_CREAT, 0o600), text)
"""


def prepare(base: Path, way: str) -> Repo:
    """A repository with something to register: folded into HEAD, or in a commit that follows."""
    base.mkdir(parents=True)
    repo = new_repo(base / "repo", base / "home")
    repo.write(".dsv.yaml", "registry: local\n")
    repo.write("notes.txt", "one\n")
    repo.commit("Start")
    draft(repo, "1.0", INITIAL)
    repo.commit("First")
    if way == "follow-up":
        draft(repo, "1.1", MORE, parent="1.0")
        write_manifest(repo, "cars", "1.0", {"a.jpg": "1"})
        repo.commit("Second")
    repo.write("notes.txt", "mine\n")
    repo.write("staged.txt", "staged\n")
    repo.git("add", "staged.txt")
    return repo


def run(repo: Repo, limit: int) -> int:
    """Runs `dsv sync`, killed before its write number `limit`; 0 means never."""
    code = RUNNER.replace("{events}", repr(set(EVENTS)))
    log = repo.path.parent / "writes"
    fixed = {"GIT_AUTHOR_DATE": "@1000000000 +0000", "GIT_COMMITTER_DATE": "@1000000000 +0000"}
    done = repo.run(sys.executable, "-c", code, str(limit), str(log), code=None, env=fixed)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return int(log.read_text()) if limit == 0 else done.returncode


def end(repo: Repo) -> tuple[str, ...]:
    """All that a person can see of a repository afterwards."""
    return (
        repo.git("rev-parse", "HEAD^{tree}"),
        repo.git("rev-list", "--count", "HEAD"),
        repo.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/dsv"),
        repo.status,
        repo.git("ls-files", "-s"),
        repo.git("diff"),
        "\n".join(sorted(p.name for p in (repo.path / ".git").iterdir() if "index" in p.name)),
        "\n".join(sorted(p.name for p in (repo.path / ".git/dsv").iterdir())),
    )


@pytest.mark.parametrize("way", ["fold", "follow-up"])
def test_sync_killed_before_any_write_ends_as_a_clean_run_does(tmp_path: Path, way: str) -> None:
    template = prepare(tmp_path / "template", way)
    clean = copy(template, tmp_path / "clean")
    writes = run(clean, 0)
    expected = end(clean)
    assert versions(clean) == ["1.0"] if way == "fold" else ["1.0", "1.1"]
    assert writes > 20
    for limit in range(1, writes + 1):
        repo = copy(template, tmp_path / f"killed{limit}")
        assert run(repo, limit) == -signal.SIGKILL
        repo.dsv("sync")
        assert end(repo) == expected, f"killed before write {limit} of {writes}"
        shutil.rmtree(repo.path)


def copy(template: Repo, place: Path) -> Repo:
    shutil.copytree(template.path, place / "repo", symlinks=True)
    repo = replace(template, path=place / "repo")
    repo.git("update-index", "-q", "--refresh")
    return repo
