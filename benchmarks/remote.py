"""What a data root in a bucket costs: requests and time of add, status and update, by latency.

    python benchmarks/remote.py --files 1000

serves an S3 API on loopback (moto, in a process of this machine: its own time for a request is
part of every number) that answers each request late, and types the verbs as a person does. The
objects have about 8 KB. `limit` is the latency of a listing and of one round of reads, 32 at once.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

SOURCE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(SOURCE))

from tests.stores import Store, new_lake, s3  # noqa: E402

EDITS = 10
STREAMS = 32


def dsv(folder: Path, env: dict[str, str], *args: str) -> tuple[float, float]:
    """Seconds that a verb takes, Python's start included: of the clock, and of a core."""
    before, started = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "dsv_git", *args]
    subprocess.run(command, cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL)
    seconds, after = time.perf_counter() - started, getrusage(RUSAGE_CHILDREN)
    core = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, core


def new_repository(folder: Path, env: dict[str, str]) -> None:
    """An empty repository that dsv looks after."""
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "-q"], cwd=folder, env=env, check=True)
    dsv(folder, env, "init", "--registry", "local")


def filled(store: Store, files: int) -> Any:
    """A client of the store, with a bucket of so many objects."""
    client = new_lake(store)
    for number in range(files):
        put(client, number)
    return client


def put(client: Any, number: int) -> None:
    """Writes an object with a content that it never had."""
    body = number.to_bytes(8, "big") + os.urandom(8) * 1000
    client.put_object(Bucket="lake", Key=f"pets/train/c{number % 10}/{number:06}.jpg", Body=body)


def measure(store: Store, name: str, files: int, work: Callable[[], tuple[float, float]]) -> None:
    """Prints what one verb asked and took, of so many objects."""
    store.asked.clear()
    seconds, core = work()
    lists = store.count("GET", "list-type")
    reads = store.count("GET") - lists
    limit = store.latency * (lists + -(-reads // STREAMS))
    each = f"{1000 * core / files:5.2f} ms of a core an object"
    others = len(store.asked) - lists - reads
    print(
        f"  {name:28} {seconds:7.2f} s  (limit {limit:5.2f} s) "
        f"{lists:4} LIST {reads:6} GET {others:3} others {each}"
    )


def run(store: Store, folder: Path, files: int, latency_ms: int) -> None:
    """All verbs at one latency."""
    env = {**os.environ, **store.env, "PYTHONPATH": str(SOURCE), "HOME": str(folder)}
    team = folder / "team"
    client = filled(store, files)
    new_repository(team, env)
    store.latency = latency_ms / 1000
    print(f"{files:,} objects, {latency_ms} ms a request")
    add = ("add", "s3://lake/pets", "--name")
    measure(store, "add", files, lambda: dsv(team, env, *add, "pets"))
    measure(store, "add --hash etag", files, lambda: dsv(team, env, *add, "tags", "--hash", "etag"))
    measure(store, "status", files, lambda: dsv(team, env, "status", "pets"))
    store.latency = 0.0
    for number in range(EDITS):
        put(client, number)
    store.latency = latency_ms / 1000
    measure(store, f"status, {EDITS} edits", files, lambda: dsv(team, env, "status", "pets"))
    measure(store, f"update, {EDITS} edits", files, lambda: dsv(team, env, "update", "pets"))


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--latency", type=int, nargs="*", default=[0, 20, 50], help="ms")
    options = parser.parse_args()
    for latency in options.latency:
        with tempfile.TemporaryDirectory() as folder, s3() as store:
            run(store, Path(folder), options.files, latency)


if __name__ == "__main__":
    main()
