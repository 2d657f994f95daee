"""`Data-Override:` lines: who says yes, to what, and that CI sees it."""

from __future__ import annotations

import pytest

from dsv_git.checks.overrides import named_rules
from dsv_git.checks.rules import OVERRIDABLE, RULES
from tests.checks.conftest import every_finding, only_finding
from tests.conftest import Repo
from tests.manifests import write_manifest

TEN = {f"train/{'cat' if n % 2 else 'dog'}/{n}.jpg": str(n) for n in range(10)}
SIX = dict(list(TEN.items())[:6])
YES = "Data-Override: mass-removal"

BROKEN = {
    "mass-removal": SIX,
    "class-vanished": {p: t for p, t in TEN.items() if "/cow/" not in p},
    "split-leak": TEN | {"val/cow/c.jpg": "c", "val/dog/0.jpg": "0"},
    "label-conflict": TEN | {"val/cow/c.jpg": "c", "train/cat/0.jpg": "0"},
    "empty-file": TEN | {"val/cow/c.jpg": "c", "train/cat/e.jpg": ""},
}


@pytest.fixture
def ten(team: Repo) -> Repo:
    """Two manifests of ten files, committed, and the hooks of `dsv init`."""
    team.dsv("init")
    team.write(".dsv.yaml", "registry: local\nwriteback: none\nchecks: {duplicates: off}\n")
    write_manifest(team, "pets", "1.0", TEN)
    write_manifest(team, "cars", "1.0", TEN, dataset="cars")
    team.commit("Ten")
    return team


def remove(repo: Repo, *manifests: str) -> None:
    for name in manifests:
        write_manifest(repo, name, "1.1", SIX, dataset=name)


def codes(repo: Repo, *args: str) -> list[str]:
    """The severities of `mass-removal`."""
    return [one["severity"] for one in every_finding(repo, *args) if one["rule"] == "mass-removal"]


@pytest.mark.parametrize("rule", BROKEN)
def test_a_line_of_the_message_lets_a_commit_pass(ten: Repo, rule: str) -> None:
    write_manifest(ten, "pets", "1.1", TEN | {"val/cow/c.jpg": "c"}, dataset="pets")
    ten.commit("A cow")
    contents = BROKEN[rule] | ({"val/cow/c.jpg": "c"} if rule == "mass-removal" else {})
    write_manifest(ten, "pets", "1.2", contents, dataset="pets")
    ten.git("add", "-A")
    done = ten.run("git", "commit", "-m", "Change", code=1)
    assert f"[{rule}]" in done.stdout + done.stderr
    other = next(one for one in OVERRIDABLE if one != rule)
    ten.run("git", "commit", "-m", f"Change\n\nData-Override: {other}", code=1)
    done = ten.run("git", "commit", "-m", f"Change\n\nData-Override: {rule}")
    assert "meant, says the commit's message" in done.stdout + done.stderr
    assert {one["severity"] for one in every_finding(ten, "HEAD")} == {"warn"}
    assert {one["severity"] for one in every_finding(ten, "HEAD~1..HEAD")} == {"warn"}


def test_a_rule_without_exceptions_stops_before_the_message_is_written(ten: Repo) -> None:
    place = ten.path / "manifests/pets/files/_.jsonl"
    place.write_text(place.read_text().replace(",", ", ", 1))
    done = ten.run("git", "commit", "-am", "Bad\n\nData-Override: canonical", code=1)
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
def test_a_word_that_overrides_nothing_is_an_error(ten: Repo, word: str, told: str) -> None:
    write_manifest(ten, "pets", "1.1", TEN | {"val/cow/c.jpg": "c"}, dataset="pets")
    ten.git("add", "-A")
    message = f"A cow\n\nData-Override: {word}"
    done = ten.run("git", "commit", "-m", message, code=1)
    assert told in done.stdout + done.stderr
    ten.git("commit", "-qm", message, "--no-verify")
    found = only_finding(ten, "override", "HEAD")
    assert told in found["hint"]
    assert found["message"].startswith(f"commit {ten.git('rev-parse', '--short=8', 'HEAD')} ")


def test_a_range_has_the_overrides_of_its_commits(ten: Repo) -> None:
    remove(ten, "pets", "cars")
    ten.git("add", "manifests/pets")
    ten.git("commit", "-qm", f"Half of the pets\n\n{YES}")
    ten.write("README.md", "# Pets\n")
    ten.git("add", "README.md")
    ten.git("commit", "-qm", "Docs")
    assert codes(ten, "HEAD~2...HEAD") == ["warn"]
    assert codes(ten, "HEAD~2") == []
    ten.git("add", "-A")
    ten.git("commit", "-qm", "Half of the cars", "--no-verify")
    assert codes(ten, "HEAD~3...HEAD") == ["error", "warn"], "cars are another manifest"
    ten.git("commit", "-qm", f"Yes, the cars too\n\n{YES}", "--allow-empty")
    assert codes(ten, "HEAD~4...HEAD") == ["warn", "warn"]


def test_a_merge_has_the_overrides_of_what_it_merges(ten: Repo) -> None:
    ten.git("switch", "-qc", "side")
    remove(ten, "pets")
    ten.git("add", "-A")
    ten.git("commit", "-qm", f"Half\n\n{YES}")
    ten.git("switch", "-q", "main")
    ten.write("README.md", "# Pets\n")
    ten.commit("Docs")
    ten.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    assert codes(ten, "HEAD") == ["warn"]
    assert codes(ten, "HEAD~1...HEAD") == ["warn"]


def test_a_merge_says_yes_itself(ten: Repo) -> None:
    ten.git("switch", "-qc", "side")
    remove(ten, "pets")
    ten.git("add", "-A")
    ten.git("commit", "-qm", "Half", "--no-verify")
    ten.git("switch", "-q", "main")
    ten.write("README.md", "# Pets\n")
    ten.commit("Docs")
    ten.run("git", "merge", "--no-ff", "-m", "Merge", "side", code=1)
    ten.git("merge", "--abort")
    ten.git("merge", "-q", "--no-ff", "-m", f"Merge\n\n{YES}", "side")
    assert codes(ten, "HEAD~1...HEAD") == ["warn"]


def test_the_staged_rules_come_in_two_parts(ten: Repo) -> None:
    remove(ten, "pets")
    ten.git("add", "-A")
    ten.write("message", f"Half\n\n{YES}\n")
    ten.write("silent", f"Half\n\n# {YES}\n# -------- >8 --------\n{YES}\n")
    assert codes(ten, "--staged") == ["error"]
    assert codes(ten, "--staged", "--before-message") == []
    assert codes(ten, "--staged", "--message", "message") == ["warn"]
    assert codes(ten, "--staged", "--message", "silent") == ["error"]
    assert ten.dsv_result("check", "--staged", "--message", "nowhere").returncode == 2
    assert ten.dsv_result("check", "--message", "message").returncode == 2


def test_lines_of_a_message() -> None:
    text = "Subject\n\n* Part\n\ndata-override: A, b\r\n  Data-Override: no\nData-Override : c,b\n"
    assert list(named_rules(text)) == ["a", "b", "c"]


def test_every_rule_that_can_be_overridden_is_one() -> None:
    assert set(OVERRIDABLE) <= set(RULES)
