"""What the machine refuses is said in one line: it is no bug of dsv."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.living import init, pets, records
from tests.conftest import Repo


def shell(repo: Repo, command: str, *args: str) -> subprocess.CompletedProcess[str]:
    """What `sh` did with `command`, in which `"$@"` is `dsv` with `args`."""
    return repo.run("sh", "-c", command, "sh", sys.executable, "-m", "dsv_git", *args, code=None)


def refused(done: subprocess.CompletedProcess[str], *, code: int = 4) -> str:
    """The one line of an ordinary failure."""
    assert done.returncode == code, done
    assert "a bug in dsv" not in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.rstrip("\n")


@pytest.fixture
def no_git(repo: Repo, tmp_path: Path) -> dict[str, str]:
    """An environment whose PATH has no git."""
    (tmp_path / "empty").mkdir()
    return {"PATH": str(tmp_path / "empty")}


def test_without_git_on_path_it_is_said_what_to_install(repo: Repo, no_git: dict[str, str]) -> None:
    done = repo.dsv_result("status", env=no_git)
    assert done.returncode == 2
    assert done.stderr == "dsv: git is not on PATH\n  install git: https://git-scm.com/downloads\n"


def test_load_without_git_on_path_raises_an_input_error(repo: Repo, no_git: dict[str, str]) -> None:
    code = (
        "import dsv_git\nfrom dsv_git.errors import InputError\n"
        "try:\n    dsv_git.load('pets', repo='.')\n"
        "except InputError as error:\n    print(error.message)\n"
    )
    done = repo.run(sys.executable, "-c", code, env=no_git)
    assert done.stdout == "git is not on PATH\n"


def test_a_configuration_that_is_a_folder_is_named(repo: Repo) -> None:
    (repo.path / ".dsv.yaml").mkdir()
    assert refused(repo.dsv_result("status")) == (f"dsv: {repo.path}/.dsv.yaml: Is a directory")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_an_answer_that_cannot_be_written_is_a_failure(
    repo: Repo, options: tuple[str, ...]
) -> None:
    pets(repo)
    said = refused(shell(repo, '"$@" >/dev/full', "log", *options))
    assert said == "dsv: standard output: No space left on device"


@pytest.mark.parametrize("verb", ["log", "status", "show", "update"])
def test_a_closed_standard_output_is_nobody_who_reads(repo: Repo, verb: str) -> None:
    pets(repo)
    names = ("pets",) if verb in {"show", "update"} else ()
    done = shell(repo, '"$@" >&-', verb, *names)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="this system has no /proc")
def test_a_current_folder_that_is_gone_is_said(repo: Repo) -> None:
    (repo.path / "gone").mkdir()
    typed = f"cd gone && rmdir ../gone && {sys.executable} -m dsv_git status"
    done = repo.run("sh", "-c", typed, code=4)
    assert done.stderr == "dsv: the current folder is not there any more\n"


def test_a_folder_that_cannot_be_made_is_named(repo: Repo) -> None:
    said = refused(repo.dsv_result("demo", "/proc/x"))
    assert said.startswith("dsv: /proc/x")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_manifest_that_may_not_be_written_is_named(repo: Repo) -> None:
    pets(repo)
    repo.write("data/pets/train/cat/new.jpg", "a new cat")
    folder = repo.path / "manifests/pets/files"
    folder.chmod(0o500)
    try:
        said = refused(repo.dsv_result("update", "pets"))
    finally:
        folder.chmod(0o700)
    assert said.startswith(f"dsv: {folder}/")
    assert "/.dsv-" not in said
    assert said.endswith(": its folder may not be written (Permission denied)")


@pytest.mark.skipif(not Path("/proc/sys").exists(), reason="this system has no /proc/sys")
def test_a_page_that_may_not_be_written_is_named_and_not_its_draft(repo: Repo) -> None:
    pets(repo)
    said = refused(repo.dsv_result("report", "HEAD", "-o", "/proc/sys/x.html"))
    assert said.startswith("dsv: /proc/sys/x.html: ")


def test_a_path_that_is_too_long_for_the_system_is_said(repo: Repo) -> None:
    said = refused(repo.dsv_result("demo", "x" * 300))
    assert said.endswith("File name too long")


def test_what_the_machine_refuses_in_a_hook_leaves_the_version_pending(repo: Repo) -> None:
    init(repo)
    repo.write("data/pets/cat/1.jpg", "a cat")
    repo.dsv("add", "data/pets", "--name", "pets")
    lock = repo.path / ".git/dsv/lock"
    lock.unlink(missing_ok=True)
    lock.mkdir(parents=True)
    repo.git("add", "-A")
    done = repo.run("git", "commit", "-qm", "Add pets")
    (said,) = done.stderr.splitlines()
    assert said.startswith("dsv: stays pending: ")
    assert "dsv/lock: Is a directory (then: dsv sync)" in said
    mark = (repo.path / ".git/dsv/pending").read_text()
    assert mark.strip().isdigit(), "hooks stay quiet for a while"
    lock.rmdir()
    repo.dsv("sync")
    assert records(repo) == ["1.0.json"]
