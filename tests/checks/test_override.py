"""`Data-Override:` lines: who says yes, to what, and that CI sees it."""

from __future__ import annotations

import pytest

from dsv_git.checks.overrides import named_rules
from dsv_git.checks.rules import OVERRIDABLE, RULES
from tests.checks.conftest import every_finding, only_finding
from tests.conftest import Repo
from tests.manifests import write_manifest

ALL = {f"train/{'cat' if n % 2 else 'dog'}/{n}.jpg": str(n) for n in range(20)}
HALF = dict(list(ALL.items())[:10])
YES = "Data-Override: mass-removal"

BROKEN = {
    "mass-removal": HALF,
    "class-vanished": {p: t for p, t in ALL.items() if "/cow/" not in p},
    "split-leak": ALL | {"val/cow/c.jpg": "c", "val/dog/0.jpg": "0"},
    "label-conflict": ALL | {"val/cow/c.jpg": "c", "train/cat/0.jpg": "0"},
    "duplicates": ALL | {"val/cow/c.jpg": "c", "train/cat/again.jpg": "1"},
    "empty-file": ALL | {"val/cow/c.jpg": "c", "train/cat/e.jpg": ""},
}


@pytest.fixture
def twenty(team: Repo) -> Repo:
    """Two manifests of twenty files, committed, and the hooks of `dsv init`."""
    team.dsv("init")
    team.write(".dsv.yaml", "registry: local\nwriteback: none\nchecks: {duplicates: off}\n")
    write_manifest(team, "pets", "1.0", ALL)
    write_manifest(team, "cars", "1.0", ALL, dataset="cars")
    team.commit("Twenty")
    return team


def remove(repo: Repo, *manifests: str) -> None:
    for name in manifests:
        write_manifest(repo, name, "1.1", HALF, dataset=name)


def codes(repo: Repo, *args: str) -> list[str]:
    """The severities of `mass-removal`."""
    return [one["severity"] for one in every_finding(repo, *args) if one["rule"] == "mass-removal"]


@pytest.mark.parametrize("rule", BROKEN)
def test_a_line_of_the_message_lets_a_commit_pass(twenty: Repo, rule: str) -> None:
    if rule == "duplicates":
        config = twenty.path / ".dsv.yaml"
        config.write_text(config.read_text().replace("off", "error"))
    write_manifest(twenty, "pets", "1.1", ALL | {"val/cow/c.jpg": "c"}, dataset="pets")
    twenty.commit("A cow")
    contents = BROKEN[rule] | ({"val/cow/c.jpg": "c"} if rule == "mass-removal" else {})
    write_manifest(twenty, "pets", "1.2", contents, dataset="pets")
    twenty.git("add", "-A")
    done = twenty.run("git", "commit", "-m", "Change", code=1)
    assert f"[{rule}]" in done.stdout + done.stderr
    other = next(one for one in OVERRIDABLE if one != rule)
    twenty.run("git", "commit", "-m", f"Change\n\nData-Override: {other}", code=1)
    done = twenty.run("git", "commit", "-m", f"Change\n\nData-Override: {rule}")
    assert "meant, says the commit's message" in done.stdout + done.stderr
    assert {one["severity"] for one in every_finding(twenty, "HEAD")} == {"warn"}
    assert {one["severity"] for one in every_finding(twenty, "HEAD~1..HEAD")} == {"warn"}


