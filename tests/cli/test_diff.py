"""`dsv diff`: what changed between commits, and against the working tree."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Repo
from tests.manifests import INITIAL, write_manifest

MORE = {**INITIAL, "train/cat/d.jpg": "44"}


@pytest.fixture
def pets(repo: Repo) -> Repo:
    """Two versions of one manifest in two commits, tagged `v1` and `v2`; no hooks."""
    repo.write(".dsv.yaml", "registry: local\n")
    write_manifest(repo, "pets", "1.0")
    repo.commit("First")
    repo.git("tag", "-a", "v1", "-m", "one")
    write_manifest(repo, "pets", "1.1", MORE, ["pets@1.0"])
    repo.commit("Second")
    repo.git("tag", "v2")
    return repo


def first_line(text: str) -> str:
    return text.splitlines()[0]


def test_nothing_changed_is_said_in_one_line(pets: Repo) -> None:
    assert pets.dsv("diff", "--exit-code") == (
        "no data changed between HEAD and the working tree\n"
    )


def test_the_working_tree_is_compared_with_a_commit(pets: Repo) -> None:
    told = pets.dsv("diff", "HEAD~1")
    assert first_line(told) == "pets  1.0 → 1.1  (parent: pets@1.0)"
    assert "+1 added" in told
    assert "+ train/cat/d.jpg" in told
    assert pets.dsv("diff", "HEAD~1", "HEAD") == told
    assert pets.dsv("diff", "v1", "v2", "pets") == told
    assert pets.dsv("diff", "v1..v2") == told


def test_edits_that_are_not_committed_are_seen_staged_or_not(pets: Repo) -> None:
    write_manifest(pets, "pets", "1.2", {**MORE, "val/dog/e.jpg": "5"}, ["pets@1.1"])
    loose = pets.dsv("diff", "--exit-code", code=1)
    assert "+ val/dog/e.jpg" in loose
    pets.git("add", "-A")
    assert pets.dsv("diff") == loose


def test_json_has_the_changes(pets: Repo) -> None:
    (found,) = json.loads(pets.dsv("diff", "v1", "--format", "json"))["manifests"]
    assert (found["before"]["version"], found["after"]["version"]) == ("1.0", "1.1")
    assert found["counts"]["added"] == 1
    assert [change["path"] for change in found["changes"]] == ["train/cat/d.jpg"]
    assert json.loads(pets.dsv("diff", "--json")) == {
        "schema": 1,
        "manifests": [],
        "before": "HEAD",
        "after": "the working tree",
        "renamed": {},
    }


def test_three_dots_compare_since_the_common_ancestor(pets: Repo) -> None:
    pets.git("switch", "-q", "-c", "side", "v1")
    write_manifest(pets, "birds", "1.0", {"owl.jpg": "o"})
    pets.commit("Birds")
    told = pets.dsv("diff", "main...side")
    assert first_line(told) == "birds  new → 1.0"
    assert "pets" not in told
    straight = pets.dsv("diff", "main..side")
    assert "pets  1.1 → 1.0" in straight
    pets.git("switch", "-q", "--orphan", "other")
    pets.commit("Empty", "--allow-empty")
    pets.git("switch", "-q", "main")
    failed = pets.dsv_result("diff", "main...other")
    assert failed.returncode == 2
    assert "no commit in common" in failed.stderr


def test_names_restrict_and_two_dashes_make_a_word_a_name(pets: Repo) -> None:
    write_manifest(pets, "main", "1.0", {"x.jpg": "x"})
    write_manifest(pets, "birds", "1.0", {"owl.jpg": "o"})
    assert "birds" in pets.dsv("diff")
    assert pets.dsv("diff", "birds").count("new →") == 1
    # `main` is a branch too, so it is the branch, unless it stands behind --
    assert pets.dsv("diff", "main").count("new →") == 2
    only = pets.dsv("diff", "--", "main")
    assert first_line(only) == "main  new → 1.0"
    assert "birds" not in only


def test_wrong_words_are_named(pets: Repo) -> None:
    for words, said in (
        (("pest",), "neither a commit nor a manifest: pest\n  did you mean pets?"),
        (("HEAD", "HEAD", "HEAD"), "one revision too many: HEAD"),
        (("v1..v2", "HEAD"), "one revision too many: HEAD"),
        (("--", "HEAD"), "no manifest: HEAD"),
        (("--last", "v1"), "no manifest: v1"),
        (("HEAD:manifests",), "git knows no commit 'HEAD:manifests'"),
        (("v1...nowhere",), "git knows no commit 'nowhere'"),
        (
            ("@{upstream}",),
            "git knows no commit '@{upstream}'\n  the branch follows none: git branch",
        ),
        (("@{u}...HEAD", "pets"), "git knows no commit '@{u}'"),
        (("--format", "pdf"), "'pdf' is not one of"),
    ):
        failed = pets.dsv_result("diff", *words)
        assert failed.returncode == 2, words
        assert said in failed.stderr
        assert failed.stdout == ""


def test_versions_are_the_commits_that_made_them(pets: Repo) -> None:
    pets.dsv("sync")
    write_manifest(pets, "birds", "1.0")
    write_manifest(pets, "pets", "1.2", INITIAL, ["pets@1.1"])
    pets.commit("Third")
    assert pets.dsv("diff", "pets@1.0", "pets@1.1") == pets.dsv("diff", "v1", "v2")
    assert pets.dsv("diff", "pets@1.1", "pets@1.2") == pets.dsv("diff", "v2", "HEAD", "pets")
    assert pets.dsv("diff", "pets@1.1") == pets.dsv("diff", "v2", "--", "pets")
    for words, said in (
        (("pets@1.0", "pets@9"), "no version pets@9\n  dsv log pets"),
        (("pets@1.0", "birds@1.0"), "versions of two manifests: pets and birds"),
        (("pets@1.0..pets@1.1",), "for the commit of a version: dsv log pets"),
        (("typo@1.0",), "git knows no commit 'typo@1.0'"),
    ):
        failed = pets.dsv_result("diff", *words)
        assert failed.returncode == 2, words
        assert said in failed.stderr


def test_a_branch_that_is_only_on_the_remote_is_named(pets: Repo) -> None:
    pets.git("update-ref", "refs/remotes/origin/feature", "HEAD")
    for words in (("v1...feature",), ("HEAD..feature", "pets"), ("feature",)):
        failed = pets.dsv_result("diff", *words)
        assert "git knows no commit 'feature'\n  did you mean origin/feature?" in failed.stderr


def test_the_last_data_change_is_no_commit_of_code_and_no_commit_of_records(pets: Repo) -> None:
    expected = pets.dsv("diff", "v1", "v2")
    pets.write("train.py", "print(1)\n")
    pets.write("manifests/pets/versions/note.txt", "as a record would\n")
    pets.commit("Code, and a record")
    assert pets.dsv("diff", "--last") == expected
    assert pets.dsv("diff", "--last", "pets") == expected


def test_the_last_data_change_of_one_manifest(pets: Repo) -> None:
    write_manifest(pets, "birds", "1.0", {"owl.jpg": "o"})
    pets.commit("Birds")
    assert first_line(pets.dsv("diff", "--last")) == "birds  new → 1.0"
    assert first_line(pets.dsv("diff", "--last", "pets")).startswith("pets  1.0 → 1.1")


def test_a_root_commit_and_an_unborn_branch_are_compared_with_nothing(repo: Repo) -> None:
    repo.write(".dsv.yaml", "registry: local\n")
    assert repo.dsv("diff") == "no data changed between nothing and the working tree\n"
    write_manifest(repo, "pets", "1.0")
    new = repo.dsv("diff", "--exit-code", code=1)
    assert first_line(new) == "pets  new → 1.0"
    assert repo.dsv("diff", "HEAD") == new
    repo.commit("First")
    assert repo.dsv("diff", "--last") == new


def test_a_shallow_clone_says_that_it_cannot_tell_the_last_change(pets: Repo) -> None:
    pets.git("clone", "-q", "--depth", "1", f"file://{pets.path}", "shallow")
    clone = Repo(pets.path / "shallow", pets.env)
    failed = clone.dsv_result("diff", "--last")
    assert failed.returncode == 2
    assert "git fetch --deepen=1" in failed.stderr


def test_a_renamed_folder_of_the_same_dataset_is_one_manifest(repo: Repo) -> None:
    repo.write(".dsv.yaml", "registry: local\n")
    write_manifest(repo, "pets", "1.0", dataset="animals")
    write_manifest(repo, "fish", "1.0", {"cod.jpg": "c"}, dataset="animals")
    repo.commit("First")
    repo.git("mv", "manifests/pets", "manifests/beasts")
    write_manifest(repo, "beasts", "1.1", MORE, dataset="animals")
    text = (repo.path / "manifests/beasts/manifest.yaml").read_text()
    repo.write("manifests/beasts/manifest.yaml", text.replace("data/beasts", "data/pets"))
    write_manifest(repo, "moss", "1.0", {"m.jpg": "m"}, dataset="animals")
    repo.git("rm", "-rq", "manifests/fish")
    told = repo.dsv("diff", "HEAD", "beasts")
    assert told.splitlines()[:3] == [
        "pets → beasts",
        "beasts  1.0 → 1.1",
        "  +1 added",
    ]
    assert repo.dsv("diff", "pets") == told
    assert json.loads(repo.dsv("diff", "--json"))["renamed"] == {"beasts": "pets"}
    every = repo.dsv("diff")
    assert "fish  1.0 → removed" in every
    assert "moss  new → 1.0" in every


def test_an_edit_of_the_declaration_alone_is_shown(pets: Repo) -> None:
    write_manifest(pets, "pets", "1.1", MORE, ["pets@1.0"], description="now described")
    told = pets.dsv("diff", "--exit-code", code=1)
    assert told == "pets  1.1  (parent: pets@1.0)\n  now described\n  no change in the data\n"


def test_a_draft_that_cannot_be_decoded_is_named_with_its_line(pets: Repo) -> None:
    path = "manifests/pets/files/_.jsonl"
    pets.write(path, (pets.path / path).read_bytes() + b"<<<<<<< ours\n")
    failed = pets.dsv_result("diff")
    assert failed.returncode == 2
    assert f"{path}:5: an unresolved merge conflict" in failed.stderr


def test_totals_come_from_the_record_of_the_very_content(repo: Repo) -> None:
    repo.dsv("init")
    write_manifest(repo, "pets", "1.0")
    repo.commit("First")
    write_manifest(repo, "pets", "1.1", MORE, ["pets@1.0"])
    assert "  3 → 4 files (+1), 3 bytes → 5 bytes (+2 bytes)" in repo.dsv("diff")
    # The kept tree proves it at once; without it the lists are hashed.
    for ref in repo.git("for-each-ref", "--format=%(refname)", "refs/dsv").split():
        repo.git("update-ref", "-d", ref)
    assert "3 → 4 files" in repo.dsv("diff")
    # A record of another content of that name says nothing of this one.
    write_manifest(repo, "pets", "1.0", {"train/cat/a.jpg": "1"})
    repo.git("-c", "core.hooksPath=/dev/null", "commit", "-qam", "Rewritten")
    write_manifest(repo, "pets", "1.1", MORE, ["pets@1.0"])
    assert "  +3 files, +4 bytes" in repo.dsv("diff")


def test_a_path_cannot_write_to_the_terminal(pets: Repo) -> None:
    write_manifest(pets, "pets", "1.2", {**MORE, "train/cat/\x1b[2Je.jpg": "5"}, ["pets@1.1"])
    told = pets.dsv("diff")
    assert "\x1b" not in told
    assert "[2Je.jpg" in told
