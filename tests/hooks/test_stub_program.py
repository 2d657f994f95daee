"""One stub at a time: every shell, every way to name the folder, every way to find dsv."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dsv_git.gitrepo.hook_stubs import NAMES, REGISTRATION, block, caller, stub
from tests.conftest import SOURCE
from tests.hooks.conftest import Hooked, recorder

SHELLS = ["sh", "dash", "bash", "bash --posix", "busybox sh", "ksh", "mksh", "zsh --emulate sh"]
HERE = [shell for shell in SHELLS if shutil.which(shell.split()[0])]


def run_stub(
    hooked: Hooked, name: str, *args: str, shell: str = "sh", **env: str
) -> subprocess.CompletedProcess[str]:
    """Runs a stub as git would, at the top of the working tree."""
    return hooked.repo.run(*shell.split(), str(SOURCE / "hooks" / name), *args, code=None, env=env)


@pytest.fixture
def committed(bare: Hooked) -> Hooked:
    """A repository without hooks whose last commit is of data."""
    bare.repo.git("config", "dsv.python", str(bare.recorder))
    bare.code("start")
    bare.data("1")
    return bare


@pytest.mark.parametrize("option", ["", " -eu"])
@pytest.mark.parametrize("shell", HERE)
def test_every_shell_runs_the_stubs(committed: Hooked, shell: str, option: str) -> None:
    repo = committed.repo
    repo.git("update-ref", "ORIG_HEAD", "HEAD^")
    for name, args in (
        ("post-commit", ()),
        ("post-merge", ("0",)),
        ("post-rewrite", ("rebase",)),
        ("post-applypatch", ()),
    ):
        done = run_stub(committed, name, *args, shell=shell + option)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert committed.commands() == [" ".join(("hook", name, *args))]
    repo.write("manifests/pets/manifest.yaml", "version: '2'\n")
    repo.git("add", "-A")
    for name in ("pre-commit", "pre-merge-commit"):
        done = run_stub(committed, name, shell=shell + option, DSV_CODE="1")
        assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
        assert committed.commands() == ["check --staged --before-message"]
    repo.git("commit", "-qm", "Data")
    committed.code("more")
    for name in NAMES:
        assert run_stub(committed, name, shell=shell + option).returncode == 0
    repo.git("update-ref", "ORIG_HEAD", "HEAD")
    committed.starts()
    for name in NAMES:
        assert run_stub(committed, name, shell=shell + option).returncode == 0
    assert committed.commands() == []


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
def test_shellcheck_finds_nothing(tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / f"{name}-stub").write_bytes(stub(name))
        (tmp_path / f"{name}-caller").write_bytes(caller(name))
        (tmp_path / f"{name}-block").write_bytes(b"#!/bin/bash\n" + block(name))
    files = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run(["shellcheck", *files], capture_output=True, text=True, check=False)
    assert done.stdout == ""


def functions(name: str) -> dict[str, str]:
    """The functions of a stub, with their texts."""
    parts = stub(name).decode().split("\n\n")
    return {part.split("(")[0]: part for part in parts if part.startswith("dsv_") and "()" in part}


def test_what_the_stubs_share_is_one_text() -> None:
    for name in NAMES:
        for function in ("dsv_here", "dsv_named", "dsv_start"):
            assert functions(name)[function] == functions("post-commit")[function]
    for name in REGISTRATION:
        for function in ("dsv_due", "dsv_mark", "dsv_run"):
            assert functions(name)[function] == functions("post-commit")[function]
    for name in set(REGISTRATION) - {"post-commit"}:
        assert functions(name)["dsv_wanted"] == functions("post-merge")["dsv_wanted"]
    for name in ("commit-msg", "prepare-commit-msg", "post-rewrite"):
        assert functions(name)["dsv_code_only"] == functions("post-commit")["dsv_code_only"]
    assert functions("post-rewrite")["dsv_later"] == functions("post-commit")["dsv_later"]
    for function in ("dsv_here", "dsv_named", "dsv_staged", "dsv_start"):
        assert functions("pre-commit")[function] == functions("pre-merge-commit")[function]


@pytest.mark.parametrize(
    ("line", "folder"),
    [
        ("registry: local\n", "manifests"),
        ("manifests: my data\n", "my data"),
        ("registry: local\r\nmanifests: data\r\nsamples: 1\r\n", "data"),
        ("manifests: data/sets/\n", "data/sets"),
        ('manifests: "my data" # ours\n', "my data"),
        ("manifests: 'data'\n", "data"),
        ("manifests:   data   # ours\n", "data"),
        ("manifests: data", "data"),
        ("manifests: 'a*b'\n", "a*b"),
        ("manifests:\n", "manifests"),
        ("manifests: # as usual\n", "manifests"),
        ("# manifests: data\n", "manifests"),
    ],
)
def test_the_manifests_folder_is_the_one_that_the_configuration_names(
    hooked: Hooked, line: str, folder: str
) -> None:
    hooked.repo.write(".dsv.yaml", line)
    hooked.repo.write("manifest/pets.txt", "not in it")
    hooked.repo.write("axb", "not in it")
    hooked.repo.write("data/other/pets.txt" if folder != "data" else "sets/pets.txt", "not in it")
    hooked.repo.commit("Code")
    assert "hook post-commit" not in hooked.commands()
    hooked.repo.write(f"{folder}/pets/manifest.yaml", "version: '1'\n")
    hooked.repo.commit("Data")
    assert hooked.commands() == ["check --staged --before-message", "hook post-commit"]


def test_a_commit_of_the_configuration_alone_is_checked(hooked: Hooked) -> None:
    hooked.repo.write(".dsv.yaml", "registry: local\nsamples: 1\n")
    hooked.repo.write("sub/.dsv.yaml", "of another tool")
    hooked.repo.commit("Configuration")
    assert hooked.commands() == ["check --staged --before-message"]
    hooked.repo.write("sub/.dsv.yaml", "of another tool again")
    hooked.repo.commit("Another file of that name")
    assert hooked.commands() == []


def without_dsv(tmp_path: Path) -> str:
    """A PATH with the usual tools and no dsv."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for tool in ("git", "sh", "date", "mkdir", "rm"):
        (folder / tool).symlink_to(shutil.which(tool) or tool)
    return str(folder)


