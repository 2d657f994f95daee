"""Scans of a bucket on a real S3 API: what is asked, and what happens while others write."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import xxhash

from dsv_git.errors import InputError
from dsv_git.gitrepo.statindex import StatIndex
from dsv_git.manifest.declaration import Algorithm
from dsv_git.manifest.url import Url
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.progress import Silent
from dsv_git.scan.remote import RemoteSource, find_remote_changes, scan_remote
from dsv_git.scan.scan import ScanResult
from dsv_git.scan.storage.bucket import PART, Bucket
from tests.stores import Store, s3


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    with s3() as running:
        for name, value in running.env.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def bucket(store: Store) -> Bucket:
    found = Bucket(Url("s3", "lake", "pets"))
    found._system.call_s3("create_bucket", Bucket="lake")
    return found


def source(bucket: Bucket, state: Path, algorithm: Algorithm = "xxh3") -> RemoteSource:
    cache = StatIndex(state, "pets", str(bucket.url), algorithm)
    return RemoteSource(bucket, Patterns(), algorithm, cache, Silent(), 32)


def keep(found: ScanResult, of: RemoteSource) -> None:
    of.cache.commit("token", found.update)


def put(bucket: Bucket, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        bucket.put(path, BytesIO(content))


def test_a_listing_is_one_request_for_a_thousand_objects(
    bucket: Bucket, store: Store, tmp_path: Path
) -> None:
    from moto.backends import get_backend

    backend = get_backend("s3")["123456789012"]["aws"]
    for number in range(2001):
        backend.put_object("lake", f"pets/{number:04}", b"%d" % number)
    store.asked.clear()
    first = source(bucket, tmp_path, "etag")
    found = scan_remote(first)
    assert len(found.files) == 2001
    assert (store.count("GET", "list-type"), len(store.asked)) == (3, 3)
    keep(found, first)
    store.asked.clear()
    assert not find_remote_changes(source(bucket, tmp_path, "etag")).changes
    assert len(store.asked) == 3


def test_each_content_is_read_once_and_in_one_request(
    bucket: Bucket, store: Store, tmp_path: Path
) -> None:
    files = {f"{n}.jpg": b"%d" % n * n for n in range(50)} | {"big.bin": bytes(3 << 20)}
    put(bucket, files)
    store.asked.clear()
    first = source(bucket, tmp_path)
    found = scan_remote(first)
    assert {entry.path: entry.hash for entry in found.files} == {
        path: f"xxh3:{xxhash.xxh3_128_hexdigest(content)}" for path, content in files.items()
    }
    assert [entry.path for entry in found.files] == sorted(files)
    assert len(store.asked) == 1 + len(files)
    keep(found, first)
    store.asked.clear()
    again = scan_remote(source(bucket, tmp_path))
    assert (again.files, again.hashed_files, len(store.asked)) == (found.files, 0, 1)


def test_an_object_that_is_written_while_it_is_listed_is_read_as_it_is_then(
    bucket: Bucket, store: Store, tmp_path: Path
) -> None:
    put(bucket, {"1.jpg": b"one"})
    writes = iter([b"two", b"three"])

    def write(method: str, path: str) -> None:
        if method == "GET" and "list-type" not in path:
            content = next(writes, None)
            if content is not None:
                put(bucket, {"1.jpg": content})

    store.before = write
    (entry,) = scan_remote(source(bucket, tmp_path)).files
    assert entry.hash == f"xxh3:{xxhash.xxh3_128_hexdigest(b'three')}"
    assert entry.size == 5


def test_an_object_that_does_not_stop_changing_is_refused(
    bucket: Bucket, store: Store, tmp_path: Path
) -> None:
    put(bucket, {"1.jpg": b"0"})
    count = iter(range(1, 1000))

    def write(method: str, path: str) -> None:
        if method == "GET" and "list-type" not in path:
            put(bucket, {"1.jpg": b"%d" % next(count)})

    store.before = write
    with pytest.raises(InputError, match=r"1\.jpg changes while it is read"):
        scan_remote(source(bucket, tmp_path))


def test_an_object_that_goes_meanwhile_is_said(
    bucket: Bucket, store: Store, tmp_path: Path
) -> None:
    put(bucket, {"1.jpg": b"0", "2.jpg": b"0"})

    def remove(method: str, path: str) -> None:
        if method == "GET" and "1.jpg" in path:
            bucket.delete("1.jpg")

    store.before = remove
    with pytest.raises(InputError, match=r"1\.jpg vanished"):
        scan_remote(source(bucket, tmp_path))


def test_the_same_content_in_other_parts_is_seen_to_be_the_same(
    bucket: Bucket, tmp_path: Path
) -> None:
    content = bytes(PART) + b"end"
    bucket.put("big.bin", BytesIO(content))
    first = source(bucket, tmp_path)
    found = scan_remote(first)
    keep(found, first)
    bucket._system.call_s3("put_object", Bucket="lake", Key="pets/big.bin", Body=content)
    assert find_remote_changes(source(bucket, tmp_path)).changes.changed == ("big.bin",)
    second = source(bucket, tmp_path)
    again = scan_remote(second)
    assert not again.changes
    keep(again, second)
    assert not find_remote_changes(source(bucket, tmp_path)).changes


def test_an_upload_that_fails_leaves_what_was_there(bucket: Bucket) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > PART:
                raise OSError(5, "Input/output error")
            return super().read(size)

    put(bucket, {"big.bin": b"former"})
    with pytest.raises(Exception, match="Input/output"):
        bucket.put("big.bin", Broken(bytes(2 * PART + 1)))
    with bucket.open("big.bin") as stream:
        assert stream.read() == b"former"
    listed = bucket._system.call_s3("list_multipart_uploads", Bucket="lake")
    assert not listed.get("Uploads")
