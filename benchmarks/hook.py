"""What our hooks cost a commit that touches no data: `git commit` with and without them.

    python benchmarks/hook.py [--runs 200]

Both repositories are built alike and take turns commit by commit, so that a busy machine slows
both. Times are in milliseconds: the median and the fastest tenth of what a person waits, and the
processor's time (median), which other work on the machine changes least. The fastest tenth is held
against the target of 5 ms; the figure counts on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from dsv_git.gitrepo.hooks import install
from dsv_git.gitrepo.repository import Repository

TARGET = 5.0
CODE_FILES = 500
LISTS = 100
WARM_UP = 20


def git(folder: Path, *args: str) -> None:
    subprocess.run(["git", *args], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def build(folder: Path) -> Path:
    """A repository with code, a manifest and no hook."""
    folder.mkdir()
    git(folder, "init", "-q")
    shutil.rmtree(folder / ".git/hooks", ignore_errors=True)
    for name, value in (("user.name", "Ada"), ("user.email", "ada@example.org"), ("gc.auto", "0")):
        git(folder, "config", name, value)
    (folder / ".dsv.yaml").write_text("registry: local\nregister: {timeout: 30}\nsamples: 12\n")
    for number in range(CODE_FILES):
        path = folder / f"src/{number % 20}/file{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"print({number})\n")
    for number in range(LISTS):
        path = folder / f"manifests/pets/files/train/{number}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'{{"path":"{number}.jpg","size":1,"hash":"xxh3:{number:032x}"}}\n')
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Start")
    return folder


@dataclass(frozen=True)
class Cost:
    """Milliseconds of one `git commit`: waited, and worked by all its processes."""

    wall: float
    processor: float


def commit(folder: Path, number: int, *, empty: bool) -> Cost:
    """Makes a commit."""
    if not empty:
        (folder / "src/0/file0.py").write_text(f"print({number}, 'changed')\n")
        git(folder, "add", "src/0/file0.py")
    options = ["--allow-empty"] if empty else []
    worked, start = processor_time(), time.perf_counter()
    git(folder, "commit", "-q", *options, "-m", "x")
    wall = time.perf_counter() - start
    return Cost(1000 * wall, 1000 * (processor_time() - worked))


def processor_time() -> float:
    """Seconds that finished child processes, and theirs, have worked."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def compare(without: Path, with_hooks: Path, runs: int, *, empty: bool) -> None:
    """Prints the times of both, their ratio and their difference."""
    costs: dict[Path, list[Cost]] = {without: [], with_hooks: []}
    for number in range(-WARM_UP, runs):
        turn = (without, with_hooks) if number % 2 else (with_hooks, without)
        for folder in turn:
            cost = commit(folder, number, empty=empty)
            if number >= 0:
                costs[folder].append(cost)
    wall = [sorted(cost.wall for cost in found) for found in costs.values()]
    processor = [sorted(cost.processor for cost in found) for found in costs.values()]
    print("empty commit:" if empty else "one code file:")
    line("median", *(times[runs // 2] for times in wall))
    line("processor", *(times[runs // 2] for times in processor))
    difference = line("fastest tenth", *(times[runs // 10] for times in wall))
    print(f"  target         {'met' if difference <= TARGET else 'MISSED'}")


def line(what: str, plain: float, hooked: float) -> float:
    """Prints and gives the difference."""
    print(
        f"  {what:14} without {plain:6.2f}   with {hooked:6.2f}   "
        f"ratio {hooked / plain:4.2f}   difference {hooked - plain:5.2f}"
    )
    return hooked - plain


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=200)
    runs = parser.parse_args().runs
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(HOME=folder, GIT_CONFIG_NOSYSTEM="1")
        without, with_hooks = build(Path(folder, "without")), build(Path(folder, "with"))
        installed = install(Repository.discover(with_hooks))
        assert all(outcome.changed for outcome in installed), installed
        for empty in (True, False):
            compare(without, with_hooks, runs, empty=empty)


if __name__ == "__main__":
    main()
