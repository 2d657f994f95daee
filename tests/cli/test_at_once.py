"""Several people's commands, or one person's in several terminals, at once in one repository."""

from __future__ import annotations

import subprocess
import sys

from tests.cli.hand_made import read
from tests.cli.living import pets
from tests.conftest import Repo


def at_once(repo: Repo, *commands: tuple[str, ...]) -> list[tuple[int, str]]:
    """Runs `dsv` commands at the same time: the exit code and the complaints of each."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "dsv_git", *command],
            cwd=repo.path,
            env=repo.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    told = [process.communicate(timeout=60)[1] for process in processes]
    return [(process.returncode, text) for process, text in zip(processes, told, strict=True)]


def test_updates_at_once_all_end_well_and_leave_one_whole_manifest(repo: Repo) -> None:
    pets(repo)
    for number in range(40):
        repo.write(f"data/pets/train/cat/new_{number}.jpg", f"new cat {number}")
    done = at_once(repo, *[("update", "pets")] * 6)
    assert [code for code, _ in done] == [0] * 6, done
    assert len(read(repo, "pets").entries) == 44
    assert read(repo, "pets").declaration.version == "1.1"
    assert not list((repo.path / "manifests").rglob(".dsv-*"))
    repo.dsv("check")


def test_a_bump_and_a_fix_beside_updates_end_well(repo: Repo) -> None:
    pets(repo)
    lists = sorted((repo.path / "manifests/pets/files").rglob("*.jsonl"))
    for place in lists:  # not canonical: a fix writes them all
        place.write_text("".join(sorted(place.read_text().splitlines(True), reverse=True)))
    repo.write("data/pets/train/cat/new.jpg", "a new cat")
    done = at_once(repo, *[("update", "pets"), ("check", "--fix"), ("check", "--fix")] * 2)
    assert all(code in {0, 1} or "not in canonical form" in text for code, text in done), done
    assert not list((repo.path / "manifests").rglob(".dsv-*"))


def test_of_two_adds_of_one_name_one_is_refused(repo: Repo) -> None:
    repo.dsv("init", "--registry", "local")
    for name in ("one", "two"):
        repo.write(f"data/{name}/a.txt", name)
    done = at_once(repo, *[("add", f"data/{name}", "--name", "z") for name in ("one", "two")] * 2)
    assert sorted(code for code, _ in done) == [0, 2, 2, 2]
    assert all("z is there already" in text for code, text in done if code)