def test_a_rule_without_exceptions_stops_before_the_message_is_written(twenty: Repo) -> None:
    place = twenty.path / "manifests/pets/files/_.jsonl"
    place.write_text(place.read_text().replace(",", ", ", 1))
    done = twenty.run("git", "commit", "-am", "Bad\n\nData-Override: canonical", code=1)
    assert "[canonical]" in done.stdout + done.stderr
    assert "[override]" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("mass-remval", "did you mean mass-removal?"),
        ("xyz", f"it is one of: {', '.join(OVERRIDABLE)}"),
        ("version-bump", "leave the line out"),
    ],
)
def test_a_word_that_overrides_nothing_is_an_error(twenty: Repo, word: str, told: str) -> None:
    write_manifest(twenty, "pets", "1.1", ALL | {"val/cow/c.jpg": "c"}, dataset="pets")
    twenty.git("add", "-A")
    message = f"A cow\n\nData-Override: {word}"
    done = twenty.run("git", "commit", "-m", message, code=1)
    assert told in done.stdout + done.stderr
    twenty.git("commit", "-qm", message, "--no-verify")
    found = only_finding(twenty, "override", "HEAD")
    assert told in found["hint"]
    assert found["message"].startswith(f"commit {twenty.git('rev-parse', '--short=8', 'HEAD')} ")


def test_a_range_has_the_overrides_of_its_commits(twenty: Repo) -> None:
    remove(twenty, "pets", "cars")
    twenty.git("add", "manifests/pets")
    twenty.git("commit", "-qm", f"Half of the pets\n\n{YES}")
    twenty.write("README.md", "# Pets\n")
    twenty.git("add", "README.md")
    twenty.git("commit", "-qm", "Docs")
    assert codes(twenty, "HEAD~2...HEAD") == ["warn"]
    assert codes(twenty, "HEAD~2") == []
    twenty.git("add", "-A")
    twenty.git("commit", "-qm", "Half of the cars", "--no-verify")
    assert codes(twenty, "HEAD~3...HEAD") == ["error", "warn"], "cars are another manifest"
    twenty.git("commit", "-qm", f"Yes, the cars too\n\n{YES}", "--allow-empty")
    assert codes(twenty, "HEAD~4...HEAD") == ["warn", "warn"]


def test_a_merge_has_the_overrides_of_what_it_merges(twenty: Repo) -> None:
    twenty.git("switch", "-qc", "side")
    remove(twenty, "pets")
    twenty.git("add", "-A")
    twenty.git("commit", "-qm", f"Half\n\n{YES}")
    twenty.git("switch", "-q", "main")
    twenty.write("README.md", "# Pets\n")
    twenty.commit("Docs")
    twenty.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    assert codes(twenty, "HEAD") == ["warn"]
    assert codes(twenty, "HEAD~1...HEAD") == ["warn"]


def test_a_merge_says_yes_itself(twenty: Repo) -> None:
    twenty.git("switch", "-qc", "side")
    remove(twenty, "pets")
    twenty.git("add", "-A")
    twenty.git("commit", "-qm", "Half", "--no-verify")
    twenty.git("switch", "-q", "main")
    twenty.write("README.md", "# Pets\n")
    twenty.commit("Docs")
    twenty.run("git", "merge", "--no-ff", "-m", "Merge", "side", code=1)
    twenty.git("merge", "--abort")
    twenty.git("merge", "-q", "--no-ff", "-m", f"Merge\n\n{YES}", "side")
    assert codes(twenty, "HEAD~1...HEAD") == ["warn"]


def test_the_staged_rules_come_in_two_parts(twenty: Repo) -> None:
    remove(twenty, "pets")
    twenty.git("add", "-A")
    twenty.write("message", f"Half\n\n{YES}\n")
    twenty.write("silent", f"Half\n\n# {YES}\n# -------- >8 --------\n{YES}\n")
    assert codes(twenty, "--staged") == ["error"]
    assert codes(twenty, "--staged", "--before-message") == []
    assert codes(twenty, "--staged", "--message", "message") == ["warn"]
    assert codes(twenty, "--staged", "--message", "silent") == ["error"]
    assert twenty.dsv_result("check", "--staged", "--message", "nowhere").returncode == 2
    assert twenty.dsv_result("check", "--message", "message").returncode == 2


def test_lines_of_a_message() -> None:
    text = "Subject\n\n* Part\n\ndata-override: A, b\r\n  Data-Override: no\nData-Override : c,b\n"
    assert list(named_rules(text)) == ["a", "b", "c"]


def test_every_rule_that_can_be_overridden_is_one() -> None:
    assert set(OVERRIDABLE) <= set(RULES)
