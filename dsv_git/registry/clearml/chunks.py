"""The data itself in ClearML's storage: zip archives of the files that no parent has, as ClearML's
package writes and reads them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from sys import intern
from tempfile import TemporaryFile
from typing import IO, Any, Final

import msgspec

from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry
from dsv_git.registry.clearml.artifact import Artifact
from dsv_git.registry.clearml.session import Session
from dsv_git.registry.port import Draft

FIRST: Final = "data"
CHUNK: Final = 512 * 1024 * 1024
"""Bytes of files in one archive, as the package's default has it."""
PACKED: Final = frozenset(
    f".{kind}"
    for kind in (
        *("jpg", "jpeg", "png", "webp", "gif", "mp3", "mp4", "ogg", "flac", "webm", "mov", "mkv"),
        *("zip", "gz", "bz2", "xz", "zst", "7z", "parquet", "npz"),
    )
)
"""Files that deflate only makes slower."""


class File(msgspec.Struct, gc=False):
    """An entry as the package knows it: a file in an archive of a version."""

    relative_path: str
    hash: str
    """The SHA-256 of the content, which the package's own verification compares."""
    parent_dataset_id: str
    size: int
    artifact_name: str


class _State(msgspec.Struct):
    dataset_file_entries: list[msgspec.Raw]


@dataclass
class Chunks:
    """Uploads the files of a draft that its parents lack."""

    session: Session
    draft: Draft
    folder: str
    version_id: str
    artifacts: list[dict[str, Any]] = field(default_factory=list)
    """What was uploaded."""
    compressed: int = 0
    """Bytes of the archives."""

    def files(self) -> list[File]:
        """Every entry of the draft, each in the archive that holds it: uploads what is new.

        Raises InputError for a file that is not here, or not what the manifest says any more.
        """
        before = {parent: self._held_by(parent) for parent in self.draft.parents}
        found: list[File] = []

        def lacking() -> Iterator[Entry]:
            for entry in self.draft.content:
                parent = self.draft.content.inherited(entry)
                held = before[parent].get(entry.path) if parent in before else None
                if held is None:
                    yield entry
                else:
                    found.append(held)

        for chunk in _chunks(lacking()):
            found += self._upload(chunk)
        return sorted(found, key=lambda file: file.relative_path)

    def _upload(self, entries: list[Entry]) -> list[File]:
        number = len(self.artifacts)
        name = FIRST if number == 0 else f"{FIRST}_{number:03}"
        found: list[File] = []
        with TemporaryFile() as data:
            with zipfile.ZipFile(data, "w", allowZip64=True) as archive:
                for entry in entries:
                    digest = self._pack(archive, entry)
                    found.append(File(entry.path, digest, self.version_id, entry.size, name))
                    self.session.alive()
            data.seek(0, io.SEEK_END)
            self.compressed += data.tell()
            preview = "\n".join(f"{e.path} - {e.size} bytes" for e in entries[:100])
            media, file = "application/zip", f"dataset.{self.version_id}.{number}.zip"
            artifact = Artifact(name, file, "custom", media, preview)
            self.artifacts.append(artifact.sent(self.session, self.folder, data))
        # Hours of uploads must not look like a registration that was given up.
        self.session.call("tasks.ping", {"task": self.version_id})
        return found

    def _pack(self, archive: zipfile.ZipFile, entry: Entry) -> str:
        """Puts a file into the archive; gives its SHA-256."""
        packed = PurePosixPath(entry.path).suffix.lower() in PACKED
        # The same content gives the same archive: no time of a disk is in it.
        info = zipfile.ZipInfo(entry.path, (1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        digest = hashlib.sha256()
        with archive.open(info, "w", force_zip64=entry.size >= 1 << 31) as out:
            for piece in self.draft.content.pieces(entry):
                digest.update(piece)
                out.write(piece)
        return digest.hexdigest()

    def _held_by(self, parent: str) -> Mapping[str, File]:
        """The files of a parent by their paths; none of one whose files lie elsewhere."""
        task = self.session.call("tasks.get_by_id", {"task": parent})["task"]
        artifacts = (task.get("execution") or {}).get("artifacts") or ()
        uri = next((str(a["uri"]) for a in artifacts if a.get("key") == "state"), None)
        if uri is None:
            return {}
        with TemporaryFile() as data:
            self.session.download(uri, data)
            data.seek(0)
            return _read_state(data, parent)


def _read_state(data: IO[bytes], parent: str) -> dict[str, File]:
    decode = msgspec.json.Decoder(File).decode
    found: dict[str, File] = {}
    try:
        for raw in msgspec.json.decode(data.read(), type=_State).dataset_file_entries:
            file = decode(raw)
            # The same few texts, a million times.
            file.parent_dataset_id = intern(file.parent_dataset_id)
            file.artifact_name = intern(file.artifact_name)
            found[file.relative_path] = file
    except msgspec.MsgspecError as error:
        raise InputError(f"the state of the parent {parent} cannot be read: {error}") from None
    return found


def _chunks(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    chunk: list[Entry] = []
    size = 0
    for entry in entries:
        if chunk and size + entry.size > CHUNK:
            yield chunk
            chunk, size = [], 0
        chunk.append(entry)
        size += entry.size
    if chunk:
        yield chunk
