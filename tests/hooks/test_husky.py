"""Real husky 9: our lines go where husky keeps a person's, and outlive the next npm install."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dsv_git.gitrepo.hook_state import missing_hooks
from dsv_git.gitrepo.hooks import HookAction
from tests.conftest import Repo
from tests.hooks.conftest import Hooked

pytestmark = pytest.mark.skipif(not shutil.which("npm"), reason="npm is not on PATH")
PACKAGE = {"name": "app", "private": True, "scripts": {"prepare": "husky"}}
STARTED = ["check --staged --before-message", "hook post-commit"]


def npm_install(repo: Repo) -> None:
    """What a person types after a clone and after every pull."""
    quiet = ("--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error")
    done = repo.run("npm", "install", *quiet, code=None)
    if done.returncode:
        pytest.skip(f"the npm registry does not answer: {done.stderr.strip()[-200:]}")
    assert repo.git("config", "core.hooksPath") == ".husky/_"


@pytest.fixture
def husky(bare: Hooked) -> Hooked:
    """A repository with husky, and a person's own hook in it."""
    bare.repo.write("package.json", json.dumps({**PACKAGE, "devDependencies": {"husky": "^9"}}))
    bare.repo.write(".gitignore", "node_modules\npackage-lock.json\n*.log\n")
    bare.repo.write(".husky/pre-commit", "echo mine >>mine.log\n")
    npm_install(bare.repo)
    return bare


def committed(hooked: Hooked) -> dict[str, bytes]:
    """The files that husky has people commit."""
    folder = hooked.repo.path / ".husky"
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_hooks_go_into_huskys_committed_folder_and_fire(husky: Hooked) -> None:
    before = committed(husky)
    generated = {path: path.read_bytes() for path in husky.repo.path.glob(".husky/_/*")}
    outcomes = husky.install()
    assert outcomes["pre-commit"].action is HookAction.ADDED
    assert outcomes["post-commit"].action is HookAction.INSTALLED
    assert "commit it" in outcomes["post-commit"].note
    assert outcomes["post-commit"].path == husky.repo.path / ".husky/post-commit"
    assert {path: path.read_bytes() for path in generated} == generated
    assert missing_hooks(husky.repository) == ()
    husky.data("1")
    assert husky.commands() == STARTED
    assert (husky.repo.path / "mine.log").read_text() == "mine\n"
    husky.uninstall()
    assert committed(husky) == before


def test_hooks_outlive_the_next_npm_install(husky: Hooked) -> None:
    husky.install()
    ours = committed(husky)
    npm_install(husky.repo)
    assert committed(husky) == ours
    assert {outcome.action for outcome in husky.install().values()} == {HookAction.UNCHANGED}
    husky.data("1")
    assert husky.commands() == STARTED


def test_the_committed_lines_hold_no_path_of_a_machine(husky: Hooked, tmp_path: Path) -> None:
    husky.install()
    for content in committed(husky).values():
        assert str(tmp_path).encode() not in content


def test_a_failing_check_stops_a_commit_through_husky(husky: Hooked) -> None:
    husky.install()
    husky.repo.write("manifests/pets/manifest.yaml", "version: '1'\n")
    husky.repo.git("add", "-A")
    husky.repo.run("git", "commit", "-qm", "Data", code=1, env={"DSV_CODE": "1"})
    assert not (husky.repo.path / "mine.log").exists()


def test_a_colleague_needs_dsv_init_after_npm_install(husky: Hooked, tmp_path: Path) -> None:
    husky.install()
    husky.data("1")
    husky.repo.git("clone", "-q", ".", str(tmp_path / "clone"))
    clone = Hooked(Repo(tmp_path / "clone", husky.repo.env), husky.recorder, husky.log)
    for name, value in (("user.name", "Bob"), ("user.email", "bob@example.org")):
        clone.repo.git("config", name, value)
    npm_install(clone.repo)
    husky.starts()
    clone.data("2")
    assert clone.commands() == []
    assert "post-commit" in missing_hooks(clone.repository)
    clone.install()
    clone.data("3")
    assert clone.commands() == STARTED
    assert clone.repo.status == ""


def test_a_generated_folder_that_was_deleted_is_missed(husky: Hooked) -> None:
    husky.install()
    shutil.rmtree(husky.repo.path / ".husky/_")
    assert "post-commit" in missing_hooks(husky.repository)
    npm_install(husky.repo)
    assert missing_hooks(husky.repository) == ()
