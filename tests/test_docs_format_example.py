"""The whole example of docs/manifest-format.md: its digest, its key, its record."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from shutil import which

import pytest

from dsv_git.manifest.dropped import decode_dropped, encode_dropped
from dsv_git.manifest.filelist import encode_entries
from dsv_git.manifest.identity import list_digest, version_key
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.record import decode_record, encode_record, record_path
from tests.docs_format import BLOCKS, TEXT

FOLDER = "youtube/"


class Printed:
    """The manifest of the last section, with the record and the dropped.jsonl of theirs."""

    where = "manifests/youtube"

    def __init__(self) -> None:
        self.files = {
            name.removeprefix(FOLDER): body.encode()
            for name, body in BLOCKS.items()
            if name.startswith(FOLDER)
        }
        self.files["dropped.jsonl"] = BLOCKS["dropped"].encode()
        self.files["versions/1.1-youtube.json"] = BLOCKS["record"].encode()

    def blobs(self) -> Mapping[str, str]:
        return dict.fromkeys(self.files, "")

    def read(self, path: str) -> bytes:
        return self.files[path]


EXAMPLE = Manifest("youtube", Printed())


def test_the_whole_example_reads() -> None:
    declaration = EXAMPLE.declaration
    assert declaration.version == "1.1-youtube"
    assert [entry.path for entry in EXAMPLE.entries] == [
        "credits.txt",
        "train/cat/frame_000120.jpg",
        "train/cat/frame_000144.jpg",
        "train/dog/frame_000504.jpg",
        "train/dog/frame_000528.jpg",
    ]
    written = EXAMPLE.layout.split(EXAMPLE.entries)
    assert {path: encode_entries(rows) for path, rows in written.items()} == {
        path: EXAMPLE.files.read(path) for path in EXAMPLE.lists
    }


def test_the_record_and_the_dropped_rows_have_their_one_form() -> None:
    data = BLOCKS["record"].encode()
    found = decode_record(data, "record")
    assert encode_record(found) == data
    assert found.digest == EXAMPLE.digest
    assert found.id == f"local:{found.key[:32]}"
    assert found.stats.files == len(EXAMPLE.entries)
    assert found.stats.bytes == sum(entry.size for entry in EXAMPLE.entries)
    assert record_path(found.version) in Printed().files
    dropped = BLOCKS["dropped"].encode()
    assert encode_dropped(decode_dropped(dropped, "dropped")) == dropped


def test_the_digest_is_that_of_the_printed_lines() -> None:
    lines = "".join(f"{list_digest(EXAMPLE.files.read(path))}  {path}\n" for path in EXAMPLE.lists)
    assert BLOCKS["digest-lines"] == lines
    assert f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}" == EXAMPLE.digest
    assert TEXT.count(EXAMPLE.digest) >= 2


@pytest.mark.skipif(which("sha256sum") is None, reason="the command needs coreutils")
def test_the_command_prints_the_digest(tmp_path: Path) -> None:
    for path, data in Printed().files.items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    done = subprocess.run(
        ["/bin/sh", "-c", BLOCKS["digest"]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"sha256:{done.stdout.split()[0]}" == EXAMPLE.digest


def test_the_key_is_that_of_the_printed_json() -> None:
    text = BLOCKS["key-text"].removesuffix("\n")
    project, dataset, version, digest, parents = json.loads(text)
    key = hashlib.sha256(text.encode()).hexdigest()
    assert key == version_key(project, dataset, version, digest, parents)
    declaration = EXAMPLE.declaration
    assert (project, dataset) == (declaration.project, declaration.dataset)
    assert (version, digest) == (declaration.version, EXAMPLE.digest)
    found = EXAMPLE.record("1.1-youtube")
    assert found is not None
    assert found.key == key
    assert found.parents[0].id == f"local:{parents[0][:32]}"
