"""The installer beside whatever hooks are there, and the way back."""

from __future__ import annotations

import stat
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

import dsv_git
from dsv_git.gitrepo import hook_stubs
from dsv_git.gitrepo.hook_state import missing_hooks
from dsv_git.gitrepo.hook_stubs import NAMES, block, caller, stub
from dsv_git.gitrepo.hooks import HookAction, install
from tests.hooks.conftest import Hooked

BOTH = ("pre-commit", "post-commit")
STARTED = ["check --staged --before-message", "hook post-commit"]


@dataclass(frozen=True)
class Theirs:
    """A hook that is there before ours, and what `install` does about it."""

    content: bytes
    action: HookAction
    mode: int = 0o755
    runs: bool = True
    """Its own `mine` line runs, before and after."""


def mine(*lines: str, end: str = "\n") -> bytes:
    return (end.join((*lines, "echo mine >>mine.log")) + end).encode()


KINDS = {
    "sh": Theirs(mine("#!/bin/sh"), HookAction.ADDED),
    "bash, strict": Theirs(mine("#!/usr/bin/env bash", "set -euo pipefail"), HookAction.ADDED),
    "early end": Theirs(mine("#!/bin/sh") + b"exit 0\n", HookAction.ADDED),
    "exec": Theirs(b"#!/bin/sh\nexec sh -c 'echo mine >>mine.log'\n", HookAction.ADDED),
    "sh -eu": Theirs(mine("#!/bin/sh -eu"), HookAction.ADDED),
    "no interpreter": Theirs(mine("# mine"), HookAction.ADDED),
    "no last line end": Theirs(mine("#!/bin/sh").rstrip(b"\n"), HookAction.ADDED),
    "one line, no end": Theirs(b"#!/bin/sh", HookAction.ADDED, runs=False),
    "one line": Theirs(b"#!/bin/sh\n", HookAction.ADDED, runs=False),
    "empty": Theirs(b"", HookAction.ADDED, runs=False),
    "read-only": Theirs(mine("#!/bin/sh"), HookAction.ADDED, mode=0o555),
    "private": Theirs(mine("#!/bin/sh"), HookAction.ADDED, mode=0o700),
    "CRLF, no interpreter": Theirs(mine("# mine").replace(b"\n", b" #\r\n"), HookAction.ADDED),
    "CRLF": Theirs(mine("#!/bin/sh", end="\r\n"), HookAction.CHAINED, runs=False),
    "not executable": Theirs(mine("#!/bin/sh"), HookAction.CHAINED, mode=0o644, runs=False),
    "python": Theirs(
        f"#!{sys.executable}\nimport os\nos.system('echo mine >>mine.log')\n".encode(),
        HookAction.CHAINED,
    ),
    "a program": Theirs(Path("/bin/true").read_bytes(), HookAction.CHAINED, runs=False),
}


def put(hooked: Hooked, theirs: Theirs) -> None:
    hooked.hooks.mkdir()
    for name in BOTH:
        path = hooked.hooks / name
        path.write_bytes(theirs.content)
        path.chmod(theirs.mode)


