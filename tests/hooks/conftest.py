"""Repositories whose hooks start a recorder in place of dsv: what is tested is what starts it."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from dsv_git.gitrepo.hooks import HookOutcome, install, uninstall
from dsv_git.gitrepo.repository import Repository
from tests.conftest import Repo, environment, new_repo

RECORDER = """\
#!/bin/sh
[ "$1" != -c ] || exit 0
cat >/dev/null
printf '%s\\t%s\\t%s\\n' "$*" "$PWD" "${{GIT_INDEX_FILE:-}}" >>"{log}"
[ "${{DSV_KEEP:-}}" ] || rm -f "$(git rev-parse --git-common-dir)/dsv/pending"
exit "${{DSV_CODE:-0}}"
"""


@dataclass(frozen=True)
class Start:
    """One start of dsv by a hook."""

    command: str
    folder: str
    index: str


@dataclass
class Hooked:
    """A repository with a recorder where `dsv init` puts the interpreter."""

    repo: Repo
    recorder: Path
    log: Path

    @property
    def repository(self) -> Repository:
        return Repository.discover(self.repo.path)

    @property
    def hooks(self) -> Path:
        return self.repo.path / ".git/hooks"

    @property
    def pending(self) -> Path:
        return self.repository.state_dir / "pending"

    def install(self) -> dict[str, HookOutcome]:
        outcomes = install(self.repository)
        self.repo.git("config", "dsv.python", str(self.recorder))
        return {outcome.name: outcome for outcome in outcomes}

    def uninstall(self) -> tuple[HookOutcome, ...]:
        return uninstall(self.repository)

    def starts(self) -> list[Start]:
        """What was started since the last call."""
        if not self.log.exists():
            return []
        lines = self.log.read_text().splitlines()
        self.log.unlink()
        return [Start(*line.removeprefix("-m dsv_git ").split("\t")) for line in lines]

    def commands(self) -> list[str]:
        """The commands that were started since the last call, the checks of messages left out:
        each comes after a check of what is staged."""
        return [one.command for one in self.starts() if "hook commit-msg " not in one.command]

    def data(self, text: str, *options: str) -> str:
        """Commits a change of a manifest."""
        self.repo.write("manifests/pets/manifest.yaml", f"version: '{text}'\n")
        return self.repo.commit(f"Data {text}", *options)

    def code(self, text: str, *options: str) -> str:
        """Commits a change of code."""
        self.repo.write("train.py", f"print({text!r})\n")
        return self.repo.commit(f"Code {text}", *options)

    def other(self, text: str) -> str:
        """Commits a file that no other commit touches."""
        self.repo.write(f"notes/{text}.txt", text)
        return self.repo.commit(f"Note {text}")


def recorder(folder: Path, log: Path) -> Path:
    """A program that records how it was started."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "python"
    path.write_text(RECORDER.format(log=log))
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hooked:
    """A repository with `.dsv.yaml` and no hook, not even a hooks folder."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    env = environment(tmp_path / "home")
    for name in ("HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_GLOBAL"):
        monkeypatch.setenv(name, env[name])
    repo = new_repo(tmp_path / "a team", tmp_path / "home")
    shutil.rmtree(repo.path / ".git/hooks")
    repo.write(".dsv.yaml", "registry: local\n")
    log = tmp_path / "starts.log"
    return Hooked(repo, recorder(tmp_path / "an env/bin", log), log)


@pytest.fixture
def hooked(bare: Hooked) -> Hooked:
    """A repository with our hooks and a first commit of code."""
    bare.install()
    bare.code("start")
    assert bare.commands() == ["check --staged --before-message"], "for .dsv.yaml"
    return bare
