"""`dsv status`: the data against the manifests, the manifests against git and the registry."""

from __future__ import annotations

import os
from pathlib import Path

from tests.cli.living import (
    CLEAN,
    age,
    answer,
    differences,
    init,
    pets,
    status,
)
from tests.conftest import Repo, environment

ROOT = "data/pets"


def clone(repo: Repo, place: Path, *, data: bool = True) -> Repo:
    """A colleague's clone, with its own copy of the data or without."""
    other = Repo(place, environment(place.parent / "home"))
    repo.git("clone", "-q", str(repo.path), str(place))
    if data:
        other.run("cp", "-Rp", str(repo.path / "data"), "data")
    return other


def test_without_a_manifest_it_says_how_to_begin(repo: Repo) -> None:
    repo.write(".dsv.yaml", "")
    done = repo.dsv_result("status")
    assert done.returncode == 0
    assert "no manifest yet: dsv add DATA --name NAME" in done.stdout
    assert "hooks are not installed in this clone" in done.stderr
    assert answer(repo, "status")["manifests"] == []


def test_the_hooks_warning_goes_with_init(repo: Repo) -> None:
    init(repo)
    assert repo.dsv_result("status").stderr == ""
    (repo.path / ".git/hooks/post-commit").unlink()
    assert "(post-commit): dsv init" in repo.dsv_result("status").stderr
    assert answer(repo, "status")["missing_hooks"] == ["post-commit"]


def test_a_version_from_draft_to_published(repo: Repo, tmp_path: Path) -> None:
    pets(repo, commit=False)
    assert "pets@1.0  not committed\n  data: as the manifest says" in repo.dsv("status")
    repo.commit("Add pets")
    found = status(repo)
    assert (found["state"], found["published"]) == ("registered", False)
    assert found["id"].startswith("local:")
    assert f"pets@1.0  = {found['id']}\n" in repo.dsv("status")
    repo.git("init", "-q", "--bare", str(tmp_path / "origin.git"))
    repo.git("push", "-q", str(tmp_path / "origin.git"), "main")
    repo.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    repo.git("fetch", "-q", "origin")
    assert f"pets@1.0  = {found['id']}, published" in repo.dsv("status")


def test_what_no_hook_saw_is_pending(repo: Repo) -> None:
    pets(repo, commit=False)
    for hook in (repo.path / ".git/hooks").iterdir():
        hook.unlink()
    repo.commit("Add pets")
    assert status(repo)["state"] == "pending"
    said = repo.dsv("status")
    assert "pets@1.0  pending\n" in said
    assert "pending: pets@1.0 (dsv sync)" in said
    assert answer(repo, "status")["pending"] == ["pets@1.0"]


def test_each_kind_of_difference_is_counted_and_named(repo: Repo) -> None:
    pets(repo)
    data = repo.path / ROOT
    repo.write(f"{ROOT}/new.jpg", "new")
    (data / "train/dog/1.jpg").unlink()
    repo.write(f"{ROOT}/train/cat/1.jpg", "A CAT")
    assert differences(repo) == (1, 1, 1, 0)
    said = repo.dsv("status")
    line = "data: 1 new, 1 changed, 1 gone: new.jpg, train/dog/1.jpg, train/cat/1.jpg (dsv update"
    assert line in said
    assert status(repo)["state"] == "registered"


def test_the_dots_are_there_only_where_more_is_left_out(repo: Repo) -> None:
    pets(repo)
    for number in range(5):
        repo.write(f"{ROOT}/{number}.jpg", str(number))
    assert "5 new: 0.jpg, 1.jpg, 2.jpg, 3.jpg, 4.jpg (dsv update pets)" in repo.dsv("status")
    repo.write(f"{ROOT}/5.jpg", "5")
    assert "6 new: 0.jpg, 1.jpg, 2.jpg, 3.jpg, 4.jpg… (dsv update pets)" in repo.dsv("status")


def test_a_file_that_was_merely_touched_is_unchanged(repo: Repo) -> None:
    pets(repo)
    age(repo)
    assert differences(repo) == CLEAN
    os.utime(repo.path / ROOT / "train/cat/1.jpg", (1_600_000_000, 1_600_000_000))
    assert differences(repo) == CLEAN


def test_another_branch_of_the_same_data_is_told_right(repo: Repo) -> None:
    pets(repo)
    repo.git("checkout", "-q", "-b", "more")
    repo.write(f"{ROOT}/val/cat/4.jpg", "4")
    repo.dsv("update", "pets")
    repo.commit("One more")
    assert differences(repo) == CLEAN
    repo.git("checkout", "-q", "main")
    assert differences(repo) == (1, 0, 0, 0)
    assert status(repo)["version"] == "1.0"
    repo.git("checkout", "-q", "more")
    assert differences(repo) == CLEAN


def test_a_changed_table_of_labels_is_noticed(repo: Repo) -> None:
    repo.write("labels.csv", "path,label\ntrain/cat/1.jpg,cat\n")
    pets(repo, "--labels", "labels.csv")
    assert differences(repo) == CLEAN
    repo.write("labels.csv", "path,label\ntrain/cat/1.jpg,lynx\ntrain/dog/1.jpg,dog\n")
    assert differences(repo) == (0, 0, 0, 2)
    assert "2 with another label: train/cat/1.jpg, train/dog/1.jpg" in repo.dsv("status")
    (repo.path / "labels.csv").unlink()
    assert "there is no file labels.csv" in repo.dsv("status")


