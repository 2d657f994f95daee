"""The stat cache: nothing is hashed twice, and no change goes unseen."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xxhash

from dsv_git.gitrepo.repository import Repository
from dsv_git.gitrepo.statindex import StatIndex
from dsv_git.scan import fresh
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.progress import Silent
from dsv_git.scan.scan import Answer, ScanResult, find_changes, scan
from dsv_git.scan.statcache import Rows, StatCache, Update
from tests.conftest import SOURCE, Repo, environment
from tests.scan.conftest import age, ordinary_user, others_root, put  # noqa: F401

ALL = Patterns()


class Counting(Silent):
    def __init__(self) -> None:
        self.files = 0

    def advance(self, files: int, size: int) -> None:  # noqa: ARG002
        self.files += files


class Data:
    """A data root with a memory, as a person uses both over time."""

    def __init__(self, root: Path, state: Path) -> None:
        self.root = root
        self.state = state

    @property
    def cache(self) -> StatIndex:
        return StatIndex(self.state, "birds", self.root, "xxh3")

    def scan(self, patterns: Patterns = ALL) -> ScanResult:
        return scan(self.root, patterns, "xxh3", self.cache, Silent())

    def keep(self, token: str = "token", patterns: Patterns = ALL) -> ScanResult:  # noqa: S107
        """A scan whose result becomes the committed state; its files are right."""
        cache: StatCache = self.cache
        result = scan(self.root, patterns, "xxh3", cache, Silent())
        assert_true_to_disk(result, self.root)
        cache.commit(token, result.update)
        return result

    def changes(self, patterns: Patterns = ALL) -> Answer:
        return find_changes(self.root, patterns, "xxh3", self.cache, Silent())

    def files_hashed_by_status(self) -> int:
        progress = Counting()
        find_changes(self.root, ALL, "xxh3", self.cache, progress)
        return progress.files

    @property
    def folder(self) -> Path:
        """Where the memory of this root lies."""
        (folder,) = (path for path in (self.state / "scan").iterdir() if path.name != "git")
        return folder


def assert_true_to_disk(result: ScanResult, root: Path) -> None:
    for entry in result.files:
        content = (root / entry.path).read_bytes()
        assert entry.size == len(content)
        assert entry.hash == "xxh3:" + xxhash.xxh3_128_hexdigest(content)


@pytest.fixture
def data(tmp_path: Path) -> Data:
    """A root of forty files that are an hour old, scanned and committed."""
    root = tmp_path / "root"
    for number in range(40):
        put(root, f"{'train' if number % 4 else 'val'}/{number:02}.jpg", b"%d" % number * 9)
    put(root, "empty", b"")
    age(root)
    data = Data(root, tmp_path / "state")
    data.keep()
    return data


def test_an_unchanged_root_is_not_hashed_again(data: Data) -> None:
    result = data.scan()
    assert (result.hashed_files, result.hashed_bytes) == (0, 0)
    assert not result.changes
    assert len(result.files) == 41
    assert_true_to_disk(result, data.root)
    assert not data.changes().changes


def test_the_token_names_the_committed_state(data: Data) -> None:
    assert data.cache.known.token == "token"
    data.keep("another")
    assert data.cache.known.token == "another"


def edit(place: Path, content: bytes, seconds_ago: float = 60) -> None:
    place.write_bytes(content)
    then = time.time_ns() - int(seconds_ago * 1e9)
    os.utime(place, ns=(then, then))


def test_only_edited_files_are_hashed_again(data: Data) -> None:
    edit(data.root / "val/00.jpg", b"longer than before")
    same_size = b"x" * (data.root / "train/01.jpg").stat().st_size
    edit(data.root / "train/01.jpg", same_size)
    edit(data.root / "empty", b"full")
    edit(data.root / "val/04.jpg", b"")
    changed = ("empty", "train/01.jpg", "val/00.jpg", "val/04.jpg")
    assert data.changes().changes.changed == changed
    result = data.keep()
    assert result.hashed_files == 4
    assert result.changes.changed == changed
    assert [entry.path for entry in result.changed_files] == list(changed)
    assert data.scan().hashed_files == 0


def test_a_touched_file_is_hashed_once_and_is_not_changed(data: Data) -> None:
    edit(data.root / "val/00.jpg", (data.root / "val/00.jpg").read_bytes())
    assert data.files_hashed_by_status() == 1
    assert data.files_hashed_by_status() == 0
    assert not data.changes().changes
    assert data.cache.known.token == "token"


@pytest.fixture
def eager_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal is written at once, in place of once a second."""
    monkeypatch.setattr(fresh, "EVERY", 0.0)


