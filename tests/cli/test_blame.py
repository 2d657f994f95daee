"""`dsv blame`: a file's biography across renames, relabels, lists, manifests, merges, returns."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dsv_git.manifest.layout import Layout
from tests.conftest import Repo
from tests.manifests import entries, write_manifest

CAT = "train/cat/a.jpg"
DOG = "train/dog/a.jpg"
FIRST = {CAT: "1", "train/dog/b.jpg": "2", "val/cat/c.jpg": "3"}
MOVED = {DOG: "1", "train/dog/b.jpg": "2", "val/cat/c.jpg": "3"}
WITHOUT = {"train/dog/b.jpg": "2", "val/cat/c.jpg": "3"}


@pytest.fixture
def team(repo: Repo) -> Repo:
    """A repository that registers locally, with a first version of `pets`."""
    repo.dsv("init")
    write_manifest(repo, "pets", "1.0", FIRST)
    repo.commit("First")
    return repo


def blamed(repo: Repo, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(repo.dsv("blame", *words, "--json"))
    return found


def story(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Kind, version and path of every event."""
    return [(e["kind"], f"{e['manifest']}@{e['version']}", e["path"]) for e in found["events"]]


def versions(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["name"], row["entry"]["path"]) for row in found["versions"]]


def next_version(repo: Repo, version: str, contents: dict[str, str], parent: str) -> str:
    write_manifest(repo, "pets", version, contents, [f"pets@{parent}"])
    return repo.commit(f"Version {version}", "--no-verify")


def test_a_file_that_was_renamed_and_relabelled_is_followed_to_where_it_came(team: Repo) -> None:
    next_version(team, "1.1", MOVED, "1.0")
    found = blamed(team, "pets", DOG)
    assert story(found) == [("added", "pets@1.0", CAT), ("renamed", "pets@1.1", DOG)]
    came, moved = found["events"]
    assert (moved["before"]["label"], moved["after"]["label"]) == ("cat", "dog")
    assert moved["flags"] == ["relabelled"]
    assert moved["source"] == {"manifest": "pets", "path": CAT}
    assert [e["commit"]["subject"] for e in (came, moved)] == ["First", "Version 1.1"]
    assert came["commit"]["author"] == "Ada"
    shown = json.loads(team.dsv("show", "pets@1.0", "--json"))
    assert came["id"] == shown["id"]
    assert versions(found) == [("pets@1.1", DOG), ("pets@1.0", CAT)]
    assert [row["path"] for row in found["now"]] == [DOG]


def test_a_former_path_leads_to_where_the_file_is_now(team: Repo) -> None:
    next_version(team, "1.1", MOVED, "1.0")
    next_version(team, "1.2", {**MOVED, DOG: "changed"}, "1.1")
    found = blamed(team, "pets", CAT)
    assert [kind for kind, *_ in story(found)] == ["added", "renamed", "modified"]
    assert found["now"][0]["path"] == DOG


def test_what_is_relabelled_modified_and_reannotated_in_place_is_told(team: Repo) -> None:
    lists = team.path / "manifests/pets/files/_.jsonl"
    hash_before = entries({CAT: "1"})[0].hash
    for version, change in (
        ("1.1", ('"label":"cat","split":"train"', '"label":"wolf","split":"train"')),
        (
            "1.2",
            (
                '"label":"wolf","split":"train"',
                f'"label":"wolf","split":"train","ann":"{hash_before}"',
            ),
        ),
        ("1.3", (hash_before + '","label"', "xxh3:" + "f" * 32 + '","label"')),
    ):
        text = lists.read_text().replace(*change, 1)
        declared = team.path / "manifests/pets/manifest.yaml"
        former = f"1.{int(version[-1]) - 1}"
        write_manifest(team, "pets", version, FIRST, [f"pets@{former}"])
        lists.write_text(text)
        assert version in declared.read_text()
        team.commit(f"Version {version}")
    found = blamed(team, "pets", CAT)
    assert [kind for kind, *_ in story(found)] == [
        "added",
        "relabelled",
        "reannotated",
        "modified",
    ]
    assert len(found["versions"]) == 4
    told = team.dsv("blame", "pets", CAT)
    assert "cat → wolf" in told
    assert "other annotations" in told
    assert f"{hash_before} → xxh3:{'f' * 32}" in told


