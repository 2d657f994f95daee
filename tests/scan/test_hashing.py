"""The hash of a file is that of its content, whoever computes it and however large it is."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import xxhash

from dsv_git.errors import InputError
from dsv_git.scan.hashing import (
    BIG,
    BLOCK,
    ENOUGH,
    FIRST,
    UNSETTLED,
    Algorithm,
    Hashed,
    hash_chunk,
    hash_file,
    settled,
)
from dsv_git.scan.pool import FEW, hash_files
from dsv_git.scan.progress import Silent
from tests.conftest import SOURCE
from tests.scan.conftest import age, ordinary_user, put

SIZES = [0, 1, 17, 240, 241, 8192, FIRST - 1, FIRST, FIRST + 1, BLOCK, BLOCK + 1]


def nobody_keeps(indexes: Sequence[int], part: Hashed) -> None:
    pass


class Counting(Silent):
    def __init__(self) -> None:
        self.expected = self.files = self.size = 0
        self.lock = threading.Lock()

    def expect(self, files: int) -> None:
        self.expected += files

    def advance(self, files: int, size: int) -> None:
        with self.lock:
            self.files += files
            self.size += size


def sample(root: Path) -> list[str]:
    names = []
    for size in SIZES:
        put(root, f"files of a size/{size} bytes", os.urandom(size))
        names.append(f"files of a size/{size} bytes")
    return names


def reference(root: Path, names: list[str], algorithm: Algorithm) -> list[str]:
    new = hashlib.sha256 if algorithm == "sha256" else xxhash.xxh3_128
    return [f"{algorithm}:{new((root / name).read_bytes()).hexdigest()}" for name in names]


@pytest.mark.parametrize("algorithm", ["xxh3", "sha256"])
@pytest.mark.parametrize("old", [True, False], ids=["at rest", "just written"])
def test_files_of_every_size_have_the_hash_of_their_content(
    root: Path, algorithm: Algorithm, old: bool
) -> None:
    names = sample(root)
    if old:
        age(root)
    done = hash_chunk(str(root), names, algorithm)
    assert done.hashes == reference(root, names, algorithm)
    assert list(done.sizes) == SIZES
    assert all((mtime == UNSETTLED) is not old for mtime in done.mtimes_ns)


@pytest.mark.skipif(shutil.which("xxhsum") is None, reason="xxhsum is not installed")
def test_the_hash_is_what_xxhsum_prints(root: Path) -> None:
    names = sample(root)
    printed = subprocess.run(
        ["xxhsum", "-H2", *names], cwd=root, check=True, capture_output=True, text=True
    ).stdout
    theirs = ["xxh3:" + line.split()[0] for line in printed.splitlines()]
    assert hash_chunk(str(root), names, "xxh3").hashes == theirs


@pytest.mark.parametrize("seam", ["here", "processes", "threads of somebody else"])
def test_every_way_to_run_gives_the_same_hashes(root: Path, seam: str) -> None:
    names = sample(root)
    big = put(root, "big")
    os.truncate(big, BIG + 5)
    another = put(root, "another")
    os.truncate(another, BIG + 6)
    names[3:3] = ["big", "another"]
    for number in range(20):  # together more than one task hashes
        os.truncate(put(root, f"medium/{number}"), ENOUGH // 16 + number)
        names.append(f"medium/{number}")
    if seam == "processes":
        names += [put(root, f"{n}", str(n).encode()).name for n in range(FEW)]
    age(root)
    kept: dict[int, str] = {}

    def keep(indexes: Sequence[int], part: Hashed) -> None:
        kept.update(zip(indexes, part.hashes, strict=True))

    progress = Counting()
    if seam == "threads of somebody else":
        with ThreadPoolExecutor(3) as executor:
            done = hash_files(root, [names], "xxh3", keep, progress, executor)
    else:
        done = hash_files(root, [names], "xxh3", keep, progress)
    assert done.hashes == reference(root, names, "xxh3")
    assert [kept[index] for index in range(len(names))] == done.hashes
    assert list(done.sizes) == [(root / name).stat().st_size for name in names]
    assert list(done.mtimes_ns) == [(root / name).stat().st_mtime_ns for name in names]
    assert progress.expected == progress.files == len(names)
    assert progress.size == sum(done.sizes)


def test_worker_processes_start_beside_other_threads(root: Path) -> None:
    names = [put(root, f"{n}", str(n).encode()).name for n in range(FEW + 1)]
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        hashed = hash_files(root, [names], "xxh3", nobody_keeps, Silent())
    finally:
        done.set()
        other.join()
    assert hashed.hashes == reference(root, names, "xxh3")


def test_a_file_that_changes_once_is_read_again(root: Path) -> None:
    place = put(root, "a", b"x" * (2 * BLOCK))
    reports: list[int] = []

    def report(size: int) -> None:
        if not reports:
            place.write_bytes(b"y" * (2 * BLOCK))
            os.utime(place, ns=(7, 7))
        reports.append(size)

    size, _, text = hash_file(str(root), "a", "xxh3", report)
    assert (size, text) == (2 * BLOCK, reference(root, ["a"], "xxh3")[0])
    assert len(reports) == 4


@pytest.mark.parametrize("change", ["grows", "shrinks", "is rewritten"])
def test_a_file_that_never_rests_is_an_error_that_names_it(root: Path, change: str) -> None:
    place = put(root, "log\nfile", b"x" * (2 * BLOCK))
    ticks = iter(range(1, 100))

    def report(size: int) -> None:
        if change == "is rewritten":
            os.utime(place, ns=(0, next(ticks)))
        else:
            os.truncate(place, place.stat().st_size + (1 if change == "grows" else -1))

    with pytest.raises(InputError, match=r"log\\nfile changes while it is read"):
        hash_file(str(root), "log\nfile", "xxh3", report)


def test_what_is_no_regular_file_any_more_is_not_read(root: Path, tmp_path: Path) -> None:
    os.mkfifo(root / "pipe")
    (root / "link").symlink_to(put(tmp_path, "secret"))
    with pytest.raises(InputError, match="pipe"):
        hash_chunk(str(root), ["pipe"], "xxh3")
    with pytest.raises(InputError, match="link"):
        hash_chunk(str(root), ["link"], "xxh3")


def test_a_file_that_vanished_is_named(root: Path) -> None:
    put(root, "a")
    with pytest.raises(InputError, match=r"^b vanished while the data was read"):
        hash_files(root, [["a"], ["b"]], "xxh3", nobody_keeps, Silent())


def test_a_file_that_vanished_is_named_by_a_process_too(root: Path) -> None:
    names = [put(root, f"{n}").name for n in range(FEW + 1)]
    (root / "77").unlink()
    with pytest.raises(InputError, match=r"^77 vanished while the data was read"):
        hash_files(root, [names], "xxh3", nobody_keeps, Silent())


def test_a_file_that_may_not_be_read_is_named(others_root: Path) -> None:
    put(others_root, "shut").chmod(0)
    with ordinary_user(), pytest.raises(InputError, match="cannot read shut: Permission denied"):
        hash_files(others_root, [["shut"]], "xxh3", nobody_keeps, Silent())


SECOND = 1_000_000_000
NOW = 1_800_000_000 * SECOND


@pytest.mark.parametrize(
    ("mtime", "trusted"),
    [
        (NOW - 3600 * SECOND, True),
        (NOW - 3 * SECOND, True),
        (NOW - SECOND, False),
        (NOW, False),
        (NOW + 60 * SECOND, False),
        (NOW + 86400 * SECOND, True),
        (-5, True),
        (2**63, False),
        (-(2**63), False),
    ],
)
def test_only_a_time_that_a_later_write_would_change_is_trusted(mtime: int, trusted: bool) -> None:
    assert settled(mtime, NOW) == (mtime if trusted else UNSETTLED)


LONG_WORK = """
import sys
from pathlib import Path
from dsv_git.scan.pool import hash_files
from dsv_git.scan.progress import Silent
root = Path(sys.argv[1])
class Telling(Silent):
    def expect(self, files):
        print("begun", flush=True)