def test_what_status_hashed_is_not_hashed_by_the_scan(data: Data, eager_journal: None) -> None:
    edit(data.root / "train/01.jpg", b"x" * (data.root / "train/01.jpg").stat().st_size)
    assert data.files_hashed_by_status() == 1
    assert data.files_hashed_by_status() == 0
    result = data.keep()
    assert result.hashed_files == 0
    assert result.changes.changed == ("train/01.jpg",)


def test_new_and_gone_files_are_named(data: Data) -> None:
    (data.root / "val/00.jpg").unlink()
    shutil.move(data.root / "train/01.jpg", data.root / "moved.jpg")
    changes = data.changes().changes
    assert changes.new == ("moved.jpg",)
    assert changes.gone == ("train/01.jpg", "val/00.jpg")
    assert changes.changed == ()
    result = data.keep()
    assert result.changes == changes
    assert result.hashed_files == 1
    assert not data.changes().changes
    assert [entry.path for entry in data.scan().files] == [entry.path for entry in result.files]


def test_a_file_that_becomes_a_folder_and_a_folder_that_becomes_a_file(data: Data) -> None:
    (data.root / "empty").unlink()
    put(data.root, "empty/inside")
    shutil.rmtree(data.root / "val")
    put(data.root, "val")
    changes = data.changes().changes
    assert changes.new == ("empty/inside", "val")
    assert "empty" in changes.gone
    assert "val/00.jpg" in changes.gone
    data.keep()


def test_a_file_replaced_by_a_link_is_read_through_the_link(data: Data) -> None:
    place = data.root / "val/00.jpg"
    place.unlink()
    place.symlink_to("../train/01.jpg")
    os.utime(place, (1, 1), follow_symlinks=False)
    edit(data.root / "train/01.jpg", b"behind the link")
    assert data.changes().changes.changed == ("train/01.jpg", "val/00.jpg")
    data.keep()
    assert data.scan().hashed_files == 0
    edit(data.root / "train/01.jpg", b"what both show now", seconds_ago=30)
    assert data.changes().changes.changed == ("train/01.jpg", "val/00.jpg")


def test_a_file_replaced_by_a_link_that_leads_out_is_gone(data: Data, tmp_path: Path) -> None:
    place = data.root / "val/00.jpg"
    status = place.stat()
    secret = put(tmp_path, "secret", place.read_bytes())
    os.utime(secret, ns=(0, status.st_mtime_ns))
    place.unlink()
    place.symlink_to(secret)
    answer = data.changes()
    assert answer.changes.gone == ("val/00.jpg",)
    assert [notice.kind for notice in answer.notices] == ["link-outside"]


def test_a_link_that_is_set_to_another_file_of_the_same_size_and_time_is_seen(data: Data) -> None:
    place = data.root / "link"
    place.symlink_to("train/01.jpg")
    os.utime(place, (1, 1), follow_symlinks=False)
    data.keep()
    assert data.scan().hashed_files == 0
    place.unlink()
    place.symlink_to("train/02.jpg")
    assert data.changes().changes.changed == ("link",)
    data.keep()


def test_a_link_put_in_place_of_a_folder_is_seen(data: Data, tmp_path: Path) -> None:
    shutil.move(data.root / "val", tmp_path / "elsewhere")
    (data.root / "val").symlink_to(tmp_path / "elsewhere")
    answer = data.changes()
    assert len(answer.changes.gone) == 10
    assert [notice.kind for notice in answer.notices] == ["link-outside"]


def test_other_patterns_are_seen_though_the_disk_is_the_same(data: Data) -> None:
    without = Patterns(exclude=("val/",))
    assert len(data.changes(without).changes.gone) == 10
    data.keep(patterns=without)
    assert not data.changes(without).changes
    assert len(data.changes().changes.new) == 10


