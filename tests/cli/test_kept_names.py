"""A kept manifest is found under the name of its own manifest alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import dsv_git
from dsv_git.errors import InputError
from tests.conftest import Repo, new_team
from tests.manifests import INITIAL, write_manifest

NEXT = {**INITIAL, "train/cat/d.jpg": "4"}
LAST = {**NEXT, "train/cat/e.jpg": "5"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Manifests of one content; the middle version of `cam` was squashed away."""
    place = tmp_path_factory.mktemp("built")
    repo = new_team(place)
    write_manifest(repo, "cam", "1.0")
    write_manifest(repo, "c2", "1.0")
    write_manifest(repo, "all", "1.0", NEXT, project="One", dataset="shared")
    write_manifest(repo, "rest", "1.1", NEXT, project="One", dataset="shared")
    repo.commit("First")
    write_manifest(repo, "cam", "1.4", NEXT, ["cam@1.0"])
    write_manifest(repo, "all", "1.4", LAST, project="One", dataset="shared")
    repo.commit("Second")
    repo.git("reset", "-q", "--hard", "HEAD~1")
    write_manifest(repo, "cam", "1.5", LAST, ["cam@1.0"])
    repo.commit("Third")
    return repo


@pytest.fixture
def team(built: Repo, tmp_path: Path) -> Repo:
    """A copy of that repository, to work in."""
    return built.copy(tmp_path / "a team")


@pytest.fixture
def bare_of_records(team: Repo) -> Repo:
    """The same without the commit that had the records: only the kept trees are left."""
    team.git("reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all")
    team.git("update-ref", "-d", "ORIG_HEAD")
    return team


VERBS = (
    ("verify",),
    ("restore", "--to", "out"),
    ("export",),
    ("keep",),
    ("dedupe", "c2", "--across"),
    ("show",),
)


def asked(repo: Repo, verb: tuple[str, ...], reference: str) -> str:
    """What a verb says where it refuses a version."""
    if verb[0] == "keep":
        config = repo.path / ".dsv.yaml"
        config.write_text(f"{config.read_text()}keep: ../kept\n")
    words = (verb[0], reference, *verb[1:]) if verb[0] == "restore" else (*verb, reference)
    done = repo.dsv_result(*words)
    assert (done.returncode, done.stdout) == (2, ""), words
    return done.stderr


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
def test_a_mistyped_name_takes_no_other_manifest(team: Repo, verb: tuple[str, ...]) -> None:
    assert "no manifest typo\n  there are: all, c2, cam, rest" in asked(team, verb, "typo@1.4")


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
def test_an_unknown_version_is_of_its_manifest(team: Repo, verb: tuple[str, ...]) -> None:
    assert "no version c2@1.4\n  dsv log c2" in asked(team, verb, "c2@1.4")


@pytest.mark.parametrize("repository", ["team", "bare_of_records"])
def test_a_dropped_version_is_found_under_its_own_name(
    request: pytest.FixtureRequest, repository: str
) -> None:
    repo: Repo = request.getfixturevalue(repository)
    assert len(repo.dsv("export", "cam@1.4").splitlines()) == 4
    assert len(repo.dsv("export", "all@1.4").splitlines()) == 5
    for other in ("c2@1.4", "typo@1.4", "typo@1.0", "came@1.4"):
        assert repo.dsv_result("export", other).returncode == 2, other


def test_manifests_of_one_dataset_are_told_apart_by_their_records(team: Repo) -> None:
    assert "no version rest@1.4\n" in team.dsv_result("export", "rest@1.4").stderr
    assert "no version all@1.1\n" in team.dsv_result("export", "all@1.1").stderr


def test_a_near_name_is_asked_for(team: Repo) -> None:
    assert "did you mean cam?" in team.dsv_result("verify", "camm@1.0").stderr
    assert "no version has the ID local:12" in team.dsv_result("verify", "local:12").stderr


def test_an_id_names_its_own_manifest(team: Repo) -> None:
    kept = team.git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/dsv").split()
    own = {json.loads(team.dsv("show", name, "--json"))["key"] for name in ("cam", "cam@1.0", "c2")}
    own |= {json.loads(team.dsv("show", name, "--json"))["key"] for name in ("all", "rest")}
    gone = [f"local:{key[:32]}" for key in kept if key not in own]
    said = {team.dsv_result("export", one, "--to", "x.jsonl").stdout.split("#")[0] for one in gone}
    assert said == {"cam@1.4", "all@1.4"}
    for one in gone:
        found = [name for name in ("cam", "c2", "all", "typo") if loads(team, name, one)]
        assert found in (["cam"], ["all"])


def loads(repo: Repo, name: str, version_id: str) -> bool:
    """Whether an ID can be loaded under a name."""
    try:
        return dsv_git.load(name, repo.path, id=version_id).name == name
    except InputError:
        return False
