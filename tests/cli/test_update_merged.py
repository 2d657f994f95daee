"""`dsv update` of a merged manifest: its sources first, then the merge anew, decisions kept."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dsv_git.manifest.declaration import Data
from tests.cli.hand_made import make, read, row
from tests.conftest import ANY_CONTENT, Repo, environment, new_team

LABELS = ("--labels", "{label}/*")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Two sources on disk, each registered, and `all`, registered as their merge."""
    base = tmp_path_factory.mktemp("made")
    repo = new_team(base, ANY_CONTENT)
    for path in ("kaggle/cat/a", "kaggle/dog/b", "youtube/cat/c", "youtube/cat/d"):
        repo.write(f"data/{path}.jpg", path.replace("/d", "/c"))
    repo.dsv("add", "data/kaggle", "--name", "kaggle", *LABELS)
    repo.dsv("add", "data/youtube", "--name", "youtube", *LABELS)
    repo.commit("Two sources")
    repo.dsv("merge", "kaggle", "youtube", "--into", "all", "--version", "1.0", "--dataset", "all")
    repo.commit("All")
    return repo


@pytest.fixture
def team(made: Repo, tmp_path: Path) -> Repo:
    """A copy of it for each test."""
    shutil.copytree(made.path, tmp_path / "a team", symlinks=True)
    (tmp_path / "home").mkdir()
    return Repo(tmp_path / "a team", environment(tmp_path / "home"))


def paths(repo: Repo, name: str = "all") -> list[str]:
    return [entry.path for entry in read(repo, name).entries]


def parents(repo: Repo, name: str = "all") -> list[str]:
    return [str(parent) for parent in read(repo, name).declaration.parents]


def test_a_cleaned_source_is_followed_and_a_second_run_changes_nothing(team: Repo) -> None:
    team.dsv("dedupe", "youtube")
    team.commit("Clean youtube")
    assert "  behind its sources: youtube@1.1 (dsv update all)\n" in team.dsv("status")
    said = team.dsv("update", "all")
    assert "all@1.1: next version of 1.0, merged from kaggle@1.0, youtube@1.1; next: git" in said
    assert paths(team) == ["kaggle/cat/a.jpg", "kaggle/dog/b.jpg", "youtube/cat/c.jpg"]
    assert parents(team) == ["kaggle@1.0", "youtube@1.1", "all@1.0"]
    declared = read(team, "all").declaration
    assert declared.made_by == "dsv update all"
    assert declared.description == "merge of kaggle@1.0, youtube@1.1"
    team.commit("Follow")
    assert "all@1.1  = local:" in team.dsv("status")
    assert team.dsv("status").count("data: as the manifest says") == 3
    assert "behind" not in team.dsv("status")
    assert "all@1.1: it has kaggle@1.0, youtube@1.1" in team.dsv("update", "all")
    assert "all@1.1: it has kaggle@1.0, youtube@1.1" in team.dsv("update", "--all")
    assert team.status == ""


def test_changed_data_goes_through_the_sources_in_one_command_and_one_commit(team: Repo) -> None:
    team.write("data/kaggle/dog/new.jpg", "new")
    assert "(dsv update all)" in team.dsv("status")
    found = json.loads(team.dsv("update", "all", "--json"))
    assert (found["manifest"], found["version"]) == ("all", "1.1")
    assert found["merged"] == ["kaggle@1.1", "youtube@1.0"]
    assert [(one["manifest"], one["changed"]) for one in found["sources"]] == [
        ("kaggle", True),
        ("youtube", False),
    ]
    assert {e.path: e.label for e in read(team, "all").entries}["kaggle/dog/new.jpg"] == "dog"
    team.write("data/kaggle/dog/new.jpg", "newer")
    team.write("data/kaggle/dog/newest.jpg", "newest")
    team.dsv("update", "--all")
    (team.path / "data/kaggle/dog/new.jpg").unlink()
    team.dsv("update", "all")
    assert [path for path in paths(team) if "new" in path] == ["kaggle/dog/newest.jpg"]
    team.commit("New dog")
    team.dsv("sync")
    made = {name: read(team, name).records["versions/1.1.json"] for name in ("all", "kaggle")}
    assert made["kaggle"].id in {parent.id for parent in made["all"].parents}
    team.dsv("update", "--all")
    assert team.status == ""