def snapshot(folder: Path) -> dict[str, tuple[object, ...]]:
    """Every file below a folder: its mode, and its bytes or where it links to."""
    found: dict[str, tuple[object, ...]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[str(path.relative_to(folder))] = ("link", str(path.readlink()))
        elif path.is_file():
            mode = stat.S_IMODE(path.stat().st_mode)
            found[str(path.relative_to(folder))] = (mode, path.read_bytes())
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_hook_that_is_there_keeps_running_and_comes_back_as_it_was(
    bare: Hooked, kind: str
) -> None:
    theirs = KINDS[kind]
    put(bare, theirs)
    before = snapshot(bare.hooks)
    outcomes = bare.install()
    assert {outcomes[name].action for name in BOTH} == {theirs.action}
    assert outcomes["post-merge"].action is HookAction.INSTALLED
    assert missing_hooks(bare.repository) == ()

    installed = snapshot(bare.repo.path / ".git")
    again = bare.install()
    assert {outcome.action for outcome in again.values()} == {HookAction.UNCHANGED}
    assert snapshot(bare.repo.path / ".git") == installed

    log = bare.repo.path / "mine.log"
    if theirs.runs or kind == "CRLF":  # git stops at a pre-commit that it cannot start
        options = ["--no-verify"] if kind == "CRLF" else []
        bare.data("1", *options)
        assert bare.commands() == STARTED[len(options) :]
        assert (log.read_text() if log.exists() else "") == "mine\n" * (2 * theirs.runs)
    else:
        bare.data("1")
        assert bare.commands() == STARTED

    removed = bare.uninstall()
    assert all(outcome.changed for outcome in removed)
    assert snapshot(bare.hooks) == before
    assert not (bare.repository.state_dir / "hooks").exists()
    assert bare.uninstall() == ()


@pytest.mark.parametrize("kind", [kind for kind, theirs in KINDS.items() if theirs.runs])
def test_a_failing_check_stops_the_commit_before_a_persons_own_hook(
    bare: Hooked, kind: str
) -> None:
    put(bare, KINDS[kind])
    bare.install()
    bare.repo.write("manifests/pets/manifest.yaml", "version: '1'\n")
    bare.repo.git("add", "-A")
    bare.repo.run("git", "commit", "-qm", "Data", code=1, env={"DSV_CODE": "1"})
    assert not (bare.repo.path / "mine.log").exists()


@pytest.mark.parametrize("target", ["there", "gone"])
def test_a_linked_hook_keeps_its_target_untouched(bare: Hooked, target: str) -> None:
    script = bare.repo.path / "scripts/hook"
    if target == "there":
        bare.repo.write("scripts/hook", mine("#!/bin/sh"))
        script.chmod(0o755)
    bare.hooks.mkdir()
    for name in BOTH:
        (bare.hooks / name).symlink_to("../../scripts/hook")
    before = snapshot(bare.hooks)
    outcomes = bare.install()
    assert "symbolic link" in outcomes["post-commit"].note
    bare.data("1")
    assert bare.commands() == STARTED
    if target == "there":
        assert script.read_bytes() == mine("#!/bin/sh")
        assert (bare.repo.path / "mine.log").read_text() == "mine\n" * 2
    bare.uninstall()
    assert snapshot(bare.hooks) == before


def test_a_persons_hook_still_gets_its_arguments_and_its_input(bare: Hooked) -> None:
    bare.hooks.mkdir()
    for name, script in (
        ("post-rewrite", b'#!/bin/sh\necho "$1" >rewrite.log\ncat >>rewrite.log\n'),
        ("post-merge", f"#!{sys.executable}\nimport os, sys\nos.mkdir(sys.argv[1])".encode()),
    ):
        (bare.hooks / name).write_bytes(script)
        (bare.hooks / name).chmod(0o755)
    bare.install()
    bare.code("start")
    bare.repo.git("checkout", "-q", "-b", "side")
    old = bare.data("1")
    bare.repo.git("checkout", "-q", "main")
    bare.other("a")
    bare.repo.git("checkout", "-q", "side")
    bare.repo.git("rebase", "-q", "main")
    new = bare.repo.git("rev-parse", "HEAD")
    log = (bare.repo.path / "rewrite.log").read_text()
    assert log.split() == ["rebase", old, new]
    bare.repo.git("checkout", "-q", "main")
    bare.repo.git("merge", "-q", "side")
    assert (bare.repo.path / "0").is_dir()
    assert bare.commands()[-2:] == ["hook post-rewrite rebase", "hook post-merge 0"]


def test_the_interpreter_is_remembered_and_forgotten(
    bare: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(dsv_git.__file__).parents[1]))
    install(bare.repository)
    assert bare.repository.config("dsv.python") == sys.executable
    config = (bare.repo.path / ".git/config").read_bytes()
    install(bare.repository)
    assert (bare.repo.path / ".git/config").read_bytes() == config
    bare.uninstall()
    assert bare.repository.config("dsv.python") is None


