"""What holds of every storage; one that is new joins the fixture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest

from dsv_git.errors import InputError
from dsv_git.manifest.url import Url, parse_url
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.refusals import RootMissing
from dsv_git.scan.storage.blobs import Blobs
from dsv_git.scan.storage.bucket import Bucket
from dsv_git.scan.storage.folder import Folder
from dsv_git.scan.storage.port import Changed, Storage
from dsv_git.scan.storage.web import Web
from tests.stores import Store, s3, web

NO_PATTERNS = Patterns()


@pytest.fixture(scope="module")
def bucket_server() -> Iterator[Store]:
    with pytest.MonkeyPatch.context() as patch, s3() as store:
        for name, value in store.env.items():
            patch.setenv(name, value)
        yield store


@pytest.fixture(params=["folder", "bucket", "blobs", "web"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    place = tmp_path / "data"
    place.mkdir()
    if request.param == "folder":
        yield Folder(place)
    elif request.param == "bucket":
        request.getfixturevalue("bucket_server")
        yield new_bucket()
    elif request.param == "blobs":  # what gs:// and az:// are read with, on a store in memory
        yield Blobs(Url("memory", uuid4().hex, "pets"))
    else:
        with web(tmp_path) as store:
            url = parse_url(f"{store.url}/data")
            folder = Folder(place)
            listed = lambda: [one.path for one in folder.files(NO_PATTERNS)]  # noqa: E731
            yield Served(url, listed=listed, folder=folder)


def new_bucket() -> Bucket:
    bucket = Bucket(Url("s3", uuid4().hex, "a b/pets"))
    bucket._system.call_s3("create_bucket", Bucket=bucket.url.host)
    return bucket


@dataclass(frozen=True)
class Served(Web):
    """A web server is only read: what it serves is a folder."""

    folder: Folder | None = None


def behind(storage: Storage) -> Storage:
    """What is written to."""
    return storage.folder if isinstance(storage, Served) and storage.folder else storage


def put(storage: Storage, path: str, content: bytes) -> None:
    behind(storage).put(path, BytesIO(content))


def content(storage: Storage, path: str) -> bytes:
    with storage.open(path) as stream:
        return stream.read()


def test_what_was_put_is_listed_and_read(storage: Storage) -> None:
    put(storage, "a/ä b%.jpg", b"one")
    put(storage, "empty", b"")
    found = {one.path: one.size for one in storage.files(NO_PATTERNS)}
    assert found == {"a/ä b%.jpg": 3, "empty": 0}
    assert content(storage, "a/ä b%.jpg") == b"one"
    assert content(storage, "empty") == b""


def test_patterns_choose_what_is_listed(storage: Storage) -> None:
    put(storage, "a/1.jpg", b"1")
    put(storage, "a/1.txt", b"1")
    assert [one.path for one in storage.files(Patterns(("*.jpg",)))] == ["a/1.jpg"]


def test_a_file_is_known_by_its_path_and_one_that_is_not_there_is_none(storage: Storage) -> None:
    put(storage, "a/1.jpg", b"one")
    found = storage.stat("a/1.jpg")
    assert found is not None
    assert (found.path, found.size) == ("a/1.jpg", 3)
    assert storage.stat("a/2.jpg") is None
    assert storage.stat("a") is None
    assert storage.stat("a/1.jpg/b") is None


def test_put_takes_the_place_of_what_was_there(storage: Storage) -> None:
    put(storage, "a/1.jpg", b"one")
    put(storage, "a/1.jpg", b"another")
    assert content(storage, "a/1.jpg") == b"another"
    assert len(list(storage.files(NO_PATTERNS))) == 1


def test_a_deleted_file_is_gone_and_deleting_it_again_is_no_error(storage: Storage) -> None:
    put(storage, "a/b/1.jpg", b"one")
    behind(storage).delete("a/b/1.jpg")
    behind(storage).delete("a/b/1.jpg")
    assert list(storage.files(NO_PATTERNS)) == []


def test_the_stamp_is_another_one_after_a_write(storage: Storage) -> None:
    put(storage, "a/1.jpg", b"one")
    before = storage.stat("a/1.jpg")
    put(storage, "a/1.jpg", b"two")
    after = storage.stat("a/1.jpg")
    assert before is not None
    assert after is not None
    assert before.stamp != after.stamp
    assert list(storage.files(NO_PATTERNS)) == [after]
    with storage.open("a/1.jpg", after.stamp) as stream:
        assert stream.read() == b"two"
    with pytest.raises(Changed, match="changes while it is read"):
        storage.open("a/1.jpg", before.stamp)


def test_a_content_is_read_in_pieces(storage: Storage) -> None:
    data = bytes(range(256)) * 5000
    put(storage, "1.bin", data)
    with storage.open("1.bin") as stream:
        assert stream.read(5) == data[:5]
        assert stream.read(1 << 19) == data[5 : 5 + (1 << 19)]
        assert stream.read() == data[5 + (1 << 19) :]


def test_a_file_that_is_not_there_is_no_stream(storage: Storage) -> None:
    with pytest.raises(InputError, match=r"nothing\.jpg"):
        storage.open("nothing.jpg")


@pytest.mark.parametrize("path", ["../out", "/etc/passwd", "a/../../out", ".git/config", ""])
def test_no_path_leads_out(storage: Storage, path: str) -> None:
    for act in (storage.stat, storage.open, storage.local, storage.delete):
        with pytest.raises(InputError):
            act(path)
    with pytest.raises(InputError):
        put(storage, path, b"")


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(RootMissing):
        list(Folder(tmp_path / "nowhere").files(NO_PATTERNS))


def test_a_symbolic_link_out_of_a_folder_is_followed_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/1.jpg").write_bytes(b"secret")
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "out").symlink_to(tmp_path / "secret")
    (folder / "1.jpg").symlink_to(tmp_path / "secret/1.jpg")
    place = Folder(folder)
    assert place.stat("out/1.jpg") is None
    assert place.stat("1.jpg") is None
    for act in (place.open, place.delete):
        with pytest.raises(InputError, match="leads out"):
            act("out/1.jpg")
    with pytest.raises(InputError, match="leads out"):
        put(place, "out/2.jpg", b"")
    assert (tmp_path / "secret/1.jpg").read_bytes() == b"secret"


def test_a_put_that_fails_leaves_what_was_there_and_no_rest(tmp_path: Path) -> None:
    class Broken(BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(5, "Input/output error")

    place = Folder(tmp_path)
    put(place, "a/1.jpg", b"one")
    with pytest.raises(InputError, match="Input/output"):
        place.put("a/1.jpg", Broken())
    assert content(place, "a/1.jpg") == b"one"
    assert [one.path for one in place.files(NO_PATTERNS)] == ["a/1.jpg"]