def test_what_was_decided_in_the_merge_stays(team: Repo) -> None:
    whole = read(team, "youtube").entries
    team.dsv("filter", "all", "--where", 'not path == "kaggle/dog/b.jpg"')
    place = team.path / "manifests/all/files/_.jsonl"
    text = place.read_text()
    place.write_text(text.replace('"label":"cat"', '"label":"kitten"', 1))
    team.commit("Decided")
    assert parents(team) == ["all@1.0"]
    team.dsv("dedupe", "youtube")
    team.write("data/kaggle/cat/new.jpg", "new")
    team.commit("Clean youtube")
    team.dsv("update", "--all")
    manifest = read(team, "all")
    assert {entry.path: entry.label for entry in manifest.entries} == {
        "kaggle/cat/a.jpg": "kitten",
        "kaggle/cat/new.jpg": "cat",
        "youtube/cat/c.jpg": "cat",
    }
    assert [item.path for item in manifest.dropped] == ["kaggle/dog/b.jpg", "youtube/cat/d.jpg"]
    assert parents(team) == ["kaggle@1.1", "youtube@1.1", "all@1.1"]
    # A source that takes a file back brings it back.
    make(team, "youtube", "1.2", whole, data=Data({"": "data/youtube"}))
    (team.path / "manifests/youtube/dropped.jsonl").unlink()
    team.git("config", "dsv.youtube.root", "/nowhere")
    done = team.dsv_result("update", "all")
    assert "youtube: not updated, taken as it is:" in done.stderr
    assert "youtube/cat/d.jpg" in paths(team)
    assert [item.path for item in read(team, "all").dropped] == ["kaggle/dog/b.jpg"]


@pytest.fixture
def shared(repo: Repo) -> Repo:
    """Two sources of one root that is not here; of `x` the last one counts in `both`."""
    repo.dsv("init", "--registry", "local")
    repo.write(".dsv.yaml", f"registry: local\n{ANY_CONTENT}")
    data = Data({"": "nowhere"})
    make(repo, "a", "1.0", [row("x", "1", "cat"), row("only-a", "2")], data=data)
    make(repo, "b", "1.0", [row("x", "1", "dog"), row("only-b", "3")], data=data)
    repo.commit("Two of one root")
    whole = ("--into", "both", "--version", "1.0", "--dataset", "both")
    repo.dsv("merge", "a", "b", *whole, "--on-conflict", "last")
    repo.commit("Both")
    return repo


def test_a_conflict_stays_resolved_and_a_new_one_is_asked_for(shared: Repo) -> None:
    data = Data({"": "nowhere"})
    rows = [row("x", "1", "cow"), row("only-b", "3"), row("more", "4")]
    make(shared, "b", "1.1", rows, data=data, parents=["b@1.0"])
    shared.commit("b changed its mind")
    shared.dsv("update", "both")
    assert {entry.path: entry.label for entry in read(shared, "both").entries} == {
        "more": None,
        "only-a": None,
        "only-b": None,
        "x": "cow",
    }
    shared.commit("Follow")
    rows = [row("x", "1", "cat"), row("only-a", "2"), row("more", "5")]
    make(shared, "a", "1.1", rows, data=data, parents=["a@1.0"])
    before = read(shared, "both").digest
    assert shared.dsv("update", "both", "--json", code=2) == ""
    done = shared.dsv_result("update", "both")
    assert done.returncode == 2
    assert "a@1.1, b@1.1 differ in more; nothing was written" in done.stderr
    assert "dsv update both --on-conflict first" in done.stderr
    assert read(shared, "both").digest == before
    shared.dsv("update", "both", "--on-conflict", "first")
    entries = {entry.path: entry for entry in read(shared, "both").entries}
    assert entries["more"].hash == rows[2].hash
    assert entries["x"].label == "cow"


