"""`dsv restore N@V --to DIR`: a version's files, rebuilt by hash from wherever they are."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ANY_CONTENT, Repo, new_team

CALM = 1_600_000_000
FIRST = {f"cat/{n}.jpg": f"content {n}" for n in range(4)} | {
    "dog/tw in.jpg": "content 1",
    "ä/none.jpg": "",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Repo, Path]:
    """Two versions of a manifest, and a copy of all that."""
    place = tmp_path_factory.mktemp("built")
    repo = new_team(place, ANY_CONTENT)
    for path, content in FIRST.items():
        os.utime(repo.write(f"data/{path}", content), (CALM, CALM))
    repo.dsv("add", "data", "--name", "pets", "--version", "1.0")
    repo.commit("First")
    os.utime(repo.write("data/cat/0.jpg", "other content"), (CALM, CALM))
    (repo.path / "data/cat/1.jpg").rename(repo.path / "data/dog/moved.jpg")
    repo.dsv("update", "pets")
    repo.commit("Second")
    shutil.copytree(repo.path, place / "copy", symlinks=True)
    return repo, place / "copy"


@pytest.fixture
def pets(built: tuple[Repo, Path]) -> Repo:
    """That repository as it was built, where it was built."""
    repo, copy = built
    for left in repo.path.parent.iterdir():
        if left.name not in {"home", "copy"}:
            shutil.rmtree(left)
    shutil.copytree(copy, repo.path, symlinks=True)
    return repo


def answer(repo: Repo, *args: str, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(repo.dsv("restore", *args, "--json", code=code))
    return found


def held(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def paths(found: dict[str, Any]) -> list[str]:
    return [entry["path"] for entry in found["missing"]]


def test_a_former_version_is_rebuilt_as_far_as_its_contents_are_somewhere(pets: Repo) -> None:
    told = pets.dsv("restore", "pets@1.0", "--to", "../old", code=1)
    old = pets.path.parent / "old"
    assert held(old) == {path: text for path, text in FIRST.items() if path != "cat/0.jpg"}
    assert "5 of 6 files" in told
    assert "nowhere: 1 file: cat/0.jpg" in told
    backup = pets.path.parent / "backup"
    backup.mkdir()
    (backup / "renamed.bin").write_text("content 0")
    found = answer(pets, "pets@1.0", "--to", "../old", "--from", str(backup))
    assert (found["there"], found["restored"], found["whole"]) == (5, 1, True)
    assert held(old) == FIRST
    assert sorted(path.name for path in old.iterdir()) == ["cat", "dog", "ä"]


def test_show_says_how_much_can_be_restored_and_that_it_does_not_know(pets: Repo) -> None:
    assert "restorable  5 of 6" in pets.dsv("show", "pets@1.0")
    (pets.path / "data/cat/2.jpg").unlink()
    known = json.loads(pets.dsv("show", "pets", "--json"))["restorable"]
    assert known == {"files": 5, "of": 6, "elsewhere": None}
    shutil.rmtree(pets.path / ".git/dsv/scan")
    assert "restorable  unknown of 6" in pets.dsv("show", "pets")


def test_without_any_memory_contents_are_found_by_size_and_hash(pets: Repo) -> None:
    shutil.rmtree(pets.path / ".git/dsv/scan")
    found = answer(pets, "pets@1.0", "--to", "../old", code=1)
    assert paths(found) == ["cat/0.jpg"]
    assert found["restored"] == 5


def test_a_damaged_source_never_arrives_and_another_copy_takes_its_place(pets: Repo) -> None:
    place = pets.path / "data/cat/2.jpg"
    place.write_text("c0ntent 2")
    os.utime(place, (CALM, CALM))  # as remembered, for all that stat says
    found = answer(pets, "pets@1.0", "--to", "../old", code=1)
    assert paths(found) == ["cat/0.jpg", "cat/2.jpg"]
    assert found["damaged"] == [str(place)]
    assert not (pets.path.parent / "old/cat/2.jpg").exists()
    (pets.path / "data/spare.jpg").write_text("content 2")
    assert paths(answer(pets, "pets@1.0", "--to", "../old", code=1)) == ["cat/0.jpg"]


def test_a_file_with_another_content_stays_unless_force_says_otherwise(pets: Repo) -> None:
    old = pets.path.parent / "old"
    (old / "cat").mkdir(parents=True)
    (old / "cat/2.jpg").write_text("mine")
    found = answer(pets, "pets", "--to", "../old", code=1)
    assert (found["taken"], found["restored"], found["files"]) == (["cat/2.jpg"], 5, 6)
    assert (old / "cat/2.jpg").read_text() == "mine"
    (old / "notes.txt").write_text("mine")
    done = pets.dsv_result("restore", "pets", "--to", "../old")
    assert done.returncode == 2
    assert "holds files that are not of this version: notes.txt" in done.stderr
    assert answer(pets, "pets", "--to", "../old", "--force")["whole"]
    assert (old / "cat/2.jpg").read_text() == "content 2"
    assert (old / "notes.txt").read_text() == "mine"


def test_what_a_data_root_lost_comes_back_into_it(pets: Repo) -> None:
    pets.dsv("restore", "pets", "--to", "../spare")
    (pets.path / "data/cat/3.jpg").unlink()
    found = answer(pets, "pets", "--to", "data", "--from", "../spare")
    assert (found["there"], found["restored"]) == (5, 1)
    pets.dsv("verify", "pets")


def test_hard_links_are_made_when_asked_for_and_only_of_right_files(pets: Repo) -> None:
    found = answer(pets, "pets", "--to", "../hard", "--link", "hard")
    assert found["ways"] == {"hard": 5, "copy": 1}  # the empty one is just made
    one, other = pets.path / "data/cat/2.jpg", pets.path.parent / "hard/cat/2.jpg"
    assert one.samefile(other)
    assert answer(pets, "pets", "--to", "../copied")["whole"]
    assert not one.samefile(pets.path.parent / "copied/cat/2.jpg")


def test_no_symbolic_link_leads_a_file_out_of_the_folder(pets: Repo) -> None:
    old, outside = pets.path.parent / "old", pets.path.parent / "outside"
    outside.mkdir()
    old.mkdir()
    (old / "cat").symlink_to(outside)
    for options in ((), ("--force",)):
        done = pets.dsv_result("restore", "pets", "--to", "../old", *options)
        assert done.returncode == 2, done.stderr
    assert list(outside.iterdir()) == []
    (old / "cat").unlink()
    (old / ".dsv-new").symlink_to(outside)
    done = pets.dsv_result("restore", "pets", "--to", "../old", "--force")
    assert (done.returncode, list(outside.iterdir())) == (2, [])


def rename_row(repo: Repo, path: str) -> None:
    """Gives a row of the list another path, whatever it is."""
    place = repo.path / "manifests/pets/files/_.jsonl"
    text = place.read_text().replace('"path":"cat/2.jpg"', f'"path":"{path}"')
    rows = sorted(text.splitlines(), key=lambda row: str(json.loads(row)["path"]))
    place.write_text("".join(f"{row}\n" for row in rows))


@pytest.mark.parametrize("path", ["../out.jpg", "a/../../out.jpg", "/tmp/dsv-out.jpg"])
def test_no_path_of_a_manifest_leads_out_of_the_folder(pets: Repo, path: str) -> None:
    rename_row(pets, path)
    done = pets.dsv_result("restore", "pets", "--to", "../old")
    assert done.returncode == 2
    assert f"the path {path}" in done.stderr
    assert not (pets.path.parent / "out.jpg").exists()
    assert not Path("/tmp/dsv-out.jpg").exists()


def test_a_file_cannot_be_a_folder_of_another_and_git_is_no_target(pets: Repo) -> None:
    rename_row(pets, "cat")
    assert "a folder of it is a file" in pets.dsv_result("restore", "pets", "--to", "x").stderr
    for folder in (".git/x", "manifests/pets"):
        done = pets.dsv_result("restore", "pets@1.0", "--to", folder)
        assert (done.returncode, "where git or the manifests are" in done.stderr) == (2, True)


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from dsv_git.cli import main, restore
import dsv_git.flow.restore, dsv_git.cli.progress, dsv_git.cli.scan_report, xxhash
target, first = Path("../old"), eval(sys.argv[1])
EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "fcntl.ioctl", "shutil.rmtree"}

def child(limit):
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1]
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    seen = 0
    def hook(event, args):
        nonlocal seen
        if event not in EVENTS:
            return
        if event == "open" and not (isinstance(args[2], int) and args[2] & 3):
            return
        if "old" not in str(args) and not isinstance(args[-1], int):
            return
        seen += 1
        if seen == limit:
            os.kill(os.getpid(), signal.SIGKILL)
    if limit:
        sys.addaudithook(hook)
    sys.argv = ["dsv", "restore", "pets@1.0", "--to", "../old", "--from", "../backup"]
    main.main()

def held():
    return {
        p.relative_to(target).as_posix(): p.read_text()
        for p in target.rglob("*") if p.is_file() and ".dsv-new" not in p.parts
    }

limit, kills = 0, 0
while True:
    limit += 1
    shutil.rmtree(target, ignore_errors=True)
    killed = os.WIFSIGNALED(child(limit))
    assert held().items() <= first.items(), (limit, held())
    if not killed:
        break
    kills += 1
    assert child(0) == 0, limit
    assert held() == first, (limit, held())
    assert not (target / ".dsv-new").exists(), limit
assert held() == first
print(kills)
"""


