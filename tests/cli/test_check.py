"""`dsv check`: exactly the content that was asked for, what it says, how it ends."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from dsv_git.checks.rules import RULES, load
from tests.conftest import SOURCE, Repo
from tests.manifests import INITIAL, write_manifest

YAML = "manifests/pets/manifest.yaml"
LIST = "manifests/pets/files/_.jsonl"
MORE = {**INITIAL, "train/cat/d.jpg": "4"}


@pytest.fixture
def team(repo: Repo) -> Repo:
    """One committed manifest."""
    repo.write(".dsv.yaml", "registry: local\n")
    write_manifest(repo, "pets", "1.0")
    repo.commit("Start")
    return repo


def rules(repo: Repo, *args: str) -> list[str]:
    """The rules that are broken."""
    return [one["rule"] for one in json.loads(repo.dsv_result("check", "--json", *args).stdout)[
        "findings"
    ]]  # fmt: skip


def spoil(repo: Repo, path: str = LIST) -> None:
    """Puts a space where none may be."""
    place = repo.path / path
    place.write_text(place.read_text().replace(",", ", ", 1))


def test_it_says_so_when_all_is_well(team: Repo) -> None:
    assert team.dsv("check") == "no problems in 1 manifest\n"
    assert team.dsv("check", "--staged") == ""
    assert json.loads(team.dsv("check", "--json")) == {
        "schema": 1,
        "manifests": 1, "errors": 0, "warnings": 0, "findings": [], "rewritten": [],
    }  # fmt: skip


def test_a_problem_is_told_where_it_is_with_what_to_type(team: Repo) -> None:
    spoil(team)
    first, *rest = team.dsv("check", code=1).splitlines()
    assert first.startswith(f"{LIST}:1: error: not in canonical form: ")
    assert first.endswith(" [canonical]")
    assert rest == [
        "  dsv check --fix, then: git add manifests/pets",
        "1 error, 0 warnings in 1 manifest",
    ]


def test_a_warning_is_told_and_does_not_fail(team: Repo) -> None:
    team.write(".dsv.yaml", "registry: local\nchecks: {canonical: warn}\n")
    spoil(team)
    assert f"{LIST}:1: warn: " in team.dsv("check")


def test_the_working_tree_counts_without_an_option(team: Repo) -> None:
    spoil(team)
    assert rules(team) == ["canonical"]
    assert rules(team, "--staged") == []
    assert rules(team, "HEAD") == []


def test_only_what_is_staged_counts_with_staged(team: Repo) -> None:
    good = (team.path / LIST).read_text()
    spoil(team)
    team.git("add", LIST)
    team.write(LIST, good)
    assert rules(team) == []
    assert rules(team, "--staged") == ["canonical"]


def test_the_first_commit_is_checked_too(repo: Repo) -> None:
    repo.write(".dsv.yaml", "registry: local\n")
    write_manifest(repo, "pets", "1.0", parents=["pets@0.9"])
    spoil(repo)
    repo.git("add", "-A")
    assert sorted(rules(repo, "--staged")) == ["canonical", "parent-exists"]
    repo.commit("Start")
    assert sorted(rules(repo, "HEAD")) == ["canonical", "parent-exists"]


def test_a_file_that_is_only_announced_is_no_part_of_the_commit(team: Repo) -> None:
    team.write("manifests/cars/manifest.yaml", "format: 1\n")
    team.git("add", "-N", "manifests/cars/manifest.yaml")
    assert rules(team, "--staged") == []
    team.git("add", "manifests/cars/manifest.yaml")
    assert rules(team, "--staged") == ["format"]


def test_an_empty_file_that_is_staged_is_part_of_the_commit(team: Repo) -> None:
    team.write("manifests/pets/files/cat.jsonl", "")
    team.git("add", "-A")
    assert "canonical" in rules(team, "--staged")


def test_it_works_in_a_subfolder_and_in_a_linked_working_tree(team: Repo) -> None:
    team.git("worktree", "add", "-q", "../linked")
    linked = Repo(team.path.parent / "linked", team.env)
    spoil(linked)
    linked.git("add", "-A")
    assert rules(linked, "--staged") == ["canonical"]
    below = Repo(linked.path / "manifests", team.env)
    assert rules(below, "--staged") == ["canonical"]
    assert rules(team, "--staged") == []


BROKEN = "registry: local\nregsitry: clearml\n"


def test_a_broken_configuration_is_refused_where_it_is_staged(team: Repo) -> None:
    good = (team.path / ".dsv.yaml").read_text()
    team.write(".dsv.yaml", BROKEN)
    team.git("add", ".dsv.yaml")
    team.write(".dsv.yaml", good)
    done = team.dsv_result("check", "--staged")
    assert done.returncode == 2
    assert done.stderr.startswith("dsv: .dsv.yaml:2: ")
    assert "as it is staged" in done.stderr
    assert "did you mean registry?" in done.stderr
    assert rules(team) == []


def test_a_broken_configuration_that_is_not_staged_is_in_nobodys_way(team: Repo) -> None:
    team.write(".dsv.yaml", BROKEN)
    assert rules(team, "--staged") == []
    team.write(".dsv.yaml", b"registry: local\n# \xff\n")
    team.git("add", ".dsv.yaml")
    assert ".dsv.yaml:2: not UTF-8" in team.dsv_result("check", "--staged").stderr


def test_a_commit_of_a_broken_configuration_is_stopped(team: Repo) -> None:
    team.dsv("init")
    team.write(".dsv.yaml", BROKEN)
    team.git("add", ".dsv.yaml")
    done = team.run("git", "commit", "-qm", "Broken", code=None)
    assert done.returncode != 0
    assert ".dsv.yaml:2: " in done.stderr
    team.write(".dsv.yaml", "registry: local\nsamples: 0\n")
    team.commit("Configuration")


HOOK = f"""#!/bin/sh
PYTHONPATH='{SOURCE}' '{sys.executable}' -m dsv_git check --staged
"""


@pytest.fixture
def hooked(team: Repo) -> Repo:
    """The same with a pre-commit hook that checks."""
    team.write(".git/hooks/pre-commit", HOOK).chmod(0o755)
    return team


@pytest.mark.parametrize("options", [("-a",), ("--only", LIST), ("--include", LIST)])
def test_a_commit_with_an_index_of_its_own_is_checked_by_that(
    hooked: Repo, options: tuple[str, ...]
) -> None:
    spoil(hooked)
    done = hooked.run("git", "commit", "-m", "Bad", *options, code=1)
    assert "[canonical]" in done.stdout + done.stderr
    assert hooked.git("rev-list", "--count", "HEAD") == "1"


def test_a_commit_of_other_files_is_not_held_up_by_what_it_leaves_out(hooked: Repo) -> None:
    spoil(hooked)
    hooked.git("add", LIST)
    hooked.write("README.md", "# Pets\n")
    hooked.git("add", "-N", "README.md")
    hooked.git("commit", "-q", "-m", "Docs", "--only", "README.md")
    hooked.run("git", "commit", "-m", "Bad", code=1)


def test_a_commit_is_a_change_of_its_first_parent(team: Repo) -> None:
    spoil(team)
    team.commit("Bad")
    team.dsv("check", "--fix")
    team.commit("Good")
    assert [rules(team, rev) for rev in ("HEAD~2", "HEAD~1", "HEAD", "main")] == [
        [], ["canonical"], [], [],
    ]  # fmt: skip


def test_a_range_is_the_content_of_its_end(team: Repo) -> None:
    spoil(team)
    team.commit("Bad")
    team.write("README.md", "# Pets\n")
    team.commit("Docs")
    assert rules(team, "HEAD") == []
    assert rules(team, "HEAD~2..HEAD") == ["canonical"]
    assert rules(team, "HEAD~2..") == ["canonical"]
    assert rules(team, "HEAD~1..HEAD") == []
    team.dsv("check", "--fix")
    team.commit("Good")
    assert rules(team, "HEAD~3..HEAD") == []


def test_three_dots_judge_a_branch_since_it_left(team: Repo) -> None:
    spoil(team)
    team.commit("Bad from the start")
    team.git("switch", "-q", "-c", "side")
    team.write("README.md", "# Pets\n")
    team.commit("Side")
    team.git("switch", "-q", "main")
    write_manifest(team, "pets", "1.1", MORE, ["pets@1.0"])
    team.commit("Main")
    team.git("switch", "-q", "side")
    write_manifest(team, "cars", "1.0")
    spoil(team, "manifests/cars/files/_.jsonl")
    team.commit("Bad")
    found = json.loads(team.dsv("check", "--json", "main...side", code=1))["findings"]
    assert [one["manifest"] for one in found] == ["cars"]
    assert rules(team, "side...main") == []
    assert rules(team, "main..side") == ["canonical", "canonical"]


def test_the_rules_are_those_of_the_content_that_is_checked(team: Repo) -> None:
    spoil(team)
    team.write(".dsv.yaml", "registry: local\nchecks: {canonical: off}\n")
    assert rules(team) == []
    team.git("add", LIST)
    assert rules(team, "--staged") == ["canonical"]
    team.git("add", ".dsv.yaml")
    assert rules(team, "--staged") == []
    team.commit("Off")
    team.write(".dsv.yaml", "registry: local\n")
    assert rules(team) == ["canonical"]
    assert rules(team, "HEAD") == []


def test_manifests_may_be_in_another_folder(team: Repo) -> None:
    team.git("mv", "manifests", "sets")
    team.write(".dsv.yaml", "registry: local\nmanifests: sets\n")
    spoil(team, "sets/pets/files/_.jsonl")
    team.git("add", "-A")
    for args in ((), ("--staged",)):
        outcome = json.loads(team.dsv("check", "--json", *args, code=1))
        assert outcome["findings"][0]["file"] == "sets/pets/files/_.jsonl"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("registry: lokal\n", ".dsv.yaml:1: registry cannot be 'lokal'"),
        ("checks: {canonikal: off}\n", "did you mean canonical?"),
        ("checks: {canonical: of}\n", "did you mean off?"),
        ("registry: [\n", ".dsv.yaml:"),
        (b"\xff\n", "not UTF-8"),
    ],
)
def test_a_broken_configuration_is_one_clear_error(
    team: Repo, text: str | bytes, said: str
) -> None:
    good = (team.path / ".dsv.yaml").read_bytes()
    team.write(".dsv.yaml", text)
    team.git("add", "-A")
    for again in range(2):
        done = team.dsv_result("check", *(["--staged"] if again else []))
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr
        team.write(".dsv.yaml", good)


@pytest.mark.parametrize(
    "revision", ["nowhere", "HEAD..nowhere", "nowhere...HEAD", "HEAD:.dsv.yaml"]
)
def test_a_revision_that_git_does_not_know(team: Repo, revision: str) -> None:
    done = team.dsv_result("check", revision)
    assert done.returncode == 2
    assert "git knows no commit" in done.stderr


def test_branches_without_a_common_commit(team: Repo) -> None:
    team.git("checkout", "-q", "--orphan", "other")
    team.commit("Another root")
    assert "no commit in common" in team.dsv_result("check", "main...other").stderr
    assert rules(team, "main..other") == []


@pytest.mark.parametrize(
    "args", [("--staged", "HEAD"), ("--fix", "--staged"), ("--fix", "HEAD"), ("HEAD", "HEAD~1")]
)
def test_one_content_at_a_time(team: Repo, args: tuple[str, ...]) -> None:
    assert team.dsv_result("check", *args).returncode == 2


def test_a_folder_that_is_no_repository_and_one_that_is_not_set_up(repo: Repo) -> None:
    assert "dsv init" in repo.dsv_result("check").stderr
    assert repo.dsv_result("check").returncode == 2


def test_a_repository_without_manifests_is_fine(repo: Repo) -> None:
    repo.write(".dsv.yaml", "registry: local\n")
    assert repo.dsv("check") == "no problems in 0 manifests\n"
    assert repo.dsv("check", "--staged") == ""


def test_every_rule_of_the_table_can_be_loaded() -> None:
    for rule in RULES:
        found = load(rule)
        assert found.lists or found.manifests or found.content


HEAVY = {"clearml", "matplotlib", "rich", "git", "PIL", "numpy", "pathspec", "concurrent.futures"}


@pytest.mark.parametrize("args", [["check"], ["check", "--staged"], ["check", "--json", "HEAD"]])
def test_it_starts_without_what_it_does_not_need(team: Repo, args: list[str]) -> None:
    spoil(team)
    team.git("add", "-A")
    program = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*sorted(sys.modules), sep='\\n', file=sys.stderr))\n"
        "from dsv_git.cli.main import main\n"
        f"sys.argv = ['dsv', *{args!r}]\n"
        "main()\n"
    )
    done = team.run(sys.executable, "-c", program, code=None)
    modules = set(done.stderr.split())
    assert "dsv_git.flow.check" in modules
    assert modules & HEAVY == set()


CONFIG = """\
repos:
  - repo: local
    hooks:
      - id: dsv-check
        name: dsv check
        entry: '{entry}'
        language: system
        pass_filenames: false
        files: ^(manifests/|\\.dsv\\.yaml$)
