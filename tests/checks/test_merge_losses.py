"""Rules `lost-entries`, `squash-loss`: what a merge loses."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.checks.conftest import CONFIG, every_finding, register
from tests.conftest import Repo
from tests.manifests import INITIAL, write_manifest

OURS, THEIRS = {"train/cat/ours.jpg": "o"}, {"train/cat/theirs.jpg": "t"}
FEWER = dict(list(INITIAL.items())[:2])
YES = "\n\nData-Override: lost-entries"


@pytest.fixture
def parted(team: Repo) -> Repo:
    """A merge under way of two branches that added a file each."""
    team.write(".dsv.yaml", f"{CONFIG}checks: {{mass-removal: off}}\n")
    register(team, "pets", "1.0")
    team.git("switch", "-qc", "side")
    register(team, "pets", "1.1", INITIAL | THEIRS, ["pets@1.0"])
    team.git("switch", "-q", "main")
    register(team, "pets", "1.2", INITIAL | OURS, ["pets@1.0"])
    team.run("git", "merge", "-q", "--no-commit", "side", code=None)
    return team


def resolve(repo: Repo, contents: Mapping[str, str]) -> None:
    write_manifest(repo, "pets", "1.3", contents, ["pets@1.2", "pets@1.1"])
    repo.git("add", "-A")


def lost(repo: Repo, *args: str) -> list[list[str]]:
    """What each finding of `lost-entries` is about."""
    return [one["concerned"] for one in every_finding(repo, *args) if one["rule"] == "lost-entries"]


@pytest.mark.parametrize(
    ("contents", "concerned"),
    [
        (INITIAL | OURS | THEIRS, []),
        (INITIAL | OURS, [["train/cat/theirs.jpg"]]),
        (INITIAL, [["train/cat/ours.jpg", "train/cat/theirs.jpg"]]),
        (FEWER | OURS | THEIRS, [["val/cat/c.jpg"]]),
        (INITIAL | OURS | {"val/cat/moved.jpg": "t"}, []),
    ],
    ids=["all", "ours", "none", "neither deleted it", "renamed"],
)
def test_what_a_side_had_is_in_the_merge(
    parted: Repo, contents: dict[str, str], concerned: list[list[str]]
) -> None:
    resolve(parted, contents)
    assert lost(parted, "--staged") == concerned
    assert lost(parted) == concerned
    parted.git("commit", "-qm", "Merge", "--no-verify")
    assert lost(parted, "HEAD") == concerned
    parted.write("README.md", "# Pets\n")
    parted.commit("Docs")
    assert lost(parted, "HEAD") == []
    assert lost(parted, "HEAD~2..HEAD") == concerned, "after the fact"
    if concerned:
        resolve(parted, INITIAL | OURS | THEIRS)
        parted.commit("Back")
        assert lost(parted, "HEAD~3..HEAD") == []


def test_what_a_side_deleted_is_not_lost(team: Repo) -> None:
    team.write(".dsv.yaml", f"{CONFIG}checks: {{mass-removal: off}}\n")
    register(team, "pets", "1.0")
    team.git("switch", "-qc", "side")
    register(team, "pets", "1.1", FEWER, ["pets@1.0"])
    team.git("switch", "-q", "main")
    register(team, "pets", "1.2", INITIAL | OURS, ["pets@1.0"])
    team.run("git", "merge", "-q", "--no-commit", "side", code=None)
    resolve(team, FEWER | OURS)
    assert lost(team, "--staged") == []


def test_a_message_says_that_a_loss_is_meant(parted: Repo) -> None:
    resolve(parted, INITIAL | OURS)
    parted.git("commit", "-qm", f"Ours{YES}", "--no-verify")
    (found,) = [one for one in every_finding(parted, "HEAD") if one["rule"] == "lost-entries"]
    assert found["severity"] == "warn"


def test_a_record_of_the_other_side_that_is_not_in_the_merge(parted: Repo) -> None:
    resolve(parted, INITIAL | OURS | THEIRS)
    assert [one["rule"] for one in every_finding(parted, "--staged")] == []
    parted.git("rm", "-qf", "manifests/pets/versions/1.1.json")
    found = [one for one in every_finding(parted, "--staged") if one["rule"] == "squash-loss"]
    assert [one["severity"] for one in found] == ["warn"]
    assert found[0]["concerned"][0].startswith("pets@1.1 (local:")
    parted.write("message", "Merge\n\nData-Override: squash-loss\n")
    said = every_finding(parted, "--staged", "--message", "message")
    assert "meant" in next(one["message"] for one in said if one["rule"] == "squash-loss")


@pytest.fixture
def squashed(team: Repo) -> Repo:
    """A branch of two registered versions, squashed into the main branch and not committed yet."""
    team.write(".dsv.yaml", f"{CONFIG}checks: {{mass-removal: off}}\n")
    register(team, "pets", "1.0")
    team.git("switch", "-qc", "side")
    register(team, "pets", "1.1", INITIAL | THEIRS, ["pets@1.0"])
    register(team, "pets", "1.2", INITIAL | THEIRS | OURS, ["pets@1.1"])
    team.git("switch", "-q", "main")
    team.git("merge", "-q", "--squash", "side")
    return team


def squash_losses(repo: Repo, *args: str) -> list[list[str]]:
    """What each finding of `squash-loss` is about, without the IDs."""
    found = [one for one in every_finding(repo, *args) if one["rule"] == "squash-loss"]
    assert {one["severity"] for one in found} <= {"warn"}
    return [[text.partition(" ")[0] for text in one["concerned"]] for one in found]


def test_a_squash_that_takes_everything_loses_nothing(squashed: Repo) -> None:
    assert squash_losses(squashed, "--staged") == lost(squashed, "--staged") == []
    squashed.git("commit", "-q", "--no-edit", "--no-verify")
    assert squash_losses(squashed, "HEAD") == lost(squashed, "HEAD~1..HEAD") == []


def test_a_record_and_an_entry_that_a_squash_leaves_out(squashed: Repo) -> None:
    write_manifest(squashed, "pets", "1.2", INITIAL | THEIRS, ["pets@1.1"])
    squashed.git("add", "-A")
    squashed.git("rm", "-qf", "manifests/pets/versions/1.1.json")
    told = ([["pets@1.1"]], [["train/cat/ours.jpg"]])
    assert (squash_losses(squashed, "--staged"), lost(squashed, "--staged")) == told
    assert (squash_losses(squashed), lost(squashed)) == told
    squashed.git("commit", "-q", "--no-edit", "--no-verify")
    for args in ("HEAD", "HEAD~1..HEAD"):
        assert (squash_losses(squashed, args), lost(squashed, args)) == told
    squashed.git("commit", "-q", "--amend", "-m", "Other words", "--no-verify")
    assert squash_losses(squashed, "HEAD") == [], "git says nowhere that this was a squash"


def test_a_squash_is_over_with_a_reset(squashed: Repo) -> None:
    squashed.git("reset", "-q", "--hard")
    register(squashed, "pets", "1.3", INITIAL | OURS, ["pets@1.0"])
    assert squash_losses(squashed, "HEAD") == []


def test_a_squash_message_of_commits_that_are_not_here_is_passed_over(team: Repo) -> None:
    register(team, "pets", "1.0")
    text = f"Squashed commit of the following:\n\ncommit {'1' * 40}\nAuthor: Bo\n"
    team.git("commit", "-q", "--allow-empty", "-m", text)
    assert every_finding(team, "HEAD") == []
