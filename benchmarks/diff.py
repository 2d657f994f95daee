"""Commits of 100 edits in a large manifest: what `dsv diff` takes, and how much git grows by them.

    python benchmarks/diff.py [--entries 1000000] [--edits 100] [--commits 10] [--runs 9]

The data is nowhere: the manifest alone is written, in the layout that `dsv add` would choose. Each
commit gives that many entries, anywhere, another content, as `dsv update` does. The diff is held
against 0.3 s and against the start of Python with its command line (`dsv --version`) and
`git diff --shortstat` in the same run; git's growth against 20 KB a commit, packed by `git gc`.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from dsv_git.flow.drafting.draft import first_text, write_draft
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.declaration import Data, Declaration
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.filelist import encode_entries, read_entries

IN_A_FOLDER = 1_000, 3_000
SECONDS, GROWTH = 0.3, 20_000
CHANCE = random.Random(1)  # noqa: S311 - data for a benchmark


def git(top: Path, *args: str) -> str:
    command = ("git", "-c", "core.hooksPath=/dev/null", *args)
    return subprocess.run(command, cwd=top, check=True, capture_output=True, text=True).stdout


def content() -> str:
    return f"xxh3:{CHANCE.getrandbits(128):032x}"


def entries(count: int) -> Iterator[Entry]:
    """Pictures in folders of 1,000 to 3,000, by their paths."""
    folder = left = 0
    for number in range(count):
        if not left:
            folder, left = folder + 1, CHANCE.randint(*IN_A_FOLDER)
        left -= 1
        path = f"train/label{folder:05}/{number:07}.jpg"
        yield Entry(path, CHANCE.randrange(50_000, 90_000), content(), f"label{folder:05}", "train")


def build(top: Path, count: int) -> None:
    """A repository with the manifest, committed."""
    git(top, "init", "-q", "-b", "main")
    for name, value in (("user.name", "Ada"), ("user.email", "ada@example.org"), ("gc.auto", "0")):
        git(top, "config", name, value)
    (top / ".dsv.yaml").write_text("registry: local\n")
    rows = tuple(entries(count))
    declared = Declaration("pets", "1.0", Data({"": "/nowhere"}))
    write_draft(Workspace.open(top), "pets", first_text(declared, rows), rows)
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "All")


def edit(top: Path, edits: int) -> None:
    """Gives some entries another content, and commits."""
    lists = sorted((top / "manifests/pets/files").rglob("*.jsonl"))
    for path in CHANCE.choices(lists, k=edits):
        rows = list(read_entries(path.read_bytes(), path.name))
        number = CHANCE.randrange(len(rows))
        rows[number] = replace(rows[number], hash=content(), size=CHANCE.randrange(50_000, 90_000))
        path.write_bytes(encode_entries(rows))
    git(top, "commit", "-q", "-a", "-m", "Edits")


def packed(top: Path) -> int:
    """Bytes of the repository's packs after a garbage collection."""
    git(top, "gc", "-q", "--prune=now")
    return sum(path.stat().st_size for path in (top / ".git/objects/pack").glob("*.pack"))


def seconds(top: Path, *command: str) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=top, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    for name, default in (("entries", 1_000_000), ("edits", 100), ("commits", 10), ("runs", 9)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        build(top, asked.entries)
        before = packed(top)
        for _ in range(asked.commits):
            edit(top, asked.edits)
        growth = (packed(top) - before) / asked.commits
        dsv = (sys.executable, "-m", "dsv_git")
        commands = {
            "dsv diff HEAD~1": (*dsv, "diff", "HEAD~1", "HEAD"),
            "dsv --version": (*dsv, "--version"),
            "git diff --shortstat": ("git", "diff", "--shortstat", "HEAD~1", "HEAD"),
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(asked.runs):
            for name, command in commands.items():
                times[name].append(seconds(top, *command))
    found = {name: statistics.median(taken) for name, taken in times.items()}
    ours = found["dsv diff HEAD~1"]
    print(f"{asked.edits} edits in {asked.entries:,} entries:")
    for name, taken in found.items():
        print(f"  {name:22} {taken:6.3f} s   ratio {ours / taken:5.2f}")
    print(f"  limit                  {SECONDS:6.3f} s   {_verdict(ours, SECONDS)}")
    print(f"  git grows by           {growth / 1000:6.1f} KB a commit of {before / 1e6:.1f} MB")
    print(f"  limit                  {GROWTH / 1000:6.1f} KB         {_verdict(growth, GROWTH)}")


def _verdict(found: float, limit: float) -> str:
    return "met" if found <= limit else "MISSED"


if __name__ == "__main__":
    main()