def test_with_no_dsv_a_data_commit_says_so_and_stays_pending(
    hooked: Hooked, tmp_path: Path
) -> None:
    hooked.repo.git("config", "--unset", "dsv.python")
    path = without_dsv(tmp_path)
    hooked.repo.write("manifests/pets/manifest.yaml", "version: '1'\n")
    hooked.repo.git("add", "-A")
    said = hooked.repo.run("git", "commit", "-qm", "Data", env={"PATH": path}).stderr
    check, commit = said.splitlines()
    assert check.startswith("dsv: not found; the staged manifests are not checked")
    assert commit == (
        "dsv: not found; this commit's data version stays pending (install dsv-git, then: dsv sync)"
    )
    hooked.repo.write("train.py", "print(2)\n")
    said = hooked.repo.run("git", "commit", "-qam", "Code", env={"PATH": path}).stderr
    assert said == ""
    hooked.repo.git("config", "dsv.python", str(hooked.recorder))
    hooked.other("a")
    assert hooked.commands() == ["hook post-commit"]


@pytest.mark.parametrize("python", [None, "/gone/bin/python", "not dsv's"])
def test_dsv_on_path_is_the_second_choice(
    hooked: Hooked, tmp_path: Path, python: str | None
) -> None:
    if python == "not dsv's":
        (tmp_path / "false").write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / "false").chmod(0o755)
        python = str(tmp_path / "false")
    hooked.repo.git("config", "--unset", "dsv.python")
    if python:
        hooked.repo.git("config", "dsv.python", python)
    path = tmp_path / "a path"
    recorder(path, hooked.log).rename(path / "dsv")
    hooked.repo.write("manifests/pets/manifest.yaml", "version: '1'\n")
    hooked.repo.commit("Data", env={"PATH": f"{path}:{os.environ['PATH']}"})
    assert hooked.commands() == ["check --staged --before-message", "hook post-commit"]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 knows no safe path")
def test_modules_in_the_working_tree_are_not_taken_for_ours(hooked: Hooked) -> None:
    hooked.repo.git("config", "dsv.python", sys.executable)
    for name in ("dsv_git/__init__.py", "dsv_git/__main__.py", "json.py", "tempfile.py"):
        hooked.repo.write(name, "open('taken', 'w').close()\n")
    hooked.repo.write("manifests/notes.txt", "not a manifest\n")
    hooked.repo.git("add", "-A")
    hooked.repo.run("git", "commit", "-qm", "Data", code=None)
    assert not (hooked.repo.path / "taken").exists()


def test_lines_that_a_person_adds_below_our_own_hook_run(hooked: Hooked) -> None:
    for name in ("pre-commit", "post-commit"):
        with (hooked.hooks / name).open("a") as file:
            file.write(f"echo {name} of mine\n")
    hooked.repo.write("manifests/pets/manifest.yaml", "version: '1'\n")
    hooked.repo.git("add", "-A")
    done = hooked.repo.run("git", "commit", "-qm", "Data")
    assert done.stderr.splitlines() == ["pre-commit of mine", "post-commit of mine"]
    assert hooked.commands() == ["check --staged --before-message", "hook post-commit"]
    hooked.uninstall()
    assert (hooked.hooks / "pre-commit").read_text() == "#!/bin/sh\necho pre-commit of mine\n"