def test_killed_anywhere_and_run_again_it_ends_right(pets: Repo) -> None:
    backup = pets.path.parent / "backup"
    backup.mkdir()
    (backup / "renamed.bin").write_text("content 0")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, repr(FIRST)],
        cwd=pets.path,
        env=pets.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20


def test_what_the_version_leaves_out_on_purpose_may_lie_there_and_stays(pets: Repo) -> None:
    pets.dsv("filter", "pets", "--where", 'path like "cat/*"')
    pets.commit("Cats")
    pets.dsv("restore", "pets", "--to", "../spare")
    (pets.path / "data/cat/3.jpg").unlink()
    found = answer(pets, "pets", "--to", "data", "--from", "../spare")
    assert (found["there"], found["restored"], found["whole"]) == (2, 1, True)
    assert (pets.path / "data/dog/moved.jpg").read_text() == "content 1"
    pets.write("data/notes.txt", "mine")
    done = pets.dsv_result("restore", "pets", "--to", "data")
    assert done.returncode == 2
    assert "not of this version: notes.txt\n" in done.stderr


def test_what_the_patterns_of_the_version_leave_out_may_lie_there_and_stays(pets: Repo) -> None:
    place = pets.path / "manifests/pets/manifest.yaml"
    text = place.read_text()
    place.write_text(text.replace("  root: data\n", "  root: data\n  exclude: ['*.txt', /tmp/]\n"))
    assert place.read_text() != text
    pets.write("data/cat/notes.txt", "mine")
    pets.write("data/tmp/x.jpg", "mine")
    assert answer(pets, "pets", "--to", "data")["there"] == 6
    assert (pets.path / "data/cat/notes.txt").read_text() == "mine"
    pets.write("data/cat/new.jpg", "new")
    done = pets.dsv_result("restore", "pets", "--to", "data")
    assert "not of this version: cat/new.jpg\n" in done.stderr
