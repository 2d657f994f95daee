"""The real pre-commit framework, before and after ours."""

from __future__ import annotations

import os
import sys
import textwrap
from pathlib import Path

import pytest

from dsv_git.gitrepo.hook_state import missing_hooks
from dsv_git.gitrepo.hooks import HookAction
from tests.hooks.conftest import Hooked, recorder

CONFIG = """\
repos:
  - repo: local
    hooks:
      - id: theirs
        name: theirs
        entry: sh -c 'echo theirs >>theirs.log'
        language: system
        always_run: true
        pass_filenames: false
        stages: [pre-commit, post-commit, post-merge]
"""
CHECKED = "check --staged --before-message"
COMMIT = "hook post-commit"
TYPES = ("-t", "pre-commit", "-t", "post-commit")


@pytest.fixture
def framework(bare: Hooked, tmp_path: Path) -> Hooked:
    """A repository with a configuration of pre-commit, not installed yet."""
    bare.repo.env["PRE_COMMIT_HOME"] = str(tmp_path / "pre-commit")
    bare.repo.env.pop("PYTHONWARNINGS")
    bare.repo.write(".gitignore", "*.log\n")
    bare.repo.write(".pre-commit-config.yaml", CONFIG)
    bare.code("start")
    return bare


def pre_commit(hooked: Hooked, *args: str) -> None:
    hooked.repo.run(sys.executable, "-m", "pre_commit", *args)


def theirs(hooked: Hooked) -> int:
    """How often their hook ran since the last call."""
    log = hooked.repo.path / "theirs.log"
    count = len(log.read_text().splitlines()) if log.exists() else 0
    log.unlink(missing_ok=True)
    return count


def test_the_framework_runs_the_checks_and_ours_registers(framework: Hooked) -> None:
    pre_commit(framework, "install", *TYPES)
    outcomes = framework.install()
    for name in ("pre-commit", "pre-merge-commit", "commit-msg"):
        assert outcomes[name].action is HookAction.LEFT
        assert not outcomes[name].changed
    assert "- id: dsv-check" in str(outcomes["pre-commit"])
    assert outcomes["post-commit"].path.name == "post-commit.legacy"
    assert missing_hooks(framework.repository) == ()
    framework.data("1")
    assert framework.commands() == [COMMIT]
    assert theirs(framework) == 2


def test_ours_outlives_the_next_pre_commit_install_and_its_uninstall(framework: Hooked) -> None:
    pre_commit(framework, "install", *TYPES)
    framework.install()
    pre_commit(framework, "install", *TYPES)
    assert {outcome.changed for outcome in framework.install().values()} == {False}
    framework.data("1")
    assert framework.commands() == [COMMIT]
    pre_commit(framework, "uninstall", *TYPES)
    theirs(framework)
    framework.data("2")
    assert framework.commands() == [COMMIT]
    assert theirs(framework) == 0
    framework.uninstall()
    assert [path.name for path in framework.hooks.iterdir()] == []


def test_a_framework_that_comes_later_starts_ours(framework: Hooked) -> None:
    config = framework.repo.path / ".pre-commit-config.yaml"
    config.unlink()
    framework.install()
    config.write_text(CONFIG)
    pre_commit(framework, "install", *TYPES)
    framework.data("1")
    assert framework.commands() == [CHECKED, COMMIT]
    assert theirs(framework) == 2
    again = framework.install()
    assert {outcome.changed for outcome in again.values()} == {False}
    framework.uninstall()
    left = sorted(path.name for path in framework.hooks.iterdir())
    assert left == ["post-commit", "pre-commit"]
    framework.data("2")
    assert framework.commands() == []
    assert theirs(framework) == 2


def test_a_persons_hook_that_the_framework_moved_runs_with_ours(framework: Hooked) -> None:
    framework.hooks.mkdir()
    own = framework.hooks / "post-commit"
    own.write_bytes(b"#!/bin/sh\necho mine >>mine.log\n")
    own.chmod(0o755)
    pre_commit(framework, "install", *TYPES)
    before = {path: path.read_bytes() for path in framework.hooks.iterdir()}
    assert framework.install()["post-commit"].action is HookAction.ADDED
    framework.data("1")
    assert framework.commands() == [COMMIT]
    assert (framework.repo.path / "mine.log").read_text() == "mine\n"
    framework.uninstall()
    assert {path: path.read_bytes() for path in framework.hooks.iterdir()} == before


def test_the_lines_that_are_given_make_the_framework_run_our_check(
    framework: Hooked, tmp_path: Path
) -> None:
    pre_commit(framework, "install", *TYPES)
    lines = framework.install()["pre-commit"].note.split("\n", 2)[2]
    config = CONFIG + textwrap.indent(textwrap.dedent(lines), "  ") + "\n"
    framework.repo.write(".pre-commit-config.yaml", config)
    recorder(tmp_path / "path", framework.log).rename(tmp_path / "path/dsv")
    path = {"PATH": f"{tmp_path / 'path'}:{os.environ['PATH']}"}
    framework.repo.write("manifests/pets/manifest.yaml", "version: '1'\n")
    framework.repo.commit("Data", env=path)
    assert framework.commands() == [CHECKED, COMMIT]
    outcome = framework.install()["pre-commit"]
    assert (outcome.action, outcome.note) == (
        HookAction.SKIPPED,
        ".pre-commit-config.yaml runs dsv-check",
    )


def test_our_own_check_goes_once_the_framework_has_it(framework: Hooked) -> None:
    config = framework.repo.path / ".pre-commit-config.yaml"
    config.unlink()
    framework.install()
    config.write_text(CONFIG)
    assert framework.install()["pre-commit"].action is HookAction.UNCHANGED
    config.write_text(CONFIG.replace("id: theirs", "id: dsv-check"))
    assert framework.install()["pre-commit"].action is HookAction.REMOVED
    assert not (framework.hooks / "pre-commit").exists()
    assert missing_hooks(framework.repository) == ()


def test_a_framework_without_a_configuration_here_still_counts(framework: Hooked) -> None:
    pre_commit(framework, "install")
    (framework.repo.path / ".pre-commit-config.yaml").unlink()
    outcomes = framework.install()
    assert outcomes["pre-commit"].action is HookAction.LEFT
    assert outcomes["post-commit"].action is HookAction.INSTALLED
