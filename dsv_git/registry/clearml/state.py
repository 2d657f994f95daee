"""The artifacts of a version: `state`, which ClearML's package reads, and `manifest`, from which
the version can be rebuilt when only ClearML is left. Both are streamed, list by list."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import IO, Final

import msgspec

from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import DECLARATION, DROPPED, Manifest
from dsv_git.registry.clearml.chunks import File
from dsv_git.registry.port import Content

STATE: Final = "state"
MANIFEST: Final = "manifest"
CONTENT: Final = "Dataset Content"
ROWS: Final = 15_000
"""Rows of the content preview: as many as ClearML's package sends."""
PREVIEW: Final = 4_000_000
"""Its bytes: the server keeps it in one document with the rest, which may have 16 MB."""


class _Link(msgspec.Struct, gc=False):
    """An entry as the package knows it: a file that lies elsewhere."""

    link: str
    relative_path: str
    parent_dataset_id: str
    size: int
    hash: str


def write_link_state(
    into: IO[bytes], version_id: str, content: Content, graph: Mapping[str, list[str]]
) -> None:
    """The state of a version whose files lie elsewhere. Each link belongs to this version itself,
    so that a local copy needs no other version to be there."""
    links = (
        _Link(content.address(entry), entry.path, version_id, entry.size, entry.hash)
        for entry in content
    )
    _write(into, version_id, "dataset_link_entries", links, graph, 0)


def write_file_state(
    into: IO[bytes],
    version_id: str,
    files: Iterable[File],
    graph: Mapping[str, list[str]],
    chunks: int,
) -> None:
    """The state of a version whose files are in archives, `chunks` of them its own."""
    _write(into, version_id, "dataset_file_entries", files, graph, chunks)


def _write(
    into: IO[bytes],
    version_id: str,
    kind: str,
    entries: Iterable[_Link | File],
    graph: Mapping[str, list[str]],
    chunks: int,
) -> None:
    files = size = 0
    encode = msgspec.json.Encoder().encode
    into.write(f'{{"{kind}":['.encode())
    for entry in entries:
        into.write((b"," if files else b"") + encode(entry))
        files += 1
        size += entry.size
    rest: dict[str, object] = {
        "dependency_graph": graph,
        "dependency_chunk_lookup": {version_id: chunks},
        "file_count": files,
        "total_size": size,
        "id": version_id,
        "dirty": False,
    }
    for other in {"dataset_file_entries", "dataset_link_entries"} - {kind}:
        rest[other] = []
    into.write(b"]," + encode(rest)[1:])


def write_manifest(into: IO[bytes], manifest: Manifest) -> None:
    """The manifest's folder without its records, as a gzipped tar that is always the same."""
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=into, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        others = [DROPPED] if DROPPED in manifest.files.blobs() else []
        for path in (DECLARATION, *others, *manifest.lists):
            data = manifest.files.read(path)
            info = tarfile.TarInfo(f"{manifest.name}/{path}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def content_preview(content: Iterable[Entry], files: int) -> str:
    """The table that the web page shows as the version's content: as many rows as there is room."""
    rows: list[str] = []
    room = PREVIEW
    for row in islice(_rows(content), ROWS):
        room -= len(row.encode()) + 1
        if room < 0:
            break
        rows.append(row)
    told = f"{files} files" if len(rows) == files else f"the first {len(rows)} of {files} files"
    return "\n".join([f"File Name ({told}), File Size, Hash", *rows])


def _rows(content: Iterable[Entry]) -> Iterator[str]:
    return (f"{shown(entry)}, {entry.size}, {entry.hash}" for entry in content)


def shown(entry: Entry) -> str:
    """A path as one cell of the page's table, which is split at commas and at line ends."""
    escaped = entry.path.replace("%", "%25") if set(entry.path) & set(",\r\n") else entry.path
    return escaped.replace(",", "%2C").replace("\r", "%0D").replace("\n", "%0A")