names = sorted(path.name for path in root.iterdir())
hash_files(root, [names] * 40, "xxh3", lambda i, p: None, Telling())
print("finished", flush=True)
"""


def long_work(root: Path) -> subprocess.Popen[str]:
    """A process in a group of its own that hashes gigabytes in worker processes."""
    for number in range(FEW // 2):
        os.truncate(put(root, f"{number}"), BIG)
    age(root)
    work = subprocess.Popen(
        [sys.executable, "-c", LONG_WORK, str(root)],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert work.stdout is not None
    assert work.stdout.readline() == "begun\n"
    return work


def wait_until_gone(group: int) -> None:
    """Waits until no process of the group is left."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)
    pytest.fail("workers outlived their parent")


def test_interrupting_ends_all_processes_without_noise_from_workers(root: Path) -> None:
    work = long_work(root)
    os.killpg(work.pid, signal.SIGINT)
    out, complaints = work.communicate(timeout=30)
    assert "finished" not in out
    assert complaints.count("Traceback") == 1
    assert complaints.rstrip().endswith("KeyboardInterrupt")
    wait_until_gone(work.pid)


def test_workers_do_not_outlive_a_killed_parent(root: Path) -> None:
    work = long_work(root)
    work.kill()
    work.communicate(timeout=30)
    wait_until_gone(work.pid)


@pytest.mark.parametrize("before", ["SIG_DFL", "SIG_IGN"])
def test_a_worker_ends_with_ctrl_c_unless_its_job_ignores_it(before: str) -> None:
    code = (
        "import os, signal; from dsv_git.scan.workers import _begin_worker; "
        f"signal.signal(signal.SIGINT, signal.{before}); _begin_worker(os.getppid()); "
        "print(signal.getsignal(signal.SIGINT).name)"
    )
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == before
