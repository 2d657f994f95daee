"""What verify and restore cost against their peers, in one run: `dsv add` and `cp -r`.

    python benchmarks/restore.py --files 20000

makes the data (about 8 KB a file) in a repository of its own, and prints ratios. `cp -r` is timed
with a `sync` behind it: a restored file gets its name when it is on the disk. Every timing is of a
new process with a warm cache. `--place` names a folder on the file system to measure.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scan import make_data

SOURCE = Path(__file__).resolve().parent.parent


def timed(repo: Path, *command: str) -> float:
    """Seconds that a command takes."""
    env = {**os.environ, "PYTHONPATH": str(SOURCE), "GIT_CONFIG_GLOBAL": os.devnull}
    start = time.perf_counter()
    subprocess.run(command, cwd=repo, env=env, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def dsv(repo: Path, *args: str) -> float:
    return timed(repo, sys.executable, "-m", "dsv_git", *args)


def fresh(target: Path, repo: Path, *command: str) -> float:
    """A command that fills a folder which is not there."""
    shutil.rmtree(target, ignore_errors=True)
    os.sync()
    return timed(repo, *command)


def run(place: Path, files: int, rounds: int) -> None:
    repo, target = place / "repo", str(place / "target")
    make_data(repo / "data", files)
    timed(repo, "git", "init", "-q")
    dsv(repo, "init", "--registry", "local")
    me = (sys.executable, "-m", "dsv_git", "restore", "pets", "--to", target)
    times: dict[str, list[float]] = {}

    def note(name: str, seconds: float) -> None:
        times.setdefault(name, []).append(seconds)

    for _ in range(rounds):
        shutil.rmtree(repo / ".git/dsv/scan", ignore_errors=True)
        shutil.rmtree(repo / "manifests/pets", ignore_errors=True)
        note("dsv add", dsv(repo, "add", "data", "--name", "pets"))
        note("dsv verify", dsv(repo, "verify", "pets"))
        note("dsv verify --sample", dsv(repo, "verify", "pets", "--sample"))
        copy = f"cp -r data '{target}' && sync"
        note("cp -r, sync", fresh(Path(target), repo, "sh", "-c", copy))
        note("restore, copied", fresh(Path(target), repo, *me, "--link", "copy"))
        note("restore again, all there", timed(repo, *me))
        note("restore, auto", fresh(Path(target), repo, *me))
    middle = {name: statistics.median(all_) for name, all_ in times.items()}
    for name, seconds in middle.items():
        peer = "dsv add" if "verify" in name else "cp -r, sync"
        print(f"{name:26} {seconds:7.2f} s  {seconds / middle[peer]:5.2f} x {peer}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--place", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dsv-restore-", dir=asked.place) as folder:
        run(Path(folder), asked.files, asked.rounds)


if __name__ == "__main__":
    main()
