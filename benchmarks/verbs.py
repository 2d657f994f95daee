"""`dsv add`, `status` and `update` on many small files, against `xxhsum` and `git status`.

    python benchmarks/verbs.py [--files 100000] [--runs 5] [--folder DIR]

The data is made where it is missing (files of about 8 KB, `split/label/name`), and so is the peer,
a git repository of the same files. All take turns, so that a busy machine slows all of them; the
ratio is of medians. `cpu` is what user and system took together, the waiting left out.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

SPLITS, LABELS, SIZE, EDITS = ("train", "val"), 50, 8000, 100
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("GIT_") and name != "PYTHONDONTWRITEBYTECODE"
} | {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)}


@dataclass
class Times:
    """What several runs of one command took, in seconds."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def run(self, *command: str, cwd: Path) -> str:
        """Runs a command and takes its time; gives what it said."""
        with tempfile.TemporaryFile("w+") as out:
            start = time.perf_counter()
            child = subprocess.Popen(command, cwd=cwd, env=ENVIRONMENT, stdout=out)
            _, status, used = os.wait4(child.pid, 0)
            self.wall.append(time.perf_counter() - start)
            child.returncode = os.waitstatus_to_exitcode(status)
            self.cpu.append(used.ru_utime + used.ru_stime)
            assert child.returncode == 0, command
            out.seek(0)
            return out.read()


def quiet(*command: str, cwd: Path) -> None:
    subprocess.run(command, cwd=cwd, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)


def dsv(*args: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "dsv_git", *args)


def make_data(folder: Path, files: int) -> list[Path]:
    """The files, made where they are missing."""
    noise = random.Random(0).randbytes(4 * SIZE)  # noqa: S311 - data for a benchmark
    paths = []
    for number in range(files):
        place = folder / SPLITS[number % 2] / f"label{number // 2 % LABELS:02}"
        paths.append(place / f"{number:07}.jpg")
        if number < 2 * LABELS:
            place.mkdir(parents=True, exist_ok=True)
        if not paths[-1].exists():
            start = number % (3 * SIZE)
            paths[-1].write_bytes(b"%d" % number + noise[start : start + SIZE + number % 512])
    return paths


def make_peer(folder: Path, data: Path) -> tuple[str, ...]:
    """A git repository of the data beside it, and how to run git in it."""
    peer = folder / "peer.git"
    run = ("git", f"--git-dir={peer}", f"--work-tree={data}")
    if not peer.exists():
        print("making the git repository of the same files ...")
        quiet("git", "init", "-q", "--bare", str(peer), cwd=folder)
        quiet(*run, "config", "core.bare", "false", cwd=folder)
        quiet(*run, "config", "user.name", "Ada", cwd=folder)
        quiet(*run, "config", "user.email", "ada@example.org", cwd=folder)
    take_in(run, folder)
    return run


def take_in(git: tuple[str, ...], folder: Path) -> None:
    """Commits the data as it is in the peer."""
    quiet(*git, "add", "-A", cwd=folder)
    quiet(*git, "commit", "-q", "--allow-empty", "-m", "All", cwd=folder)


def make_team(folder: Path) -> Path:
    """A repository for manifests, as `dsv init` leaves it."""
    team = folder / "team"
    shutil.rmtree(team, ignore_errors=True)
    team.mkdir()
    quiet("git", "init", "-q", "-b", "main", cwd=team)
    for name, value in (("user.name", "Ada"), ("user.email", "ada@example.org")):
        quiet("git", "config", name, value, cwd=team)
    quiet(*dsv("init", "--registry", "local"), cwd=team)
    return team


def edit(paths: list[Path], run: int) -> None:
    """Other contents for some of the files."""
    for path in random.Random(run).sample(paths, min(EDITS, len(paths))):  # noqa: S311
        path.write_bytes(b"%d" % time.time_ns() + path.read_bytes()[19:])


def compare(folder: Path, files: int, runs: int) -> dict[str, Times]:
    """All the commands in turns."""
    data = folder / "data"
    paths = make_data(data, files)
    git = make_peer(folder, data)
    time.sleep(3)  # what is fresh is hashed again, to be sure
    xxhsum = f"find '{data}' -type f -print0 | xargs -0 -P2 -n 1000 xxhsum -H2 2>&1"
    times = {name: Times() for name in ("xxhsum", "add", "git", "status", "git edited", "update")}
    for run in range(runs):
        team = make_team(folder)
        if shutil.which("xxhsum"):
            times["xxhsum"].run("sh", "-c", xxhsum, cwd=folder)
        pattern = ("--labels", "{split}/{label}/*")
        times["add"].run(*dsv("add", str(data), "--name", "pets", *pattern), cwd=team)
        quiet("git", "add", "-A", cwd=team)
        quiet("git", "commit", "-q", "-m", "Add pets", cwd=team)
        for _ in range(3):
            times["git"].run(*git, "status", "--short", cwd=folder)
            said = times["status"].run(*dsv("status", "--json"), cwd=team)
            state = json.loads(said)["manifests"][0]["data"]
            assert (state["way"], state["new"], state["changed"]) == ("known", 0, 0), state
        edit(paths, run)
        times["git edited"].run(*git, "status", "--short", cwd=folder)
        said = times["update"].run(*dsv("update", "pets"), cwd=team)
        assert f"{min(EDITS, files)} modified" in said, said
        take_in(git, folder)
    return times


def report(times: dict[str, Times]) -> None:
    """The table of the ratios."""
    for name, peer, target in (
        ("add", "xxhsum", 1.5),
        ("status", "git", 1.0),
        ("update", "git edited", 1.5),
    ):
        ours, theirs = times[name], times[peer]
        if not theirs.wall:
            print(f"dsv {name:7} {statistics.median(ours.wall):6.2f} s  ({peer} is missing)")
            continue
        wall = statistics.median(ours.wall), statistics.median(theirs.wall)
        cpu = statistics.median(ours.cpu), statistics.median(theirs.cpu)
        print(
            f"dsv {name:7} / {peer:10}"
            f"  wall {wall[0]:5.2f} s / {wall[1]:5.2f} s = {wall[0] / wall[1]:4.2f}"
            f"  fastest {min(ours.wall) / min(theirs.wall):4.2f}"
            f"  cpu {cpu[0]:5.2f} s / {cpu[1]:5.2f} s = {cpu[0] / cpu[1]:4.2f}"
            f"  target {target}: {'met' if wall[0] <= target * wall[1] else 'MISSED'}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    folder = asked.folder or Path(tempfile.gettempdir(), f"dsv-verbs-{asked.files}")
    folder.mkdir(parents=True, exist_ok=True)
    report(compare(folder.resolve(), asked.files, asked.runs))


if __name__ == "__main__":
    main()