def test_an_earlier_text_of_ours_is_replaced(bare: Hooked, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = b"#!/bin/sh\n# >>> dsv >>>\nanother release\n# <<< dsv <<<\n"
    monkeypatch.setattr(hook_stubs, "EARLIER", frozenset({sha256(earlier).hexdigest()}))
    bare.hooks.mkdir()
    (bare.hooks / "post-commit").write_bytes(earlier)
    (bare.hooks / "post-merge").write_bytes(earlier + b"echo mine\n")
    (bare.hooks / "post-rewrite").write_bytes(b"#!/bin/sh\n" + block("post-commit") + b"mine\n")
    for name in ("post-commit", "post-merge", "post-rewrite"):
        (bare.hooks / name).chmod(0o755)
    outcomes = bare.install()
    assert outcomes["post-commit"].action is HookAction.UPDATED
    assert (bare.hooks / "post-commit").read_bytes() == stub("post-commit")
    assert (bare.hooks / "post-merge").read_bytes() == stub("post-merge") + b"echo mine\n"
    assert block("post-rewrite") in (bare.hooks / "post-rewrite").read_bytes()
    (bare.hooks / "post-commit").write_bytes(earlier)
    bare.uninstall()
    left = {path.name: path.read_bytes() for path in bare.hooks.iterdir()}
    assert left == {"post-merge": b"#!/bin/sh\necho mine\n", "post-rewrite": b"#!/bin/sh\nmine\n"}


def test_a_stub_that_was_lost_is_missed_and_put_back(bare: Hooked) -> None:
    put(bare, KINDS["sh"])
    bare.install()
    kept = bare.repository.state_dir / "hooks/post-commit"
    kept.unlink()
    assert missing_hooks(bare.repository) == ("post-commit",)
    bare.data("1")
    assert bare.commands() == ["check --staged --before-message"]
    assert bare.install()["post-commit"].action is HookAction.UPDATED
    assert missing_hooks(bare.repository) == ()


def test_missing_hooks_names_what_would_not_fire(bare: Hooked) -> None:
    assert missing_hooks(bare.repository) == NAMES
    bare.install()
    (bare.hooks / "post-commit").chmod(0o644)
    (bare.hooks / "post-merge").unlink()
    (bare.hooks / "pre-commit").write_text("#!/bin/sh\n")
    gone = ("post-commit", "post-merge", "pre-commit", "prepare-commit-msg")  # the last one is lent
    assert missing_hooks(bare.repository) == gone
    outcomes = bare.install()
    assert outcomes["post-commit"].action is HookAction.UPDATED
    assert missing_hooks(bare.repository) == ()


def test_a_hook_that_runs_the_check_itself_is_left_alone(bare: Hooked) -> None:
    bare.hooks.mkdir()
    own = b"#!/bin/sh\ndsv check --staged\n"
    (bare.hooks / "pre-commit").write_bytes(own)
    (bare.hooks / "pre-commit").chmod(0o755)
    assert bare.install()["pre-commit"].action is HookAction.SKIPPED
    assert (bare.hooks / "pre-commit").read_bytes() == own
    assert missing_hooks(bare.repository) == ()


@pytest.mark.parametrize("path", ["/dev/null", "README"])
def test_hooks_that_are_switched_off_are_told_and_not_an_error(bare: Hooked, path: str) -> None:
    bare.repo.write("README", "text\n")
    bare.repo.git("config", "core.hooksPath", path)
    outcomes = bare.install()
    assert {outcome.action for outcome in outcomes.values()} == {HookAction.REFUSED}
    assert "cannot write" in str(outcomes["post-commit"])
    assert missing_hooks(bare.repository) == NAMES
    assert bare.uninstall() == ()


def test_a_damaged_block_is_left_to_the_person(bare: Hooked) -> None:
    bare.hooks.mkdir()
    torn = b"#!/bin/sh\n# >>> dsv >>>\nmine\n"
    (bare.hooks / "post-commit").write_bytes(torn)
    outcome = bare.install()["post-commit"]
    assert outcome.action is HookAction.REFUSED
    assert "damaged" in outcome.note
    bare.uninstall()
    assert (bare.hooks / "post-commit").read_bytes() == torn


def test_two_hooks_of_one_name_are_left_to_the_person(bare: Hooked) -> None:
    put(bare, KINDS["python"])
    (bare.hooks / "post-commit.before-dsv").write_bytes(b"another")
    before = snapshot(bare.hooks)
    outcome = bare.install()["post-commit"]
    assert outcome.action is HookAction.REFUSED
    assert "post-commit.before-dsv is there already" in outcome.note
    bare.uninstall()
    assert snapshot(bare.hooks) == before


def test_an_install_that_was_cut_off_between_two_renames_is_finished(bare: Hooked) -> None:
    put(bare, KINDS["python"])
    before = snapshot(bare.hooks)
    (bare.hooks / "post-commit").rename(bare.hooks / "post-commit.before-dsv")
    bare.install()
    assert (bare.hooks / "post-commit").read_bytes() == caller("post-commit")
    bare.uninstall()
    assert snapshot(bare.hooks) == before


def test_uninstall_clears_our_own_folder_after_the_hooks_moved(bare: Hooked) -> None:
    bare.install()
    bare.repo.git("config", "core.hooksPath", ".githooks")
    assert missing_hooks(bare.repository) == NAMES
    bare.install()
    bare.uninstall()
    assert snapshot(bare.hooks) == {}
    assert snapshot(bare.repo.path / ".githooks") == {}


def test_outcomes_read_as_sentences(bare: Hooked) -> None:
    put(bare, KINDS["python"])
    outcomes = bare.install()
    assert str(outcomes["post-merge"]) == "post-merge: installed"
    assert str(outcomes["post-commit"]) == (
        "post-commit: installed in front of the hook that is there "
        "(not a shell script: it is post-commit.before-dsv now, runs after ours)"
    )


def test_an_interpreter_that_cannot_import_dsv_elsewhere_is_not_remembered(
    bare: Hooked, tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    start = (
        "import sys; sys.executable = sys.argv[1]; sys.argv[:] = ['dsv', 'init']; "
        "from dsv_git.cli.main import main; main()"
    )
    bare.repo.git("config", "dsv.python", sys.executable)
    done = bare.repo.run(sys.executable, "-c", start, str(python))
    assert "hooks take dsv from PATH: install dsv-git, then dsv init" in done.stderr
    assert bare.repo.run("git", "config", "dsv.python", code=1).stdout == ""
    assert "hooks take dsv" not in bare.repo.dsv_result("init").stderr
    assert bare.repo.git("config", "dsv.python") == sys.executable