def test_what_the_merge_includes_itself_is_all_that_comes(team: Repo) -> None:
    place = team.path / "manifests/all/manifest.yaml"
    text = place.read_text()
    place.write_text(text.replace("data:\n", 'data:\n  exclude: ["dog/"]\n'))
    team.write("data/kaggle/dog/new.jpg", "new")
    team.dsv("update", "all")
    assert paths(team) == ["kaggle/cat/a.jpg", "youtube/cat/c.jpg", "youtube/cat/d.jpg"]


def test_all_manifests_are_updated_or_said_to_be_not(team: Repo) -> None:
    team.git("config", "dsv.kaggle.root", "/nowhere")
    team.write("data/youtube/cat/e.jpg", "e")
    done = team.dsv_result("update", "--all")
    assert done.returncode == 2
    assert "kaggle: not updated, taken as it is:" in done.stderr
    assert "youtube/cat/e.jpg" in paths(team)
    assert "youtube@1.1: next version of 1.0\n" in done.stdout
    assert done.stdout.count("next: git add -A, then git commit") == 1


WORDS = [
    ((), "dsv update N, or dsv update --all"),
    (("a", "--all"), "exclude each other"),
    (("--all", "--version", "3"), "--all takes no other option"),
    (("a", "--on-conflict", "first"), "a is not merged"),
    (("a", "--same-version", "--version", "3"), "exclude each other"),
]


def test_words_that_make_no_sense_together(repo: Repo) -> None:
    repo.write(".dsv.yaml", "registry: local\n")
    make(repo, "a", "1.0", [row("x", "1")])
    for arguments, reason in WORDS:
        done = repo.dsv_result("update", *arguments)
        assert done.returncode == 2
        assert reason in done.stderr


def test_all_is_every_manifest_where_none_has_that_name(repo: Repo) -> None:
    repo.dsv("init", "--registry", "local")
    for name in ("a", "b"):
        repo.write(f"data/{name}/1.txt", name)
        repo.dsv("add", f"data/{name}", "--name", name)
        repo.write(f"data/{name}/2.txt", name * 2)
    repo.dsv("update", "all")
    assert paths(repo, "a") == paths(repo, "b") == ["1.txt", "2.txt"]


def test_a_version_made_from_two_others_with_data_of_its_own_is_scanned(team: Repo) -> None:
    team.write("data/own/cat/x.jpg", "x")
    team.dsv(
        "add", "data/own", "--name", "own", *LABELS, "--parent", "kaggle@1.0",
        "--parent", "youtube@1.0", "--version", "0.1",
    )  # fmt: skip
    team.write("data/own/cat/y.jpg", "y")
    team.dsv("update", "own")
    assert paths(team, "own") == ["cat/x.jpg", "cat/y.jpg"]


def test_a_version_with_no_usual_next_name_is_told_how_to_go_on(repo: Repo) -> None:
    repo.dsv("init", "--registry", "local")
    for name, version in (("c3", "3"), ("v", "v2"), ("w", "1.0")):
        repo.write(f"data/{name}/1.txt", name)
        repo.dsv("add", f"data/{name}", "--name", name, "--version", version)
    repo.commit("Three")
    assert repo.dsv_result("update", "--all").returncode == 0
    repo.write("data/c3/2.txt", "new")
    repo.write("data/w/2.txt", "also new")
    done = repo.dsv_result("update", "--all")
    assert done.returncode == 2
    assert "c3: not updated, taken as it is: cannot tell which version comes" in done.stderr
    assert "dsv update c3 --version V" in done.stderr
    assert "v: not updated" not in done.stderr
    assert "v@v2: the data is what the manifest says" in done.stdout
    assert paths(repo, "w") == ["1.txt", "2.txt"]


def test_a_word_that_stands_for_every_manifest_is_told(repo: Repo) -> None:
    repo.write(".dsv.yaml", "registry: local\n")
    make(repo, "a", "1.0", [row("x", "1")])
    repo.write("data/a/x", "1")
    assert "all: every manifest\n" in repo.dsv_result("update", "all").stderr
    assert "every manifest" not in repo.dsv_result("update", "--all").stderr
    done = repo.dsv_result("update", "all", "--version", "2.0")
    assert (done.returncode, "there is no manifest named all" in done.stderr) == (2, True)
    assert "--all takes" not in done.stderr