def test_labels_and_rows_edited_by_hand_are_drift(repo: Repo) -> None:
    pets(repo)
    place = repo.path / "manifests/pets/files/_.jsonl"
    place.write_text("".join(place.read_text().splitlines(keepends=True)[:-1]))
    assert differences(repo) == (1, 0, 0, 0)
    assert status(repo)["state"] == "draft"


def test_a_fresh_clone_compares_by_path_and_size_and_says_so(repo: Repo, tmp_path: Path) -> None:
    pets(repo)
    other = clone(repo, tmp_path / "clone")
    said = other.dsv("status")
    assert "data: as the manifest says (by path and size: nothing was hashed in this clone" in said
    other.write(f"{ROOT}/train/cat/1.jpg", "A CAT")
    assert differences(other) == CLEAN  # of the same size
    other.write(f"{ROOT}/train/cat/2.jpg", "longer than it was")
    other.write(f"{ROOT}/new.jpg", "new")
    (other.path / ROOT / "train/dog/1.jpg").unlink()
    assert differences(other) == (1, 1, 1, 0)
    assert status(other)["data"]["way"] == "size"


def test_data_that_is_not_on_this_machine(repo: Repo, tmp_path: Path) -> None:
    pets(repo)
    other = clone(repo, tmp_path / "clone", data=False)
    done = other.dsv_result("status")
    assert done.returncode == 0
    assert f"data: not on this machine: {other.path / ROOT}" in done.stdout
    assert "git config dsv.pets.root FOLDER" in done.stdout
    assert status(other)["data"]["way"] == "none"
    other.git("config", "dsv.pets.root", str(repo.path / ROOT))
    assert "as the manifest says" in other.dsv("status")
    assert differences(other) == CLEAN
    other.git("config", "dsv.pets.root", "ftp://lake/pets")
    assert "data is not read from ftp://" in other.dsv("status")


def test_a_broken_manifest_does_not_hide_the_others(repo: Repo) -> None:
    pets(repo)
    repo.write("other/1.jpg", "1")
    repo.dsv("add", "other", "--name", "other", "--dataset", "other")
    repo.commit("Add other")
    place = repo.path / "manifests/other/manifest.yaml"
    good = place.read_text()
    place.write_text(good.replace("version:", "versoin:"))
    done = repo.dsv_result("status")
    assert done.returncode == 0
    assert "other  cannot be read: manifests/other/manifest.yaml" in done.stdout
    assert "did you mean version?" in done.stdout
    assert "pets@1.0  = local:" in done.stdout
    assert [m["state"] for m in answer(repo, "status")["manifests"]] == ["broken", "registered"]
    place.write_text(good)
    repo.write("manifests/other/versions/1.0.json", "{")
    assert "pets@1.0  = local:" in repo.dsv("status")
    repo.write("manifests/other/files/_.jsonl", "<<<<<<< ours\n")
    assert "pets@1.0  = local:" in repo.dsv("status")


def test_a_broken_manifest_in_the_history_does_not_hide_the_others(repo: Repo) -> None:
    pets(repo)
    repo.write("manifests/other/manifest.yaml", "nonsense: 1\n")
    repo.git("add", "-A")
    repo.git("commit", "-q", "--no-verify", "-m", "Break")
    done = repo.dsv_result("status")
    assert done.returncode == 0
    assert "pets@1.0  = local:" in done.stdout
    assert "other  cannot be read" in done.stdout


def test_a_shallow_clone_says_what_it_cannot_tell(repo: Repo, tmp_path: Path) -> None:
    pets(repo)
    for hook in (repo.path / ".git/hooks").iterdir():
        hook.unlink()
    for number in (1, 2):
        repo.write(f"{ROOT}/{number}.jpg", str(number))
        repo.dsv("update", "pets", "--version", f"2.{number}")
        repo.commit("More")
    place = tmp_path / "shallow"
    repo.git("clone", "-q", "--depth", "1", f"file://{repo.path}", str(place))
    done = Repo(place, environment(tmp_path / "home")).dsv_result("status")
    assert done.returncode == 0
    assert "git fetch --unshallow" in done.stdout


def test_manifests_that_are_asked_for(repo: Repo) -> None:
    pets(repo)
    repo.write("other/1.jpg", "1")
    repo.dsv("add", "other", "--name", "other", "--dataset", "other")
    assert [m["manifest"] for m in answer(repo, "status", "other")["manifests"]] == ["other"]
    assert [m["manifest"] for m in answer(repo, "status")["manifests"]] == ["other", "pets"]
    done = repo.dsv_result("status", "othr")
    assert (done.returncode, "did you mean other?" in done.stderr) == (2, True)


def test_it_writes_nothing_that_git_sees(repo: Repo) -> None:
    pets(repo)
    repo.write(f"{ROOT}/new.jpg", "new")
    repo.dsv("status")
    assert repo.status == ""
    before = repo.run("git", "status", "--porcelain", "--ignored").stdout
    repo.dsv("status")
    assert repo.run("git", "status", "--porcelain", "--ignored").stdout == before