def test_an_excluded_name_that_becomes_another_kind_of_thing_is_seen(data: Data) -> None:
    only_pictures = Patterns(include=("*.jpg",))
    put(data.root, "notes")
    data.keep(patterns=only_pictures)
    (data.root / "notes").unlink()
    put(data.root, "notes/new.jpg")
    assert data.changes(only_pictures).changes.new == ("notes/new.jpg",)


def test_a_write_in_the_same_moment_as_the_scan_is_detected(tmp_path: Path) -> None:
    data = Data(tmp_path / "root", tmp_path / "state")
    place = put(data.root, "a", b"before")
    data.keep()
    then = place.stat().st_mtime_ns
    place.write_bytes(b"after!")
    os.utime(place, ns=(then, then))
    assert data.changes().changes.changed == ("a",)
    assert data.keep().changes.changed == ("a",)


def test_a_fresh_file_is_hashed_again_until_its_time_can_be_trusted(tmp_path: Path) -> None:
    data = Data(tmp_path / "root", tmp_path / "state")
    place = put(data.root, "a", b"before")
    data.keep()
    assert data.scan().hashed_files == 1
    edit(place, b"before", seconds_ago=10)
    data.keep()
    assert data.scan().hashed_files == 0


def test_a_remounted_root_is_not_hashed_again(data: Data, tmp_path: Path) -> None:
    before = {path: path.stat().st_ino for path in data.root.rglob("*.jpg")}
    shutil.copytree(data.root, tmp_path / "copy")
    data.root.rename(tmp_path / "old")
    (tmp_path / "copy").rename(data.root)
    assert any(path.stat().st_ino != inode for path, inode in before.items())
    for path in data.root.rglob("*"):
        path.chmod(0o777)
    result = data.scan()
    assert result.hashed_files == 0
    assert not result.changes


def test_git_itself_finds_nothing_to_look_at_in_a_remounted_root(
    data: Data, tmp_path: Path
) -> None:
    shutil.copytree(data.root, tmp_path / "copy")
    data.root.rename(tmp_path / "old")
    (tmp_path / "copy").rename(data.root)
    (data.root / "val/00.jpg").chmod(0o777)
    with data.cache.watching() as suspects:
        assert suspects() == set()


TIMES = {
    "1960": -315_619_200_000_000_001,
    "1970": 0,
    "2040": 2_209_032_000_123_456_789,
    "2200": 7_258_118_400_000_000_000,
}


@pytest.mark.parametrize("year", TIMES)
def test_old_and_far_times_are_told_apart(tmp_path: Path, year: str) -> None:
    data = Data(tmp_path / "root", tmp_path / "state")
    place = put(data.root, "a", b"before")
    os.utime(place, ns=(0, TIMES[year]))
    if place.stat().st_mtime_ns != TIMES[year]:
        pytest.skip("this file system cannot keep that time")
    data.keep()
    assert data.scan().hashed_files == 0
    place.write_bytes(b"after!")
    os.utime(place, ns=(0, TIMES[year] + 1_000_000_000))
    assert data.changes().changes.changed == ("a",)
    data.keep()
    place.write_bytes(b"third.")
    os.utime(place, ns=(0, TIMES[year] + 2**32 * 1_000_000_000))
    assert data.changes().changes.changed == ("a",)


def test_a_time_beyond_64_bits_of_nanoseconds_is_no_crash(tmp_path: Path) -> None:
    data = Data(tmp_path / "root", tmp_path / "state")
    place = put(data.root, "a", b"before")
    try:
        os.utime(place, (2**34, 2**34))
    except (OSError, OverflowError):
        pytest.skip("this file system cannot keep that time")
    data.keep()
    assert not data.changes().changes


def test_sizes_that_32_bits_cannot_tell_apart_are_told_apart(tmp_path: Path) -> None:
    data = Data(tmp_path / "root", tmp_path / "state")
    place = put(data.root, "huge", b"")
    sizes = [2**32, 2**33, 2**32 + 1, 1, 0]
    for size in sizes:
        os.truncate(place, size)
        os.utime(place, ns=(5, 5))
        rows = Rows(["huge"], [size], [5], ["xxh3:" + "0" * 32])
        data.cache.commit("token", Update(data.cache.known.token, rows, (), {}))
        assert not data.changes().changes
        for other in sizes:
            if other != size and size >= 2**32:
                os.truncate(place, other)
                os.utime(place, ns=(5, 5))
                assert data.changes().changes.changed == ("huge",)


