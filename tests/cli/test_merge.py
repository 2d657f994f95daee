"""`dsv merge`: one manifest out of several, with all of them as parents."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from dsv_git.manifest.declaration import Data, Labels
from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.layout import Layout
from tests.cli.hand_made import make, read, record, row, snapshot
from tests.conftest import Repo

KAGGLE = [row("train/cat/a.jpg", "1", "cat", "train"), row("train/dog/b.jpg", "2", "dog", "train")]
YOUTUBE = [row("train/cat/a.jpg", "3", "cat", "train")]
SHARED = Data({"": "data/all"})


@pytest.fixture
def team(repo: Repo) -> Repo:
    """Two registered manifests with roots of their own, committed."""
    repo.write(".dsv.yaml", "registry: local\n")
    declared = {"project": "Vision", "dataset": "detect", "tags": ("raw",)}
    make(repo, "kaggle", "1.0-kaggle", KAGGLE, declared=declared)
    record(repo, "kaggle")
    make(repo, "video/youtube", "1.1-youtube", YOUTUBE, declared={"tags": ("raw", "web")})
    record(repo, "video/youtube")
    repo.commit("Two sources")
    return repo


def merged(repo: Repo, *more: str, code: int = 0) -> str:
    return repo.dsv(
        "merge", "kaggle", "video/youtube", "--into", "all", "--version", "1.0", *more, code=code
    )


def one_root(repo: Repo, left: Sequence[Entry], right: Sequence[Entry]) -> None:
    """Two committed manifests `a` and `b` of one root."""
    repo.write(".dsv.yaml", "registry: local\n")
    make(repo, "a", "1.0", left, data=SHARED)
    make(repo, "b", "1.0", right, data=Data({"": "./data//all/"}))
    repo.commit("Two of one root")


def parents(repo: Repo, name: str = "all") -> list[str]:
    return [str(parent) for parent in read(repo, name).declaration.parents]


def test_sources_of_other_roots_are_mounted(team: Repo) -> None:
    said = merged(team)
    manifest = read(team, "all")
    assert manifest.declaration.data.roots == {
        "kaggle": "data/kaggle",
        "video-youtube": "data/video/youtube",
    }
    assert [(entry.path, entry.hash, entry.label) for entry in manifest.entries] == [
        ("kaggle/train/cat/a.jpg", KAGGLE[0].hash, "cat"),
        ("kaggle/train/dog/b.jpg", KAGGLE[1].hash, "dog"),
        ("video-youtube/train/cat/a.jpg", YOUTUBE[0].hash, "cat"),
    ]
    assert parents(team) == ["kaggle@1.0-kaggle", "video/youtube@1.1-youtube"]
    assert "all@1.0 merges 2 manifests, files: 3" in said
    assert "video/youtube@1.1-youtube: files: 1, below video-youtube/" in said


def test_project_dataset_and_description_follow_the_first_source(team: Repo) -> None:
    merged(team)
    declaration = read(team, "all").declaration
    assert (declaration.project, declaration.dataset) == ("Vision", "detect")
    assert declaration.description == "merge of kaggle@1.0-kaggle, video/youtube@1.1-youtube"
    assert declaration.tags == ("raw", "web")


def test_project_dataset_and_description_may_be_given(team: Repo) -> None:
    merged(team, "--project", "P", "--dataset", "D", "--description", "both: raw")
    declaration = read(team, "all").declaration
    assert (declaration.project, declaration.dataset) == ("P", "D")
    assert declaration.description == "both: raw"


def test_a_new_manifest_needs_a_version(team: Repo) -> None:
    done = team.dsv_result("merge", "kaggle", "video/youtube", "--into", "all")
    assert done.returncode == 2
    assert "--version" in done.stderr
    assert not (team.path / "manifests/all").exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("kaggle", "--into", "all"), "at least two"),
        (("kaggle", "kaggle", "--into", "all"), "named twice"),
        (("kaggle", "video/youtube", "--into", "kaggle"), "into itself"),
        (("kaggle", "video/youtub", "--into", "all"), "did you mean video/youtube?"),
        (("kaggle", "video/youtube", "--into", "KAGGLE"), "differ by case alone"),
        (("kaggle", "video/youtube", "--into", "video"), "inside the other"),
        (("kaggle", "video/youtube", "--into", "kaggle/all"), "inside the other"),
        (("kaggle", "video/youtube", "--into", "../all"), "not a manifest's name"),
        (("kaggle", "video/youtube", "--into", "all", "--version", "a@b"), "not a version"),
        (("kaggle", "video/youtube", "--into", "all", "--version", "1.0-kaggle"), "--dataset all"),
    ],
)
def test_what_cannot_be_merged_is_refused(
    team: Repo, arguments: tuple[str, ...], reason: str
) -> None:
    before = snapshot(team, "manifests")
    version = () if "--version" in arguments else ("--version", "1.0")
    done = team.dsv_result("merge", *arguments, *version)
    assert done.returncode == 2
    assert reason in done.stderr
    assert snapshot(team, "manifests") == before


def test_a_source_that_no_commit_holds_is_refused(team: Repo) -> None:
    make(team, "kaggle", "1.1-kaggle", KAGGLE[:1], parents=["kaggle@1.0-kaggle"])
    done = team.dsv_result("merge", "kaggle", "video/youtube", "--into", "all", "--version", "1.0")
    assert done.returncode == 2
    assert "kaggle@1.1-kaggle is not committed as it stands" in done.stderr
    assert "git commit" in done.stderr
    team.commit("Fewer")
    merged(team)
    assert parents(team)[0] == "kaggle@1.1-kaggle"


def test_a_source_that_is_published_with_another_content_is_refused(team: Repo) -> None:
    remote = team.path.parent / "remote.git"
    team.git("init", "-q", "--bare", str(remote))
    team.git("push", "-q", str(remote), "main")
    team.git("remote", "add", "origin", str(remote))
    team.git("fetch", "-q", "origin")
    make(team, "kaggle", "1.0-kaggle", KAGGLE[:1])
    team.commit("Other lists, same name")
    done = team.dsv_result("merge", "kaggle", "video/youtube", "--into", "all", "--version", "1.0")
    assert done.returncode == 2
    assert "kaggle@1.0-kaggle is published with another content" in done.stderr
    assert "dsv bump kaggle" in done.stderr


def test_before_the_first_commit_no_draft_can_be_a_parent(repo: Repo) -> None:
    repo.write(".dsv.yaml", "registry: local\n")
    make(repo, "a", "1.0", KAGGLE)
    make(repo, "b", "1.0", YOUTUBE)
    done = repo.dsv_result("merge", "a", "b", "--into", "all", "--version", "1.0")
    assert done.returncode == 2
    assert "not committed" in done.stderr


def test_one_root_merges_path_by_path(repo: Repo) -> None:
    same, mine, theirs = row("a.jpg", "1", "cat"), row("b.jpg", "2"), row("c.jpg", "3")
    one_root(repo, [same, mine], [same, theirs])
    repo.dsv("merge", "a", "b", "--into", "all", "--version", "2.0")
    manifest = read(repo, "all")
    assert manifest.declaration.data.roots == {"": "data/all"}
    assert manifest.entries == (same, mine, theirs)


CONFLICTING = (
    [row("a.jpg", "1", "cat"), row("b.jpg", "2", "cat"), row("c.jpg", "3")],
    [row("a.jpg", "9", "cat"), row("b.jpg", "2", "dog"), row("c.jpg", "3")],
)


def test_paths_that_differ_are_listed_and_nothing_is_written(repo: Repo) -> None:
    one_root(repo, *CONFLICTING)
    done = repo.dsv_result("merge", "a", "b", "--into", "all", "--version", "2.0")
    assert done.returncode == 2
    assert "a.jpg: other content (a@1.0, b@1.0)" in done.stderr
    assert "b.jpg: other label, split, annotations or props (a@1.0, b@1.0)" in done.stderr
    assert "c.jpg" not in done.stderr
    assert not (repo.path / "manifests/all").exists()


@pytest.mark.parametrize(("side", "number"), [("first", 0), ("last", 1)])
def test_a_side_settles_paths_that_differ(repo: Repo, side: str, number: int) -> None:
    one_root(repo, *CONFLICTING)
    said = repo.dsv("merge", "a", "b", "--into", "all", "--version", "2.0", "--on-conflict", side)
    assert read(repo, "all").entries == tuple(CONFLICTING[number])
    assert f"paths that differ: 2; the {side} counts" in said


def test_json_lists_every_conflict_and_the_exit_code_says_refused(repo: Repo) -> None:
    one_root(repo, *CONFLICTING)
    arguments = ("merge", "a", "b", "--into", "all", "--version", "2.0", "--json")
    refused = json.loads(repo.dsv(*arguments, code=2))
    assert (refused["refused"], refused["written"]) == (True, False)
    assert refused["conflicts"][0] == {
        "path": "a.jpg",
        "kind": "content",
        "sources": ["a@1.0", "b@1.0"],
        "taken": "a@1.0",
    }
    done = json.loads(repo.dsv(*arguments, "--on-conflict", "last"))
    assert (done["refused"], done["written"], done["files"]) == (False, True, 3)
    assert [conflict["taken"] for conflict in done["conflicts"]] == ["b@1.0", "b@1.0"]


def test_settings_stay_where_all_sources_have_them(repo: Repo) -> None:
    repo.write(".dsv.yaml", "registry: local\n")
    for name, exclude in (("a", "*.tmp"), ("b", "*.bak")):
        data = Data({"": "data/all"}, url="s3://lake", include=("**/*.jpg",), exclude=(exclude,))
        declared = {"labels": Labels(path="{label}/*"), "properties": {"source": name, name: "x"}}
        make(repo, name, "1.0", KAGGLE, data=data, declared=declared)
    repo.commit("Two")
    said = repo.dsv("merge", "a", "b", "--into", "all", "--version", "2.0")
    declaration = read(repo, "all").declaration
    assert declaration.data == Data({"": "data/all"}, url="s3://lake", include=("**/*.jpg",))
    assert declaration.labels == Labels(path="{label}/*")
    assert declaration.properties == {"source": "a", "a": "x", "b": "x"}
    assert "note: data.exclude differs" in said


def test_sources_of_labels_do_not_survive_mounts(team: Repo) -> None:
    declared = {"labels": Labels(path="{split}/{label}/*")}
    make(team, "kaggle", "1.0-kaggle", KAGGLE, declared=declared)
    assert "labels: is left out" in merged(team)
    manifest = read(team, "all")
    assert manifest.declaration.labels is None
    assert manifest.entries[0].label == "cat"


def test_what_sources_left_out_stays_out_below_their_mounts(team: Repo) -> None:
    gone = Dropped("train/cat/z.jpg", KAGGLE[0].hash, "duplicate of train/cat/a.jpg")
    make(team, "kaggle", "1.0-kaggle", KAGGLE, dropped=[gone])
    merged(team)
    assert read(team, "all").dropped == (
        Dropped("kaggle/train/cat/z.jpg", gone.hash, "duplicate of train/cat/a.jpg"),
    )


def test_a_file_that_another_source_has_is_not_left_out(repo: Repo) -> None:
    both, rest = row("a.jpg", "1"), row("b.jpg", "1")
    repo.write(".dsv.yaml", "registry: local\n")
    make(repo, "a", "1.0", [both, rest], data=SHARED)
    clean = [Dropped("b.jpg", rest.hash, "duplicate of a.jpg")]
    make(repo, "b", "1.0", [both], data=SHARED, dropped=clean)
    repo.commit("Two")
    said = repo.dsv("merge", "a", "b", "--into", "all", "--version", "2.0")
    assert read(repo, "all").entries == (both, rest)
    assert read(repo, "all").dropped == ()
    assert "note: 1 files" in said


def test_a_source_of_several_roots_keeps_its_mounts_and_shares_one_root(team: Repo) -> None:
    merged(team)
    record(team, "all")
    make(team, "more", "1.0", [row("x.jpg", "7")], data=Data({"": "data/kaggle"}))
    make(team, "video-youtube", "1.0", [row("x.jpg", "8")])
    team.commit("More")
    names = ("all", "more", "video-youtube")
    team.dsv("merge", *names, "--into", "whole", "--version", "9")
    manifest = read(team, "whole")
    assert manifest.declaration.data.roots == {
        "kaggle": "data/kaggle",
        "video-youtube": "data/video/youtube",
        "video-youtube-2": "data/video-youtube",
    }
    assert [entry.path for entry in manifest.entries] == [
        "kaggle/train/cat/a.jpg",
        "kaggle/train/dog/b.jpg",
        "kaggle/x.jpg",
        "video-youtube-2/x.jpg",
        "video-youtube/train/cat/a.jpg",
    ]


def test_two_roots_that_claim_one_mount_are_refused(repo: Repo) -> None:
    repo.write(".dsv.yaml", "registry: local\n")
    make(repo, "a", "1.0", [row("web/x.jpg", "1")], data=Data({"web": "data/1", "b": "data/b"}))
    make(repo, "b", "1.0", [row("WEB/y.jpg", "2")], data=Data({"WEB": "data/2", "c": "data/c"}))
    repo.commit("Two")
    done = repo.dsv_result("merge", "a", "b", "--into", "all", "--version", "1.0")
    assert done.returncode == 2
    assert "stands for two roots: data/1 and data/2" in done.stderr


def test_a_later_merge_makes_the_next_version_and_keeps_what_a_person_wrote(team: Repo) -> None:
    merged(team)
    place = team.path / "manifests/all/manifest.yaml"
    place.write_text(
        "# everything\n" + place.read_text().replace("layout: {depth: 0}", "samples: 3")
    )
    record(team, "all")
    make(team, "kaggle", "1.1-kaggle", KAGGLE[:1], parents=["kaggle@1.0-kaggle"])
    record(team, "kaggle")
    team.commit("All")
    said = team.dsv("merge", "kaggle", "video/youtube", "--into", "all")
    manifest = read(team, "all")
    assert manifest.declaration.version == "1.1"
    assert parents(team) == ["kaggle@1.1-kaggle", "video/youtube@1.1-youtube", "all@1.0"]
    assert manifest.text.startswith("# everything\n")
    assert "samples: 3" in manifest.text
    assert len(manifest.entries) == 2
    assert "all@1.1" in said
    # The draft is written again with the same parents.
    before = snapshot(team, "manifests")
    team.dsv("merge", "kaggle", "video/youtube", "--into", "all")
    assert snapshot(team, "manifests") == before


def test_the_same_merge_of_a_registered_target_changes_nothing(team: Repo) -> None:
    merged(team)
    record(team, "all")
    before = snapshot(team, "manifests")
    said = team.dsv("merge", "kaggle", "video/youtube", "--into", "all")
    assert "all@1.0 is already the merge of 2 manifests" in said
    assert snapshot(team, "manifests") == before


def test_what_the_target_left_out_on_purpose_stays_out(team: Repo) -> None:
    make(team, "copies", "1.0", [row("k.jpg", "1", "cat"), row("l.jpg", "5")])
    team.commit("Copies")
    names = ("kaggle", "copies")
    team.dsv("merge", *names, "--into", "all", "--version", "1.0")
    record(team, "all")
    team.dsv("dedupe", "all", "--any-label")
    record(team, "all")
    clean = read(team, "all")
    assert clean.declaration.version == "1.1"
    make(team, "copies", "1.1", [row("k.jpg", "1", "cat"), row("m.jpg", "6")])
    team.commit("Other copies")
    said = team.dsv("merge", *names, "--into", "all")
    again = read(team, "all")
    assert "leaves out 1 files on purpose" in said
    assert again.dropped == clean.dropped
    kept = {entry.path for entry in clean.entries}
    assert {entry.path for entry in again.entries} == (kept - {"copies/l.jpg"}) | {"copies/m.jpg"}


def test_a_target_of_one_root_gets_mounts_and_keeps_its_layout(team: Repo) -> None:
    make(
        team,
        "all",
        "1.0",
        KAGGLE,
        declared={"layout": Layout(1), "labels": Labels(path="{label}/*")},
    )
    record(team, "all")
    said = team.dsv("merge", "kaggle", "video/youtube", "--into", "all", "--version", "2.0")
    manifest = read(team, "all")
    assert sorted(manifest.lists) == ["files/kaggle.jsonl", "files/video-youtube.jsonl"]
    assert manifest.declaration.layout == Layout(1)
    assert manifest.declaration.labels is None
    assert set(manifest.declaration.data.roots) == {"kaggle", "video-youtube"}
    assert "labels: is left out" in said


def test_a_link_in_the_way_of_a_list_is_refused(team: Repo) -> None:
    merged(team)
    outside = team.path.parent / "outside"
    (team.path / "manifests/all/files").rename(outside)
    (team.path / "manifests/all/files").symlink_to(outside)
    before = snapshot(team, "../outside", "manifests")
    done = team.dsv_result("merge", "video/youtube", "kaggle", "--into", "all")
    assert done.returncode == 2
    assert "symbolic link" in done.stderr
    assert snapshot(team, "../outside", "manifests") == before


def test_an_unsafe_path_is_refused(repo: Repo) -> None:
    one_root(repo, [row("a.jpg", "1")], [row("x/../../b.jpg", "2")])
    done = repo.dsv_result("merge", "a", "b", "--into", "all", "--version", "2.0")
    assert done.returncode == 2
    assert "'..'" in done.stderr
    assert not (repo.path / "manifests/all").exists()


def test_lists_whose_names_differ_by_case_alone_are_refused(repo: Repo) -> None:
    repo.write(".dsv.yaml", "registry: local\n")
    declared = {"layout": Layout(1)}
    make(repo, "a", "1.0", [row("cat/a.jpg", "1")], data=SHARED)
    make(repo, "b", "1.0", [row("Cat/b.jpg", "2")], data=SHARED)
    make(repo, "all", "1.0", [row("cat/a.jpg", "1")], data=SHARED, declared=declared)
    repo.commit("Three")
    before = snapshot(repo, "manifests")
    done = repo.dsv_result("merge", "a", "b", "--into", "all")
    assert done.returncode == 2
    assert "differ by case alone" in done.stderr
    assert snapshot(repo, "manifests") == before


def test_a_commit_registers_the_union_below_pending_parents(repo: Repo) -> None:
    repo.write(".dsv.yaml", "registry: local\n")
    make(repo, "kaggle", "1.0-kaggle", KAGGLE)
    make(repo, "youtube", "1.0-youtube", YOUTUBE)
    repo.commit("Two, not registered yet")
    repo.dsv("merge", "kaggle", "youtube", "--into", "all", "--version", "1.0")
    repo.commit("All")
    repo.dsv("sync")
    made = read(repo, "all").records["versions/1.0.json"]
    ids = {next(iter(read(repo, name).records.values())).id for name in ("kaggle", "youtube")}
    assert {parent.id for parent in made.parents} == ids
    assert (made.stats.files, made.stats.added, made.stats.removed) == (3, 0, 0)
    assert repo.status == ""


def test_whose_dataset_counts_is_said_where_nobody_chose(team: Repo) -> None:
    said = "note: dataset: detect, as the first source has it (--dataset NAME)"
    assert said in merged(team)
    assert "note: dataset" not in team.dsv(
        "merge", "kaggle", "video/youtube", "--into", "other", "--version", "3", "--dataset", "o"
    )
