"""What a shell is told to offer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.conftest import Repo
from tests.manifests import write_manifest

PROGRAM = "import sys\nfrom dsv_git.cli.main import main\nsys.argv = ['dsv']\nmain()\n"


def offered(repo: Repo, *words: str) -> list[str]:
    """What is offered for the last of the words, each as zsh is told: a kind, then the text."""
    env = {
        "_DSV_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(("dsv", *words)),
        "COMP_CWORD": str(len(words)),
    }
    done = repo.run(sys.executable, "-c", PROGRAM, env=env)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.fixture
def team(repo: Repo) -> Repo:
    """Manifests of two names with one beginning, one of them with two versions."""
    repo.write(".dsv.yaml", "registry: local\n")
    write_manifest(repo, "pets", "1.0")
    repo.commit("One")
    repo.dsv("sync")
    write_manifest(repo, "pets", "1.1", {"a.jpg": "1"}, ["pets@1.0"])
    write_manifest(repo, "people/faces", "1.0", dataset="faces")
    return repo


@pytest.mark.parametrize("verb", ["update", "log", "bump", "dedupe", "status", "diff", "merge"])
def test_a_manifest_s_name(team: Repo, verb: str) -> None:
    assert offered(team, verb, "p") == ["plain,people/faces", "plain,pets"]
    assert offered(team, verb, "pet") == ["plain,pets"]
    assert offered(team, verb, "x") == []


def test_a_name_is_offered_once(team: Repo) -> None:
    assert offered(team, "status", "pets", "p") == ["plain,people/faces"]
    assert offered(team, "merge", "pets", "people/faces", "--into", "pe") == [
        "plain,people/faces",
        "plain,pets",
    ]


def test_a_version(team: Repo) -> None:
    assert offered(team, "show", "p") == ["plain,people/faces", "plain,pets"]
    assert offered(team, "show", "pet") == ["plain,pets", "plain,pets@1.0", "plain,pets@1.1"]
    assert offered(team, "show", "pets@1.1") == ["plain,pets@1.1"]
    assert offered(team, "add", "data", "--parent", "pets@") == ["plain,pets@1.0", "plain,pets@1.1"]


def test_folders_and_files_are_the_shell_s(team: Repo) -> None:
    assert offered(team, "add", "da") == ["dir,da"]
    assert offered(team, "demo", "/tm") == ["dir,/tm"]
    assert offered(team, "update", "pets", "--labels", "la") == ["file,la"]


def test_where_nothing_can_be_read_nothing_is_said(repo: Repo, tmp_path: Path) -> None:
    assert offered(repo, "update", "p") == []
    repo.write(".dsv.yaml", "registry: [\n")
    assert offered(repo, "show", "p") == []
    assert offered(Repo(tmp_path, repo.env), "log", "p") == []
    repo.write(".dsv.yaml", "registry: local\n")
    repo.write("manifests/pets/manifest.yaml", "version: [\n")
    assert offered(repo, "show", "p") == ["plain,pets"]


def test_it_starts_without_what_it_does_not_need(team: Repo) -> None:
    program = "import atexit, sys\natexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
    env = {"_DSV_COMPLETE": "zsh_complete", "COMP_WORDS": "dsv show p", "COMP_CWORD": "2"}
    done = team.run(sys.executable, "-c", program + PROGRAM, env=env)
    assert "plain\npets" in done.stdout
    heavy = {"rich", "git", "PIL", "numpy", "pathspec", "clearml", "concurrent.futures"}
    assert heavy & set(done.stderr.split()) == set()