def corrupted(content: bytes) -> list[bytes]:
    """Ways in which a file is spoilt: cut, flipped at many places, emptied, replaced."""
    cut = [content[: len(content) * part // 7] for part in range(7)]
    step = max(1, len(content) // 23)
    flipped = [
        content[:at] + bytes([content[at] ^ 0x40]) + content[at + 1 :]
        for at in range(0, len(content), step)
    ]
    return [*cut, *flipped, b"\0" * len(content), os.urandom(len(content)), content + b"more"]


def test_a_damaged_index_is_forgotten_and_everything_is_hashed_again(data: Data) -> None:
    index = data.folder / "index"
    sound = index.read_bytes()
    for content in corrupted(sound):
        index.write_bytes(content)
        assert data.cache.known.token == ""
        result = data.scan()
        assert result.hashed_files == 41
        assert_true_to_disk(result, data.root)
        for name in ("journal", "delta"):
            (data.folder / name).unlink(missing_ok=True)
    data.keep()
    assert index.read_bytes() == sound


def test_a_damaged_delta_is_forgotten_with_its_token(data: Data) -> None:
    edit(data.root / "val/00.jpg", b"edited")
    data.keep("second")
    delta = data.folder / "delta"
    for content in corrupted(delta.read_bytes())[:-1]:
        delta.write_bytes(content)
        result = data.scan()
        assert data.cache.known.token == "token"
        assert result.changes.changed == ("val/00.jpg",)
        assert_true_to_disk(result, data.root)


def test_a_damaged_journal_loses_only_what_it_held(data: Data, eager_journal: None) -> None:
    edit(data.root / "val/00.jpg", b"x" * (data.root / "val/00.jpg").stat().st_size)
    data.changes()
    journal = data.folder / "journal"
    for content in corrupted(journal.read_bytes()):
        journal.write_bytes(content)
        result = data.scan()
        assert result.changes.changed == ("val/00.jpg",)
        assert_true_to_disk(result, data.root)


def test_the_memory_of_another_root_is_not_believed(data: Data, tmp_path: Path) -> None:
    other = Data(tmp_path / "other", tmp_path / "other state")
    for number in range(41):
        put(other.root, f"{number}", b"other")
    age(other.root)
    other.keep()
    for name in ("index", "delta"):
        if (other.folder / name).exists():
            shutil.copy(other.folder / name, data.folder / name)
    result = data.scan()
    assert result.hashed_files == 41
    assert_true_to_disk(result, data.root)


def test_a_delta_of_a_former_index_is_not_believed(data: Data) -> None:
    edit(data.root / "val/00.jpg", b"edited")
    data.keep("second")
    stale = (data.folder / "delta").read_bytes()
    for number in range(40):
        put(data.root, f"new/{number}")
    age(data.root / "new")
    data.keep("third")
    assert not (data.folder / "delta").exists()
    (data.folder / "delta").write_bytes(stale)
    assert data.cache.known.token == "third"
    assert not data.changes().changes


def test_names_manifests_and_algorithms_have_memories_of_their_own(
    data: Data, tmp_path: Path
) -> None:
    for cache in (
        StatIndex(data.state, "../../evil", data.root, "xxh3"),
        StatIndex(data.state, "birds", tmp_path, "xxh3"),
        StatIndex(data.state, "birds", data.root, "sha256"),
    ):
        assert cache.known.token == ""
        cache.commit("theirs", Update("", ([], [], [], []), (), {}))
    assert data.cache.known.token == "token"
    assert sorted(tmp_path.iterdir()) == [data.root, data.state]


def test_a_small_change_is_a_small_write(data: Data) -> None:
    index = data.folder / "index"
    before = (index.stat().st_ino, index.stat().st_mtime_ns)
    edit(data.root / "val/00.jpg", b"edited")
    (data.root / "val/04.jpg").unlink()
    data.keep("second")
    assert (index.stat().st_ino, index.stat().st_mtime_ns) == before
    assert data.cache.known.token == "second"
    assert not data.changes().changes
    assert data.scan().hashed_files == 0


def test_many_changes_make_a_new_index(data: Data) -> None:
    for number in range(12):
        put(data.root, f"new/{number}")
    age(data.root / "new")
    data.keep("second")
    assert not (data.folder / "delta").exists()
    assert not data.changes().changes


def test_a_file_set_back_to_its_former_self_is_seen(data: Data) -> None:
    place = data.root / "val/00.jpg"
    content, status = place.read_bytes(), place.stat()
    edit(place, b"edited")
    data.keep("second")
    place.write_bytes(content)
    os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert data.changes().changes.changed == ("val/00.jpg",)
    data.keep("third")


def test_an_index_that_came_meanwhile_is_not_mixed_with_the_one_that_was_read(data: Data) -> None:
    cache = data.cache
    with cache.watching() as suspects:
        before = cache.known
        for number in range(40):
            put(data.root, f"new/{number}")
        data.keep("second")
        assert cache.known is before
        assert suspects() is None


def test_a_commit_on_a_state_that_another_process_replaced_is_none(data: Data) -> None:
    ours = data.scan()
    put(data.root, "theirs")
    data.keep("theirs")
    data.cache.commit("ours", ours.update)
    assert data.cache.known.token == "theirs"
    assert not data.changes().changes


def test_one_memory_serves_many_questions_while_another_process_writes(data: Data) -> None:
    cache: StatCache = data.cache
    assert not find_changes(data.root, ALL, "xxh3", cache, Silent()).changes
    edit(data.root / "val/00.jpg", b"edited")
    assert find_changes(data.root, ALL, "xxh3", cache, Silent()).changes.changed == ("val/00.jpg",)
    data.keep("second")
    assert not find_changes(data.root, ALL, "xxh3", cache, Silent()).changes
    assert cache.known.token == "second"
    put(data.root, "new")
    assert find_changes(data.root, ALL, "xxh3", cache, Silent()).changes.new == ("new",)


def test_a_state_folder_that_cannot_be_written_only_costs_time(
    others_root: Path,  # noqa: F811
) -> None:
    data = Data(others_root / "root", others_root / "state")
    put(data.root, "a", b"before")
    data.state.mkdir()
    data.state.chmod(0o555)
    with ordinary_user():
        for _ in range(2):
            assert data.keep().hashed_files == 1


def test_git_that_cannot_stat_a_file_is_not_taken_for_unchanged(
    others_root: Path,  # noqa: F811
) -> None:
    data = Data(others_root / "root", others_root / "state")
    with ordinary_user():
        put(data.root, "half/a")
        age(data.root)
        data.keep()
        (data.root / "half").chmod(0o444)
        with pytest.raises(Exception, match="cannot read half/a: Permission denied"):
            data.changes()
        (data.root / "half").chmod(0o755)


def test_no_program_that_the_user_or_the_data_names_is_run(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(tmp_path / "home").items():
        monkeypatch.setenv(name, value)
    sprung = tmp_path / "sprung"
    trap = repo.write("../trap", f"#!/bin/sh\necho sprung >> '{sprung}'\ncat\n")
    trap.chmod(0o755)
    for scope in ("--global", "--local"):
        for name in (
            "filter.evil.clean",
            "filter.evil.process",
            "diff.evil.command",
            "diff.evil.textconv",
            "core.fsmonitor",
            "core.pager",
            "diff.external",
        ):
            repo.git("config", scope, name, f"'{trap}'")
        repo.git("config", scope, "core.autocrlf", "true")
        repo.git("config", scope, "core.untrackedCache", "true")
        repo.git("config", scope, "core.checkStat", "default")
        repo.git("config", scope, "filter.evil.required", "true")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    data = Data(repo.path / "data", Repository.discover(repo.path).state_dir)
    put(data.root, ".gitattributes", b"* filter=evil diff=evil eol=crlf text\n")
    place = put(data.root, "a", b"before\n")
    data.keep()
    place.write_bytes(b"after!\n")
    assert data.changes().changes.changed == ("a",)
    age(data.root)
    data.keep()
    assert not data.changes().changes
    edit(place, b"third!\n")
    assert data.changes().changes.changed == ("a",)
    assert not sprung.exists()


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
def test_every_kind_of_repository_can_keep_the_cache(tmp_path: Path, kind: str) -> None:
    top = tmp_path / "repository"
    subprocess.run(["git", "init", "-q", f"--object-format={kind}", str(top)], check=True)
    data = Data(tmp_path / "root", Repository.discover(top).state_dir)
    put(data.root, "a")
    age(data.root)
    data.keep()
    assert data.scan().hashed_files == 0


def test_a_variable_of_git_in_the_environment_changes_nothing(
    data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    monkeypatch.setenv("GIT_TRACE", "1")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.checkstat=default'")
    assert data.scan().hashed_files == 0


def test_without_git_everything_is_looked_at_by_python(
    data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert data.scan().hashed_files == 0
    edit(data.root / "val/00.jpg", b"edited")
    assert data.changes().changes.changed == ("val/00.jpg",)


INTERRUPTED = """
import sys, time
from pathlib import Path
from dsv_git.gitrepo.statindex import StatIndex
from dsv_git.scan import fresh
from dsv_git.scan import fresh
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.progress import Silent
from dsv_git.scan.scan import scan
fresh.EVERY = 0.0
class Slow(Silent):
    done = 0
    def advance(self, files, size):
        self.done += files
        print(self.done, flush=True)
        time.sleep(0.02)
root, state = Path(sys.argv[1]), Path(sys.argv[2])
scan(root, Patterns(), "xxh3", StatIndex(state, "birds", root, "xxh3"), Slow())
"""


def interrupted_scan(data: Data, after: int, number: signal.Signals) -> None:
    """A scan in a process of its own that gets a signal when it has hashed so many files."""
    work = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(data.root), str(data.state)],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert work.stdout is not None
    for line in work.stdout:
        if int(line) >= after:
            break
    work.send_signal(number)
    work.stdout.close()
    assert work.wait(timeout=30) != 0


def many_files(tmp_path: Path, count: int) -> Data:
    data = Data(tmp_path / "root", tmp_path / "state")
    for number in range(count):
        put(data.root, f"{number % 7}/{number:04}", b"%d" % number)
    age(data.root)
    return data


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_an_interrupted_scan_goes_on_where_it_stopped(
    tmp_path: Path, number: signal.Signals
) -> None:
    data = many_files(tmp_path, 1500)
    interrupted_scan(data, 1000, number)
    result = data.keep()
    assert 0 < result.hashed_files <= 500 + 350
    assert len(result.files) == 1500
    assert data.scan().hashed_files == 0


def test_a_scan_interrupted_twice_still_goes_on(tmp_path: Path) -> None:
    data = many_files(tmp_path, 1400)
    interrupted_scan(data, 300, signal.SIGKILL)
    with (data.folder / "journal").open("ab") as journal:
        journal.write(b"a record that was cut sh")
    interrupted_scan(data, 300, signal.SIGKILL)
    result = data.keep()
    assert result.hashed_files <= 1400 - 600 + 350
    assert_true_to_disk(result, data.root)


def test_what_changed_after_the_interruption_is_hashed_again(tmp_path: Path) -> None:
    data = many_files(tmp_path, 700)
    interrupted_scan(data, 600, signal.SIGKILL)
    for number in range(0, 700, 10):
        edit(data.root / f"{number % 7}/{number:04}", b"new")
    assert_true_to_disk(data.keep(), data.root)


def test_a_long_life_of_small_changes_stays_true(data: Data) -> None:
    (data.root / "life").mkdir()
    for step in range(25):
        place = data.root / f"life/{step % 7}" if step % 3 else data.root / "empty"
        edit(place, b"%d" % step, seconds_ago=1000 - step)
        if step % 5 == 4:
            (data.root / f"life/{step % 7}").unlink(missing_ok=True)
        result = data.keep(f"step {step}")
        assert data.cache.known.token == f"step {step}"
        assert {entry.path for entry in result.files} == {
            str(path.relative_to(data.root)) for path in data.root.rglob("*") if path.is_file()
        }
        assert not data.changes().changes
