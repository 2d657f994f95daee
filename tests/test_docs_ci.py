"""docs/ci: the steps that need no host do in a real repository what docs/ci.md says."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from tests.conftest import SOURCE, Repo, new_repo
from tests.manifests import INITIAL, write_manifest

FOLDER: Final = SOURCE / "docs/ci"
MORE: Final = {**INITIAL, "train/owl/o.jpg": "9"}
HOSTS: Final = ("github", "gitlab")
FIRST_PARTY: Final = {"actions/checkout", "actions/setup-python", "actions/upload-artifact"}


def document(host: str) -> dict[str, Any]:
    text = (FOLDER / f"{host}-data-review.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = YAML(typ="safe").load(text)
    return found


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document("github")["jobs"]["data-review"]["steps"]
    return found


def script(host: str) -> str:
    """What the job runs in its shell; on GitHub without the comment, which needs the host."""
    if host == "gitlab":
        return "\n".join(document(host)["data-review"]["script"])
    return "\n".join(step["run"] for step in steps() if "run" in step and step["name"] != "Comment")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """A repository whose main branch went on after `feature` left it."""
    place = tmp_path_factory.mktemp("built")
    repo = new_repo(place / "origin", place / "home")
    repo.dsv("init")
    write_manifest(repo, "pets", "1.0")
    repo.commit("First")
    repo.git("switch", "-q", "-c", "feature")
    write_manifest(repo, "pets", "1.1", MORE, ["pets@1.0"])
    repo.commit("Owls")
    repo.git("switch", "-q", "main")
    write_manifest(repo, "birds", "1.0", {"train/owl/p.jpg": "p"})
    repo.commit("Birds")
    return repo


def runner(built: Repo, tmp_path: Path, host: str) -> Repo:
    """A clone as the host checks it out, with `dsv` on PATH and nothing to install."""
    job = tmp_path / "job"
    built.git("clone", "-q", str(built.path), str(job))
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "dsv").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dsv_git "$@"\n')
    (bin_folder / "pip").write_text("#!/bin/sh\n")
    for program in bin_folder.iterdir():
        program.chmod(0o755)
    given = {
        "PATH": f"{bin_folder}:{built.env['PATH']}",
        "DSV_GIT": "dsv-git",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_COMMIT_SHA": built.git("rev-parse", "feature"),
    }
    repo = Repo(job, {**built.env, **given})
    if host == "github":
        person = ("-c", "user.name=Host", "-c", "user.email=host@example.org")
        repo.git("checkout", "-q", "--detach", "origin/main")
        repo.git(*person, "merge", "-q", "--no-ff", "--no-edit", "origin/feature")
    else:
        repo.git("checkout", "-q", "--detach", "origin/feature")
    return repo


@pytest.mark.parametrize("host", HOSTS)
def test_a_sound_proposal_is_described_and_passes(built: Repo, tmp_path: Path, host: str) -> None:
    repo = runner(built, tmp_path, host)
    repo.run("sh", "-e", "-c", script(host))
    told = (repo.path / "data-review.md").read_text()
    assert told.startswith("### Data"), "what the comment is found by"
    assert "owl" in told
    assert "birds" not in told, "main's own change is none of the proposal's"
    assert "<html" in (repo.path / "data-review.html").read_text()
    assert repo.git("log", "-1", "--format=%P").count(" ") == 1, "the merge result"


@pytest.mark.parametrize("host", HOSTS)
def test_a_proposal_that_breaks_a_rule_in_the_merge_fails_and_is_described(
    built: Repo, tmp_path: Path, host: str
) -> None:
    origin = built.copy(tmp_path / "origin")
    origin.git("switch", "-q", "feature")
    write_manifest(origin, "owls", "1.0", {"a.jpg": "a"}, ["nowhere@1.0"])
    origin.git("add", "-A")
    origin.git("commit", "-q", "--no-verify", "-m", "A parent that is nowhere")
    origin.git("switch", "-q", "main")
    repo = runner(origin, tmp_path, host)
    failed = repo.run("sh", "-e", "-c", script(host), code=1)
    assert "parent-exists" in failed.stdout
    assert "owls" in (repo.path / "data-review.md").read_text()


def test_every_script_is_one_that_a_shell_reads(repo: Repo) -> None:
    for text in (*(step["run"] for step in steps() if "run" in step), script("gitlab")):
        repo.run("sh", "-n", "-c", text)


def test_only_the_hosts_own_actions_are_used_and_no_more_rights_than_the_comment_needs() -> None:
    used = {step["uses"].partition("@")[0] for step in steps() if "uses" in step}
    assert used == FIRST_PARTY
    assert document("github")["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert document("github")["on"] == {"pull_request": None}
    assert steps()[0]["with"]["fetch-depth"] == 0
    assert document("gitlab")["data-review"]["variables"]["GIT_DEPTH"] == 0


def test_every_variable_of_a_team_is_on_the_page() -> None:
    page = (SOURCE / "docs/ci.md").read_text(encoding="utf-8")
    for host in HOSTS:
        text = (FOLDER / f"{host}-data-review.yml").read_text(encoding="utf-8")
        for name in set(re.findall(r"\bDSV_\w+", text)):
            assert f"`{name}`" in page, name
