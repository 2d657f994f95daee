"""Data as it is found in the wild: odd names, odd kinds of files, things that vanish."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
import unicodedata
from pathlib import Path

import pytest

from tests.cli.hand_made import read
from tests.cli.living import CLEAN, answer, differences, init
from tests.conftest import Repo
from tests.manifests import ANY_CONTENT

ROOT = "data/odd"


@pytest.fixture
def odd(repo: Repo) -> Repo:
    """A repository that `dsv init` has been in, with an empty `data/odd`."""
    init(repo)
    repo.write(".dsv.yaml", f"registry: local\n{ANY_CONTENT}")
    (repo.path / ROOT).mkdir(parents=True)
    return repo


def committed(repo: Repo, *options: str) -> list[str]:
    """Adds and commits the data, which must be clean then; gives the paths of the entries."""
    repo.dsv("add", ROOT, "--name", "odd", *options)
    repo.commit("Add odd")
    assert (repo.path / "manifests/odd/versions/1.0.json").exists()
    assert repo.status == ""
    assert differences(repo, "odd") == CLEAN
    repo.dsv("check", "HEAD")
    assert answer(repo, "update", "odd")["changed"] is False
    return [entry.path for entry in read(repo, "odd").entries]


def refused(repo: Repo) -> str:
    """What `dsv add` says when it refuses the data; nothing may have been written."""
    done = repo.dsv_result("add", ROOT, "--name", "odd")
    assert done.returncode == 2, done
    assert not (repo.path / "manifests/odd").exists()
    return done.stderr


NAMES = [
    "a b/c d.jpg",
    " leading and trailing /x ",
    'quotes/it\'s "quoted".jpg',
    "back\\slash.jpg",
    "line\nbreak/a\nb.jpg",
    "tab\tand\rreturn.jpg",
    "escape\x1b[31m.jpg",
    "comma, semicolon; colon: #hash.jpg",
    "-n",
    "--help/-rf",
    "%41/%2E.jpg",
    "_/1.jpg",
    "x/_",
    "train.jsonl/1.jpg",
    "train/1.jpg",
    "manifest.yaml",
    ".hidden/.file",
    "~/x",
    "$(touch x)/`y`",
    "*/?.jpg",
    "[a]/!b",
    "日本語/写真.jpg",
    "emoji/🐈‍⬛.jpg",
    "right-to-left/\u202egpj.exe",
    unicodedata.normalize("NFC", "é") + "/nfc.jpg",
    unicodedata.normalize("NFD", "é") + "/nfd.jpg",
    unicodedata.normalize("NFC", "ö.jpg"),
    unicodedata.normalize("NFD", "ö.jpg"),
    "long/" + "x" * 255,
    "ü" * 127 + "/in a folder of 254 bytes.jpg",
    "/".join(["deep"] * 40) + "/1.jpg",
    "empty.jpg",
    "null",
    "NUL",
    "1.0",
]


@pytest.mark.parametrize("depth", [0, 2])
def test_every_name_that_is_text_is_an_entry(odd: Repo, depth: int) -> None:
    if sys.platform == "darwin":
        pytest.skip("the file system takes both Unicode forms for one name")
    for name in NAMES:
        odd.write(f"{ROOT}/{name}", "" if name == "empty.jpg" else name)
    if depth == 0:
        assert committed(odd) == sorted(NAMES)
        return
    odd.dsv("add", ROOT, "--name", "odd")
    place = odd.path / "manifests/odd/manifest.yaml"
    place.write_text(place.read_text().replace("depth: 0", f"depth: {depth}"))
    odd.dsv("check", "--fix", code=0)
    assert sorted(entry.path for entry in read(odd, "odd").entries) == sorted(NAMES)
    odd.commit("Add odd")
    assert differences(odd, "odd") == CLEAN
    odd.write(f"{ROOT}/a b/c d.jpg", "other")
    assert answer(odd, "update", "odd")["changed"] is True
    odd.commit("Change one")
    assert differences(odd, "odd") == CLEAN


def test_what_git_keeps_in_the_data_is_no_data(odd: Repo) -> None:
    """A nested clone is a folder with files; its `.git` is not part of them."""
    odd.write(f"{ROOT}/1.jpg", "1")
    nested = odd.path / ROOT / "clone"
    odd.git("init", "-q", str(nested))
    (nested / "2.jpg").write_text("2")
    run = ("-C", str(nested), "-c", "user.name=A", "-c", "user.email=a@example.org")
    odd.git(*run, "add", "-A")
    odd.git(*run, "commit", "-q", "-m", "x")
    odd.write(f"{ROOT}/.git/config", "no repository")
    odd.write(f"{ROOT}/worktree/.git", "gitdir: elsewhere\n")
    odd.write(f"{ROOT}/worktree/3.jpg", "3")
    assert committed(odd) == ["1.jpg", "clone/2.jpg", "worktree/3.jpg"]
    (nested / "2.jpg").write_text("two")
    assert differences(odd, "odd") == (0, 1, 0, 0)


def test_links_count_as_the_file_they_mean_or_are_named(odd: Repo, tmp_path: Path) -> None:
    odd.write(f"{ROOT}/a/real.jpg", "real")
    data = odd.path / ROOT
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    (data / "inside.jpg").symlink_to("a/real.jpg")
    (data / "absolute.jpg").symlink_to(data / "a/real.jpg")
    (data / "outside.jpg").symlink_to(outside / "secret")
    (data / "dangling.jpg").symlink_to("nowhere")
    (data / "loop").symlink_to("loop")
    (data / "folder").symlink_to("a")
    (data / "up").symlink_to("..")
    os.mkfifo(data / "pipe")
    done = odd.run(sys.executable, "-m", "dsv_git", "add", ROOT, "--name", "odd")
    assert (
        "symbolic links lead out of the data root and are left out: outside.jpg, up" in done.stderr
    )
    assert "symbolic links lead nowhere and are left out: dangling.jpg, loop" in done.stderr
    assert "not followed: folder" in done.stderr
    assert "left out: pipe" in done.stderr
    odd.commit("Add odd")
    assert [entry.path for entry in read(odd, "odd").entries] == [
        "a/real.jpg",
        "absolute.jpg",
        "inside.jpg",
    ]
    assert len({entry.hash for entry in read(odd, "odd").entries}) == 1
    assert differences(odd, "odd") == CLEAN
    (data / "a/real.jpg").write_text("changed")
    assert differences(odd, "odd") == (0, 3, 0, 0)


def test_a_name_that_is_no_text_is_refused_and_shown(odd: Repo) -> None:
    if sys.platform == "darwin":
        pytest.skip("the file system takes UTF-8 alone")
    odd.write(f"{ROOT}/1.jpg", "1")
    Path(os.fsdecode(os.fsencode(odd.path) + b"/data/odd/caf\xe9.jpg")).write_text("x")
    assert r"'caf\xe9.jpg' is not UTF-8" in refused(odd)
    odd.dsv("add", ROOT, "--name", "odd", "--exclude", "caf*")
    assert [entry.path for entry in read(odd, "odd").entries] == ["1.jpg"]


def test_a_root_that_is_no_text_is_refused(odd: Repo) -> None:
    if sys.platform == "darwin":
        pytest.skip("the file system takes UTF-8 alone")
    name = os.fsdecode(b"caf\xe9")
    (odd.path / name).mkdir()
    (odd.path / name / "1.jpg").write_text("x")
    done = odd.dsv_result("add", name, "--name", "x")
    assert (done.returncode, "not UTF-8" in done.stderr) == (2, True)


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_cannot_be_read_is_refused_and_named(odd: Repo, kind: str) -> None:
    drop: tuple[str, ...] = ()
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root reads everything, and setpriv is not here")
        drop = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
    odd.write(f"{ROOT}/1.jpg", "1")
    place = odd.write(f"{ROOT}/shut/2.jpg", "2")
    shut = place if kind == "file" else place.parent
    shut.chmod(0)
    try:
        command = (*drop, sys.executable, "-m", "dsv_git", "add", ROOT, "--name", "odd")
        done = odd.run(*command, code=2)
    finally:
        shut.chmod(0o755)
    assert (
        f"cannot read shut{'/2.jpg' if kind == 'file' else '/'}: Permission denied" in done.stderr
    )
    assert not (odd.path / "manifests/odd").exists()
    assert committed(odd) == ["1.jpg", "shut/2.jpg"]


def test_folders_that_differ_by_case(odd: Repo) -> None:
    odd.write(f"{ROOT}/Cat/1.jpg", "1")
    if (odd.path / ROOT / "cat").exists():
        pytest.skip("the file system folds cases")
    odd.write(f"{ROOT}/cat/1.jpg", "2")
    odd.write(f"{ROOT}/cat/2.JPG", "3")
    odd.dsv("add", ROOT, "--name", "odd")
    assert [entry.path for entry in read(odd, "odd").entries] == [
        "Cat/1.jpg",
        "cat/1.jpg",
        "cat/2.JPG",
    ]
    assert differences(odd, "odd") == CLEAN


def test_data_that_changes_while_it_is_read_never_makes_a_wrong_manifest(odd: Repo) -> None:
    """Folders come and go: either the scan says so, or every entry was there with that content."""
    for number in range(300):
        odd.write(f"{ROOT}/{number % 10}/{number}.jpg", str(number))
    stop = threading.Event()

    def churn() -> None:
        while not stop.is_set():
            for number in range(10):
                (odd.path / ROOT / str(number)).rename(odd.path / ROOT / f"away-{number}")
                time.sleep(0.002)
                (odd.path / ROOT / f"away-{number}").rename(odd.path / ROOT / str(number))

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        done = odd.dsv_result("add", ROOT, "--name", "odd")
    finally:
        stop.set()
        thread.join()
    assert "Traceback" not in done.stderr
    if done.returncode:
        assert (done.returncode, "vanished while the data was read" in done.stderr) == (2, True)
        assert not (odd.path / "manifests/odd").exists()
        odd.dsv("add", ROOT, "--name", "odd")
    else:
        odd.dsv("update", "odd")
    assert sorted(entry.path for entry in read(odd, "odd").entries) == sorted(
        f"{number % 10}/{number}.jpg" for number in range(300)
    )
    assert differences(odd, "odd") == CLEAN


def test_a_file_that_a_folder_replaces(odd: Repo) -> None:
    odd.write(f"{ROOT}/a", "1")
    odd.write(f"{ROOT}/b/c", "2")
    assert committed(odd) == ["a", "b/c"]
    (odd.path / ROOT / "a").unlink()
    shutil.rmtree(odd.path / ROOT / "b")
    odd.write(f"{ROOT}/a/c", "2")
    odd.write(f"{ROOT}/b", "1")
    assert differences(odd, "odd") == (2, 0, 2, 0)
    answer(odd, "update", "odd")
    assert [entry.path for entry in read(odd, "odd").entries] == ["a/c", "b"]
    assert differences(odd, "odd") == CLEAN