def test_moves_between_lists_are_followed_and_other_files_of_that_name_are_not(
    repo: Repo,
) -> None:
    repo.dsv("init")
    deep = Layout(depth=2)
    first = {CAT: "1", "val/cat/a.jpg": "9", "train/dog/b.jpg": "2"}
    write_manifest(repo, "pets", "1.0", first, layout=deep)
    repo.commit("First")
    write_manifest(
        repo,
        "pets",
        "1.1",
        {"train/kitty/a.jpg": "1", "val/cat/a.jpg": "8", "train/dog/b.jpg": "2"},
        ["pets@1.0"],
        layout=deep,
    )
    repo.commit("Second")
    write_manifest(
        repo,
        "pets",
        "1.2",
        {"train/kitty/a.jpg": "1", "val/cat/a.jpg": "8", "train/dog/b.jpg": "2"},
        ["pets@1.1"],
        layout=Layout(),
    )
    repo.commit("Another layout")
    assert story(blamed(repo, "pets", "train/kitty/a.jpg")) == [
        ("added", "pets@1.0", CAT),
        ("renamed", "pets@1.1", "train/kitty/a.jpg"),
    ]
    assert len(blamed(repo, "pets", "train/kitty/a.jpg")["versions"]) == 3


def test_deletion_and_return_are_both_told(team: Repo) -> None:
    next_version(team, "1.1", WITHOUT, "1.0")
    left = blamed(team, "pets", CAT)
    assert story(left) == [("added", "pets@1.0", CAT), ("removed", "pets@1.1", CAT)]
    assert left["now"] == []
    assert versions(left) == [("pets@1.0", CAT)]
    assert "not in it now" in team.dsv("blame", "pets", CAT)
    next_version(team, "1.2", FIRST, "1.1")
    found = blamed(team, "pets", CAT)
    assert [kind for kind, *_ in story(found)] == ["added", "removed", "added"]
    assert versions(found) == [("pets@1.2", CAT), ("pets@1.0", CAT)]


def test_a_hash_finds_the_content_under_every_path(team: Repo) -> None:
    content = entries({CAT: "1"})[0].hash
    next_version(team, "1.1", {**FIRST, "val/cat/copy.jpg": "1"}, "1.0")
    next_version(team, "1.2", {**WITHOUT, "val/cat/copy.jpg": "1"}, "1.1")
    found = blamed(team, "pets", content)
    assert story(found) == [
        ("added", "pets@1.0", CAT),
        ("copied", "pets@1.1", "val/cat/copy.jpg"),
        ("removed", "pets@1.2", CAT),
    ]
    assert found["events"][1]["source"] == {"manifest": "pets", "path": CAT}
    assert versions(found) == [
        ("pets@1.2", "val/cat/copy.jpg"),
        ("pets@1.1", CAT),
        ("pets@1.1", "val/cat/copy.jpg"),
        ("pets@1.0", CAT),
    ]
    assert found["asked"] == content


def test_what_a_merged_manifest_took_over_is_followed_into_its_parents(team: Repo) -> None:
    next_version(team, "1.1", MOVED, "1.0")
    write_manifest(team, "all", "1.0", {f"pets/{DOG}": "1", "owl.jpg": "o"}, ["pets@1.1"])
    team.commit("Merge")
    found = blamed(team, "all", f"pets/{DOG}")
    assert story(found) == [
        ("added", "pets@1.0", CAT),
        ("renamed", "pets@1.1", DOG),
        ("copied", "all@1.0", f"pets/{DOG}"),
    ]
    assert found["events"][2]["source"] == {"manifest": "pets", "path": DOG}
    assert f"pets: {DOG} → pets/{DOG}" in team.dsv("blame", "all", f"pets/{DOG}")
    assert ("all@1.0", f"pets/{DOG}") in versions(blamed(team, "pets", DOG))
    assert story(blamed(team, "all", "owl.jpg")) == [("added", "all@1.0", "owl.jpg")]