"""


@pytest.fixture
def framework(team: Repo, tmp_path: Path) -> Repo:
    """The same with the real pre-commit framework, installed."""
    team.env["PRE_COMMIT_HOME"] = str(tmp_path / "pre-commit")
    team.env.pop("PYTHONWARNINGS")
    entry = f"{sys.executable} -m dsv_git check --staged"
    team.write(".pre-commit-config.yaml", CONFIG.format(entry=entry))
    team.commit("The framework")
    team.run(sys.executable, "-m", "pre_commit", "install")
    return team


def test_the_framework_refuses_a_bad_manifest(framework: Repo) -> None:
    spoil(framework)
    framework.git("add", LIST)
    done = framework.run("git", "commit", "-m", "Bad", code=1)
    assert "[canonical]" in done.stdout + done.stderr
    framework.dsv("check", "--fix")
    framework.write("train.py", "print(1)\n")
    framework.git("add", "-A")
    framework.git("commit", "-q", "-m", "Good")


def test_the_framework_checks_what_is_staged(framework: Repo) -> None:
    write_manifest(framework, "pets", "1.0", MORE)
    good = (framework.path / LIST).read_text()
    spoil(framework)
    framework.git("add", LIST)
    framework.write(LIST, good)
    framework.run("git", "commit", "-m", "Bad, though the working tree is good", code=1)
    framework.git("add", LIST)
    spoil(framework)
    framework.git("commit", "-q", "-m", "Good, though the working tree is bad")
    assert rules(framework) == ["canonical"]
    assert rules(framework, "HEAD") == []


def test_the_hooks_offered_to_the_framework_are_valid(repo: Repo) -> None:
    repo.env.pop("PYTHONWARNINGS")
    hooks = SOURCE / ".pre-commit-hooks.yaml"
    repo.run(sys.executable, "-m", "pre_commit", "validate-manifest", str(hooks))
    text = hooks.read_text()
    for entry in ("check --staged --before-message", "check --fix-only", "hook commit-msg"):
        assert f"entry: dsv {entry}\n" in text
    assert text.count("pass_filenames: false\n") == 2, "git's message file is passed on"
