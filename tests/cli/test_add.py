"""`dsv add`: data that lies somewhere becomes a manifest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.hand_made import read, snapshot
from tests.cli.living import (
    CLEAN,
    PATTERN,
    PETS,
    age,
    answer,
    differences,
    entries,
    init,
    pets,
    records,
    status,
)
from tests.conftest import Repo


@pytest.fixture
def team(repo: Repo) -> Repo:
    """A repository that `dsv init` has been in, with data in `data/pets`."""
    init(repo)
    for path, content in PETS.items():
        repo.write(f"data/pets/{path}", content)
    return repo


def refused(repo: Repo, *args: str) -> str:
    """What `dsv` says when it refuses; nothing may have been written."""
    before = snapshot(repo, "manifests"), (repo.path / ".gitignore").exists()
    done = repo.dsv_result(*args)
    assert done.returncode == 2, done
    assert (snapshot(repo, "manifests"), (repo.path / ".gitignore").exists()) == before
    return done.stderr


def test_a_commit_after_add_registers_the_data_and_all_is_clean(team: Repo) -> None:
    said = team.dsv("add", "data/pets", "--name", "pets", "--labels", PATTERN)
    assert "manifests/pets: version 1.0, 4 files, 32 bytes, 2 labels" in said
    assert ".gitignore has /data/pets now" in said
    assert [(e.path, e.label, e.split, e.size) for e in read(team, "pets").entries] == [
        ("train/cat/1.jpg", "cat", "train", 5),
        ("train/cat/2.jpg", "cat", "train", 11),
        ("train/dog/1.jpg", "dog", "train", 5),
        ("val/cat/3.jpg", "cat", "val", 11),
    ]
    team.commit("Add pets")
    assert records(team) == ["1.0.json"]
    assert "data/pets" not in team.git("ls-files")
    assert team.status == ""
    found = status(team)
    assert (found["state"], found["files"], found["data"]["way"]) == ("registered", 4, "known")
    assert differences(team) == CLEAN


def test_every_option_is_in_the_manifest(team: Repo) -> None:
    team.write("other/1.jpg", "1")
    team.dsv("add", "other", "--name", "old")
    team.write("data/pets/.DS_Store", "x")
    team.dsv(
        *("add", "data/pets", "-n", "wild/pets", "-v", "2024-05", "--project", "Dataset/Pets"),
        *("--dataset", "pets", "--description", "all: of 'them'", "--tag", "raw", "--tag", "b,c"),
        *("--parent", "old@1.0", "--parent", "clearml:48b8d22437624e519f6a177eddcfcd36"),
        *("--include", "**/*.jpg", "--exclude", "val/", "--hash", "sha256"),
    )
    manifest = read(team, "wild/pets")
    d = manifest.declaration
    assert (d.version, d.project, d.dataset) == ("2024-05", "Dataset/Pets", "pets")
    assert (d.description, d.tags) == ("all: of 'them'", ("raw", "b,c"))
    assert [str(p) for p in d.parents] == [
        "old@1.0",
        "clearml:48b8d22437624e519f6a177eddcfcd36",
    ]
    assert (d.data.include, d.data.exclude) == (("**/*.jpg",), ("val/",))
    assert sorted(entries(team, "wild/pets")) == [p for p in sorted(PETS) if "val" not in p]
    assert all(entry.hash.startswith("sha256:") for entry in manifest.entries)


def test_the_answer_for_programs(team: Repo) -> None:
    (team.path / "data/pets/link").symlink_to("nowhere")
    found = answer(team, "add", "data/pets", "--name", "pets", "--labels", PATTERN)
    assert (found["manifest"], found["version"], found["folder"]) == (
        "pets",
        "1.0",
        "manifests/pets",
    )
    assert (found["totals"]["files"], found["totals"]["bytes"]) == (4, 32)
    assert (found["hashed_files"], found["ignored"], found["tracked"]) == (4, "/data/pets", False)
    assert [notice["kind"] for notice in found["notices"]] == ["link-dangling"]


@pytest.mark.parametrize("way", ["relative", "absolute", "below", "through a link"])
def test_data_in_the_repository_has_a_relative_root_however_it_was_typed(
    team: Repo, way: str, tmp_path: Path
) -> None:
    """A colleague has the repository in another place."""
    (tmp_path / "link").symlink_to(team.path)
    start, typed = {
        "relative": (team.path, "./data//pets/"),
        "absolute": (team.path, str(team.path / "data/pets")),
        "below": (team.path / "data", "pets"),
        "through a link": (team.path, str(tmp_path / "link/data/pets")),
    }[way]
    Repo(start, team.env).dsv("add", typed, "--name", "pets")
    assert read(team, "pets").declaration.data.roots == {"": "data/pets"}
    assert (team.path / ".gitignore").read_text() == "/data/pets\n"


def test_data_elsewhere_stays_as_it_was_typed_and_needs_no_line(team: Repo, tmp_path: Path) -> None:
    outside = tmp_path / "nas"
    (outside / "a").mkdir(parents=True)
    (outside / "a/1.jpg").write_text("1")
    team.dsv("add", str(outside), "--name", "absolute")
    below = Repo(team.path / "data", team.env)
    said = below.dsv("add", "../../nas", "--name", "relative", "--dataset", "x")
    assert ".gitignore" not in said
    assert read(team, "absolute").declaration.data.roots == {"": str(outside)}
    assert read(team, "relative").declaration.data.roots == {"": "../nas"}
    assert not (team.path / ".gitignore").exists()


def test_a_link_to_the_data_is_kept_out_as_the_link_it_is(team: Repo, tmp_path: Path) -> None:
    (tmp_path / "nas").mkdir()
    (tmp_path / "nas/1.jpg").write_text("1")
    (team.path / "linked").symlink_to(tmp_path / "nas")
    team.dsv("add", "linked", "--name", "nas")
    assert read(team, "nas").declaration.data.roots == {"": "linked"}
    assert (team.path / ".gitignore").read_text() == "/linked\n"
    team.dsv("add", "linked", "--name", "again", "--dataset", "x")
    assert (team.path / ".gitignore").read_text() == "/linked\n"
    team.commit("Add nas")
    assert "linked" not in team.git("ls-files")
    assert differences(team, "nas") == CLEAN


@pytest.mark.parametrize("line", ["data/", "/data/*", "pets", "*.jpg\n/data/pets/**"])
def test_data_that_is_ignored_already_gets_no_line(team: Repo, line: str) -> None:
    team.write(".gitignore", f"{line}\n")
    assert ".gitignore" not in team.dsv("add", "data/pets", "--name", "pets")
    assert (team.path / ".gitignore").read_text() == f"{line}\n"


def test_data_that_git_tracks_gets_no_line_and_that_is_said(team: Repo) -> None:
    team.commit("The pictures themselves")
    said = team.dsv("add", "data/pets", "--name", "pets")
    assert "git tracks this data itself too" in said
    assert not (team.path / ".gitignore").exists()
    assert "git rm -r -q --cached data/pets, and a line in .gitignore" in said
    team.git("rm", "-r", "-q", "--cached", "data/pets")
    team.write(".gitignore", "/data/pets\n")
    team.commit("Add pets")
    assert "data/pets" not in team.git("ls-files")
    assert differences(team, "pets") == CLEAN


def test_one_tracked_file_does_not_open_the_door_to_the_others(team: Repo) -> None:
    """Many teams keep an empty folder in git with a `.gitkeep`."""
    team.write("data/pets/.gitkeep", "")
    team.git("add", "data/pets/.gitkeep")
    assert ".gitignore has /data/pets now" in team.dsv("add", "data/pets", "--name", "pets")


def test_a_person_s_gitignore_keeps_its_bytes(team: Repo) -> None:
    team.write(".gitignore", b"*.tmp\r\n# caf\xe9")
    team.write("odd #1 [a] !/x y.jpg", "1")
    team.dsv("add", "odd #1 [a] !", "--name", "odd")
    text = (team.path / ".gitignore").read_bytes()
    assert text.startswith(b"*.tmp\r\n# caf\xe9\n/odd")
    assert "odd" not in team.run("git", "status", "--porcelain", "-uall").stdout.replace(
        "manifests/odd", ""
    )


NO_DATA = [
    (".", "holds the repository itself"),
    ("..", "holds the repository itself"),
    ("manifests", "is where the manifests are"),
    ("manifests/old", "is where the manifests are"),
    ("to-manifests", "is where the manifests are"),
    (".git", "is git's own"),
    (".git/hooks", "is git's own"),
    ("to-git", "is git's own"),
    ("nowhere", "there is no nowhere"),
    ("data/pets/train/cat/1.jpg", "is not a folder"),
    ("empty", "there is no file in empty"),
    ("ftp://lake/pets", "data is not read from ftp://"),
]


def test_what_is_no_data_is_refused(team: Repo) -> None:
    (team.path / "manifests/old").mkdir(parents=True)
    (team.path / "empty").mkdir()
    (team.path / "to-manifests").symlink_to("manifests")
    (team.path / "to-git").symlink_to(".git")
    team.write("manifests/old/x", "1")
    for typed, message in NO_DATA:
        assert message in refused(team, "add", typed, "--name", "pets"), typed


def test_nothing_that_include_and_exclude_leave(team: Repo) -> None:
    message = refused(team, "add", "data/pets", "--name", "pets", "--include", "*.png")
    assert "are include and exclude right?" in message


WRONG = [
    (["--name", "a b"], "not a manifest's name: 'a b'"),
    (["--name", "../x"], "not a manifest's name"),
    (["--name", "päts"], "not a manifest's name"),
    (["--name", "x\n"], r"x\\n"),
    (["--name", "files"], "not a manifest's name"),
    (["--name", "old"], "is there already"),
    (["--name", "OLD"], "differ by case alone"),
    (["--name", "old/new"], "one would be inside the other"),
    (["--name", "new", "--dataset", "old"], "is a version of the manifest old already"),
    (["--name", "new", "--version", ""], "version"),
    (["--name", "new", "--parent", "x"], "x"),
    (["--name", "new", "--parent", "nosuch@1"], "the parent nosuch@1 is nowhere"),
    (["--name", "new", "--parent", "old@1.1"], "did you mean old@1.0?"),
    (["--name", "new", "--parent", "new@1.0"], "is this version itself"),
    (["--name", "new", "--labels", "label"], "not a source of labels"),
    (["--name", "new", "--labels", "none.csv"], "there is no file none.csv"),
    (["--name", "new", "--labels", "train=none.json"], "there is no file none.json"),
    (["--name", "new", "--labels", "instances.json"], "SPLIT=FILE.json"),
    (["--name", "new", "--labels", "{label}/*", "--labels", "x.csv"], "one pattern or one"),
    (["--name", "new", "--labels", "{a}{b}"], "not a pattern for labels"),
]


def test_wrong_options_are_refused(team: Repo) -> None:
    team.write("other/1.jpg", "1")
    team.dsv("add", "other", "--name", "old")
    for options, message in WRONG:
        assert message in refused(team, "add", "data/pets", *options), options


def test_labels_from_a_table_beside_the_manifests(team: Repo) -> None:
    team.write("labels.csv", "path,label,split,source\ntrain/cat/1.jpg,lynx,test,web\n")
    team.dsv("add", "data/pets", "--name", "pets", "--labels", "labels.csv")
    first, second, *_ = read(team, "pets").entries
    assert (first.label, first.split, first.props) == ("lynx", "test", {"source": "web"})
    assert (second.label, second.split) == (None, None)


def test_a_table_is_found_from_where_it_was_typed(team: Repo) -> None:
    team.write("tables/labels.csv", "path,label\ntrain/cat/1.jpg,lynx\n")
    Repo(team.path / "tables", team.env).dsv(
        "add", "../data/pets", "--name", "pets", "--labels", "labels.csv"
    )
    labels = read(team, "pets").declaration.labels
    assert labels is not None
    assert labels.table == "tables/labels.csv"


def test_a_table_that_the_data_would_hide_is_refused(team: Repo) -> None:
    """The data root is looked into first, there is a file of that name."""
    team.write("labels.csv", "path,label\ntrain/cat/1.jpg,lynx\n")
    team.write("data/pets/labels.csv", "path,label\ntrain/cat/1.jpg,tiger\n")
    message = refused(team, "add", "data/pets", "--name", "pets", "--labels", "labels.csv")
    assert "labels.csv is in the data root too" in message


def test_a_pattern_may_end_like_a_file(team: Repo) -> None:
    team.write("boxes/train/a.json", "{}")
    team.dsv("add", "boxes", "--name", "boxes", "--labels", "{split}/{name}.json")
    (entry,) = read(team, "boxes").entries
    assert (entry.split, entry.props) == ("train", {"name": "a"})


def test_what_another_manifest_hashed_is_not_hashed_again(repo: Repo) -> None:
    pets(repo)
    age(repo)
    repo.dsv("update", "pets")
    found = answer(repo, "add", "data/pets", "--name", "twin", "--dataset", "twin")
    assert (found["totals"]["files"], found["hashed_files"]) == (4, 0)
    assert {e.hash for e in read(repo, "twin").entries} == {
        e.hash for e in read(repo, "pets").entries
    }


def test_files_that_get_no_label_are_said(repo: Repo) -> None:
    repo.dsv("init")
    repo.write("data/train/cat/a.jpg", "1")
    repo.write("data/train/b.jpg", "2")
    done = repo.dsv_result("add", "data", "--name", "pets", "--labels", "{split}/{label}/*")
    assert "note: 1 of 2 files got no label" in done.stderr


def test_a_file_of_another_kind_is_no_table(repo: Repo) -> None:
    repo.dsv("init")
    repo.write("data/a.jpg", "1")
    with repo.write("labels.csv", b"").open("wb") as file:
        file.truncate(1 << 31)
    done = repo.dsv_result("add", "data", "--name", "pets", "--labels", "labels.csv")
    assert done.returncode == 2
    assert "labels.csv: is no text" in done.stderr


def test_a_parent_may_be_a_draft_a_former_version_or_one_of_clearml(team: Repo) -> None:
    team.write("other/1.jpg", "1")
    team.dsv("add", "other", "--name", "old")
    parents = ["--parent", "old@1.0", "--parent", "clearml:abc123"]
    team.dsv("add", "data/pets", "--name", "pets", *parents)
    team.commit("Both")
    team.dsv("bump", "old")
    team.write("more/1.jpg", "2")
    team.dsv("add", "more", "--name", "more", "--parent", "old@1.0")


def test_the_git_directory_of_a_linked_working_tree_is_no_data(team: Repo) -> None:
    team.commit("Start")
    team.git("worktree", "add", "-q", "../linked")
    linked = Repo(team.path.parent / "linked", team.env)
    for own in (team.path / ".git", team.path / ".git/worktrees/linked", team.path):
        assert linked.dsv_result("add", str(own), "--name", "x").returncode == 2, own