def test_a_parent_that_lost_the_file_since_is_read_as_it_was(team: Repo) -> None:
    next_version(team, "1.1", WITHOUT, "1.0")
    write_manifest(team, "all", "1.0", FIRST, ["pets@1.0"])
    team.commit("Merge the former one")
    found = blamed(team, "all", CAT)
    assert ("copied", "all@1.0", CAT) in story(found)
    assert ("added", "pets@1.0", CAT) in story(found)


def test_a_renamed_manifest_is_followed(team: Repo) -> None:
    team.git("mv", "manifests/pets", "manifests/animals")
    team.commit("Call it animals")
    found = blamed(team, "animals", CAT)
    kinds = [(kind, path) for kind, _, path in story(found)]
    assert kinds == [("added", CAT), ("renamed", CAT)]
    assert found["events"][1]["source"] == {"manifest": "pets", "path": CAT}
    gone = blamed(team, "pets", CAT)
    assert gone["events"][-1]["target"] == {"manifest": "animals", "path": CAT}


def test_a_git_merge_tells_each_sides_change_once(team: Repo) -> None:
    deep = Layout(depth=2)
    write_manifest(team, "pets", "1.0", FIRST, layout=deep)
    team.commit("Folders")
    team.git("switch", "-q", "-c", "side")
    moved = {"train/wolf/a.jpg": "1", **WITHOUT}
    write_manifest(team, "pets", "1.0", moved, layout=deep)
    team.git("-c", "core.hooksPath=/dev/null", "commit", "-qam", "x")
    team.git("add", "-A")
    team.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "--amend", "-m", "Side")
    team.git("switch", "-q", "main")
    write_manifest(team, "pets", "1.0", {**FIRST, "val/owl/o.jpg": "o"}, layout=deep)
    team.git("add", "-A")
    team.git("-c", "core.hooksPath=/dev/null", "commit", "-qm", "Main")
    team.git("-c", "core.hooksPath=/dev/null", "merge", "-q", "side", "-m", "Both")
    found = blamed(team, "pets", "train/wolf/a.jpg")
    subjects = [e["commit"]["subject"] for e in found["events"]]
    assert subjects == ["First", "Side"]


def test_a_path_with_a_newline_and_a_quote_is_found_and_shown_safely(team: Repo) -> None:
    odd = 'train/cat/a\n"b".jpg'
    next_version(team, "1.1", {**FIRST, odd: "5"}, "1.0")
    assert story(blamed(team, "pets", odd)) == [("added", "pets@1.1", odd)]
    told = team.dsv("blame", "pets", odd)
    assert "a\n" not in told


def test_what_was_never_there_is_refused_with_the_nearest_path(team: Repo) -> None:
    for words, said in (
        (
            ("pets", "train/cat/aa.jpg"),
            f"never had the file train/cat/aa.jpg\n  did you mean {CAT}?",
        ),
        (("pest", CAT), "no manifest pest\n  did you mean pets?"),
        (("pets", "xxh3:" + "0" * 32), "never had the content"),
    ):
        failed = team.dsv_result("blame", *words)
        assert failed.returncode == 2, words
        assert said in failed.stderr


def test_a_path_as_the_shell_completes_it_is_understood(team: Repo) -> None:
    assert blamed(team, "pets", f"data/pets/{CAT}")["asked"] == CAT


def test_a_shallow_clone_says_that_it_does_not_know_the_beginning(team: Repo) -> None:
    next_version(team, "1.1", MOVED, "1.0")
    team.git("clone", "-q", "--depth", "1", f"file://{team.path}", "shallow")
    clone = Repo(team.path / "shallow", team.env)
    assert blamed(clone, "pets", DOG)["cut"] is True
    assert "shallow" in clone.dsv("blame", "pets", DOG)
    assert blamed(team, "pets", DOG)["cut"] is False


def test_without_a_commit_there_is_nothing_to_tell(repo: Repo) -> None:
    repo.dsv("init")
    write_manifest(repo, "pets", "1.0", FIRST)
    assert "not committed yet" in repo.dsv_result("blame", "pets", CAT).stderr
