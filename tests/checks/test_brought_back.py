"""Rule `lost-entries`: what a merge brings back, and what layouts and criss-crosses hide."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from dsv_git.manifest.layout import Layout
from tests.checks.conftest import CONFIG, every_finding
from tests.checks.test_merge_losses import FEWER, OURS, THEIRS, lost, resolve
from tests.conftest import Repo
from tests.manifests import INITIAL, write_manifest


def draft(
    repo: Repo,
    name: str,
    version: str,
    contents: Mapping[str, str] = INITIAL,
    layout: Layout | None = None,
) -> None:
    """Commits a version that nobody registers."""
    write_manifest(repo, name, version, contents, layout=layout)
    repo.commit(f"{name} {version}")


def brought_back(repo: Repo, *args: str) -> list[list[str]]:
    """What `lost-entries` says that a merge brought back."""
    found = [one for one in every_finding(repo, *args) if one["rule"] == "lost-entries"]
    return [one["concerned"] for one in found if "brought back" in one["message"]]


@pytest.fixture
def removed(team: Repo) -> Repo:
    """A merge under way: the side removed a file, here one was added."""
    team.write(".dsv.yaml", f"{CONFIG}checks: {{mass-removal: off}}\n")
    draft(team, "pets", "1.0")
    team.git("switch", "-qc", "side")
    draft(team, "pets", "1.1", FEWER)
    team.git("switch", "-q", "main")
    draft(team, "pets", "1.2", INITIAL | OURS)
    team.run("git", "merge", "-q", "--no-commit", "side", code=None)
    return team


@pytest.mark.parametrize(
    ("contents", "concerned"),
    [
        (FEWER | OURS, []),
        (INITIAL | OURS, [["val/cat/c.jpg"]]),
        (FEWER | OURS | {"val/cat/c.jpg": "another"}, []),
    ],
    ids=["left out", "brought back", "another content is a new file"],
)
def test_what_a_side_removed_and_no_side_changed_does_not_come_back(
    removed: Repo, contents: dict[str, str], concerned: list[list[str]]
) -> None:
    resolve(removed, contents)
    assert brought_back(removed, "--staged") == concerned
    removed.git("commit", "-qm", "Merge", "--no-verify")
    assert brought_back(removed, "HEAD~1..HEAD") == concerned
    if concerned:
        resolve(removed, FEWER | OURS)
        removed.commit("Out again")
        assert brought_back(removed, "HEAD~2..HEAD") == []


def test_what_was_removed_here_and_changed_there_is_for_a_person_to_say(team: Repo) -> None:
    team.write(".dsv.yaml", f"{CONFIG}checks: {{mass-removal: off}}\n")
    draft(team, "pets", "1.0")
    team.git("switch", "-qc", "side")
    draft(team, "pets", "1.1", INITIAL | {"val/cat/c.jpg": "33"})
    team.git("switch", "-q", "main")
    draft(team, "pets", "1.2", FEWER)
    team.run("git", "merge", "-q", "--no-commit", "side", code=None)
    resolve(team, INITIAL | {"val/cat/c.jpg": "33"})
    assert brought_back(team, "--staged") == []
    resolve(team, FEWER)
    assert lost(team, "--staged") == []


def test_lists_of_another_layout_lose_and_bring_back_nothing_unseen(team: Repo) -> None:
    """One side spreads the rows anew, the other edits lists that are no more: without our driver
    git knows of whole files only, and a person takes one side's."""
    team.write(".dsv.yaml", f"{CONFIG}checks: {{mass-removal: off}}\n")
    draft(team, "pets", "1.0")
    team.git("switch", "-qc", "side")
    draft(team, "pets", "1.1", FEWER | THEIRS)
    team.git("switch", "-q", "main")
    draft(team, "pets", "1.2", INITIAL, layout=Layout(2))
    team.run("git", "merge", "-q", "--no-commit", "side", code=None)
    write_manifest(team, "pets", "1.3", INITIAL, ["pets@1.2", "pets@1.1"], layout=Layout(2))
    team.git("add", "-A")
    assert brought_back(team, "--staged") == [["val/cat/c.jpg"]]
    assert ["train/cat/theirs.jpg"] in lost(team, "--staged")
    write_manifest(team, "pets", "1.3", FEWER | THEIRS, ["pets@1.2"], layout=Layout(2))
    team.git("add", "-A")
    assert lost(team, "--staged") == []


def test_branches_that_merged_each_other_give_no_false_alarm(team: Repo) -> None:
    """A criss-cross: two merge bases, of which one has what the other removed."""
    team.write(".dsv.yaml", f"{CONFIG}checks: {{mass-removal: off, class-vanished: off}}\n")
    draft(team, "pets", "1.0")
    team.git("switch", "-qc", "side")
    draft(team, "pets", "1.1", FEWER)
    team.git("switch", "-q", "main")
    draft(team, "pets", "1.2", INITIAL | OURS)
    for branch, other in (("main", "side~0"), ("side", "main~1")):
        team.git("switch", "-q", branch)
        team.run("git", "merge", "-q", "--no-commit", other, code=None)
        write_manifest(team, "pets", f"1.3-{branch}", FEWER | OURS, ["pets@1.2", "pets@1.1"])
        team.commit("Merge")
    assert len(team.git("merge-base", "--all", "main", "side").split()) == 2
    more = FEWER | OURS | THEIRS
    write_manifest(team, "pets", "1.4-side", more, ["pets@1.2"])
    team.commit("More")
    team.git("switch", "-q", "main")
    del more["train/dog/b.jpg"]
    write_manifest(team, "pets", "1.4-main", {p: more[p] for p in more if p not in THEIRS})
    team.commit("Less")
    team.run("git", "merge", "-q", "--no-commit", "side", code=None)
    resolve(team, more)
    assert lost(team, "--staged") == []
    resolve(team, more | {"train/dog/b.jpg": "2"})
    assert brought_back(team, "--staged") == [["train/dog/b.jpg"]]
    resolve(team, FEWER)
    gone = ["train/cat/ours.jpg", "train/cat/theirs.jpg"]
    assert lost(team, "--staged") == [gone, ["train/dog/b.jpg"]]
