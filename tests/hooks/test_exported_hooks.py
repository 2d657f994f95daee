"""The hooks of `.pre-commit-hooks.yaml`, run by the real pre-commit framework."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.conftest import SOURCE, Repo
from tests.manifests import write_manifest

TWENTY = {f"train/cat/{n}.jpg": str(n) for n in range(20)}
TYPES = ("-t", "pre-commit", "-t", "pre-merge-commit", "-t", "commit-msg")


@pytest.fixture
def team(repo: Repo, tmp_path: Path) -> Repo:
    """A repository that takes all of them, from this very file; only the environment that the
    framework would build, which needs a network, is replaced by this interpreter's."""
    repo.env["PRE_COMMIT_HOME"] = str(tmp_path / "pre-commit")
    repo.env.pop("PYTHONWARNINGS")
    text = (SOURCE / ".pre-commit-hooks.yaml").read_text()
    text = text.replace("language: python", "language: system")
    text = text.replace("entry: dsv ", f"entry: {sys.executable} -m dsv_git ")
    hooks = "".join(f"      {line}\n" for line in text.splitlines())
    repo.write(".pre-commit-config.yaml", f"repos:\n  - repo: local\n    hooks:\n{hooks}")
    repo.write(".dsv.yaml", "registry: local\n")
    write_manifest(repo, "pets", "1.0", TWENTY)
    repo.commit("Twenty")
    repo.run(sys.executable, "-m", "pre_commit", "install", *TYPES)
    return repo


def test_a_removal_needs_a_line_of_the_message_and_gets_by_with_it(team: Repo) -> None:
    write_manifest(team, "pets", "1.1", dict(list(TWENTY.items())[:10]))
    team.git("add", "-A")
    done = team.run("git", "commit", "-m", "Half", code=1)
    assert "[mass-removal]" in done.stdout + done.stderr
    team.write(".dsv.yaml", "registry: local\nmessages: {trailers: true}\n")
    team.git("add", "-A")
    team.git("commit", "-q", "-m", "Half\n\nData-Override: mass-removal")
    words = "Half\n\nData-Override: mass-removal\nData-Version: pets@1.1"
    assert team.git("log", "-1", "--format=%B") == words


def test_a_list_is_rewritten_and_its_commit_waits_for_it(team: Repo) -> None:
    place = team.path / "manifests/pets/files/_.jsonl"
    good = place.read_text()
    place.write_text("".join(reversed(good.splitlines(keepends=True))))
    team.write("notes.txt", "a commit needs something that is new\n")
    team.git("add", "-A")
    done = team.run("git", "commit", "-m", "Shuffled", code=1)
    assert "rewritten: manifests/pets/files/_.jsonl" in done.stdout + done.stderr
    assert place.read_text() == good
    team.git("add", "-A")
    team.git("commit", "-q", "-m", "In order")
