"""What a scan costs against its peers, in one run: `xxhsum`, and `git status` of the same tree.

    python benchmarks/scan.py --files 100000

makes the data (about 8 KB a file) where it is missing, keeps it, and prints ratios. Every timing
is of a new process with a warm cache; `call` is the work alone, `process` with Python's start.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent
FOLDER = 1000
XXHSUM = "find . -name .git -prune -o -type f -print0 | xargs -0 -P{cores} -n 1000 xxhsum -H2"


def make_data(root: Path, files: int) -> None:
    """Folders of a thousand files of 6,000 to 10,000 bytes, two hours old."""
    chance = random.Random(1)  # noqa: S311 - the same data every time
    pool = chance.randbytes(1 << 20)
    then = time.time() - 7200
    for number in range(files):
        folder = (
            root / ("train" if number // FOLDER % 5 else "val") / f"class_{number // FOLDER:04}"
        )
        if number % FOLDER == 0:
            folder.mkdir(parents=True, exist_ok=True)
        size = chance.randint(6000, 10000)
        start = chance.randrange(len(pool) - size)
        place = folder / f"img_{number:08}.jpg"
        place.write_bytes(number.to_bytes(8, "big") + pool[start : start + size])
        os.utime(place, (then, then))


def git(root: Path, *args: str) -> None:
    subprocess.run(["git", "-C", str(root), *args], check=True, stdout=subprocess.DEVNULL)


def put_into_git(root: Path) -> None:
    """The same tree in git. Its folder `.git` is no data to us."""
    git(root, "init", "-q")
    git(root, "-c", "gc.auto=0", "-c", "core.looseCompression=0", "add", ".")
    git(root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "data")
    git(root, "status")


def edit(root: Path, files: int) -> None:
    """A hundred edits that keep the size."""
    chance = random.Random()  # noqa: S311
    for place in chance.sample(sorted(root.glob("*/*/*.jpg")), min(100, files)):
        with place.open("r+b") as file:
            file.seek(100)
            file.write(chance.randbytes(50))


def peer(root: Path, command: str) -> float:
    """Seconds of a shell's command."""
    started = time.perf_counter()
    subprocess.run(["sh", "-c", f"{command} >/dev/null 2>&1"], cwd=root, check=True)
    return time.perf_counter() - started


def ours(verb: str, root: Path, state: Path) -> tuple[float, float]:
    """Seconds of the work alone, and of the whole process."""
    started = time.perf_counter()
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, __file__, "--verb", verb, "--data", str(root), "--state", str(state)],
        env={**env, "PYTHONPATH": str(SOURCE)},
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout), time.perf_counter() - started


def work(verb: str, root: Path, state: Path) -> float:
    """One measured call, in this process."""
    from dsv_git.gitrepo.statindex import StatIndex
    from dsv_git.scan.patterns import Patterns
    from dsv_git.scan.progress import Silent
    from dsv_git.scan.scan import find_changes, scan

    started = time.perf_counter()
    cache = StatIndex(state, "benchmark", root, "xxh3")
    if verb == "status":
        find_changes(root, Patterns(), "xxh3", cache, Silent())
    else:
        result = scan(root, Patterns(), "xxh3", cache, Silent())
        _ = result.files if verb == "add" else result.changed_files
        cache.commit("token", result.update)
    return time.perf_counter() - started


def compare(name: str, limit: list[float], measured: list[tuple[float, float]]) -> None:
    """One line: medians, and the median of the ratios of each round."""
    call, process = ([pair[part] for pair in measured] for part in (0, 1))
    ratios = [
        statistics.median(a / b for a, b in zip(times, limit, strict=True))
        for times in (call, process)
    ]
    print(
        f"{name:42} peer {statistics.median(limit):6.3f} s   "
        f"call {statistics.median(call):6.3f} s = {ratios[0]:4.2f} x   "
        f"process {statistics.median(process):6.3f} s = {ratios[1]:4.2f} x"
    )


def run(root: Path, state: Path, files: int, rounds: int) -> None:
    """Rounds of every pair, each pair back to back."""
    hashing = partial(peer, root, XXHSUM.format(cores=os.cpu_count()))
    status = partial(peer, root, "git status")
    for warm in (hashing, status):
        warm()
    add, unchanged, update = [], [], []
    limits: tuple[list[float], list[float], list[float]] = ([], [], [])
    for _ in range(rounds):
        shutil.rmtree(state, ignore_errors=True)
        limits[0].append(hashing())
        add.append(ours("add", root, state))
        limits[1].append(status())
        unchanged.append(ours("status", root, state))
        edit(root, files)
        limits[2].append(status())
        update.append(ours("update", root, state))
    compare(f"scan of {files:,} new files / xxhsum", limits[0], add)
    compare("what changed, nothing / git status", limits[1], unchanged)
    compare("scan after 100 edits / git status", limits[2], update)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--state", type=Path)
    parser.add_argument("--verb", choices=["add", "status", "update"], help=argparse.SUPPRESS)
    args = parser.parse_args()
    root = args.data or Path(f"/tmp/dsv-benchmark-{args.files}")  # noqa: S108
    state = args.state or root.with_name(f"{root.name}-state")
    if args.verb:
        print(work(args.verb, root, state))
        return
    if not root.exists():
        make_data(root, args.files)
    if not (root / ".git").exists():
        put_into_git(root)
    run(root, state, args.files, args.rounds)


if __name__ == "__main__":
    main()
