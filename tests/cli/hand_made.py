"""Manifests and records made by hand, through the codecs, for verbs that scan nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

import msgspec

from dsv_git.gitrepo.files import FolderFiles
from dsv_git.manifest.composing import write_declaration
from dsv_git.manifest.declaration import Data, Declaration
from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.identity import version_key
from dsv_git.manifest.manifest import Manifest, manifest_files
from dsv_git.manifest.parent import parse_parent
from dsv_git.manifest.record import (
    Record,
    RecordedParent,
    RecordStats,
    encode_record,
    record_path,
)
from tests.conftest import Repo


def row(
    path: str,
    content: str,
    label: str | tuple[str, ...] | None = None,
    split: str | None = None,
    **more: object,
) -> Entry:
    """An entry whose hash and size follow from its content."""
    digest = hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()
    entry = Entry(path, len(content), f"xxh3:{digest}", label, split)
    return msgspec.structs.replace(entry, **more)


def make(
    repo: Repo,
    name: str,
    version: str,
    rows: Iterable[Entry],
    *,
    data: Data | None = None,
    parents: Iterable[str] = (),
    dropped: Iterable[Dropped] = (),
    declared: Mapping[str, object] | None = None,
) -> None:
    """Writes a manifest into the working tree; the root is `data/<name>` unless `data` says."""
    declaration = Declaration(
        name=name,
        version=version,
        data=data or Data({"": f"data/{name}"}),
        parents=tuple(map(parse_parent, parents)),
    )
    declaration = replace(declaration, **(declared or {}))  # type: ignore[arg-type]
    text = write_declaration(declaration)
    files = manifest_files(text, declaration.layout, rows, dropped)
    for path, content in files.items():
        repo.write(f"manifests/{name}/{path}", content)


def read(repo: Repo, name: str) -> Manifest:
    """The manifest as the working tree has it."""
    return Manifest(name, FolderFiles(repo.path / "manifests" / name, name))


def record(
    repo: Repo, name: str, parents: Iterable[RecordedParent] = (), *, marked: bool = False
) -> Record:
    """Records what a manifest holds now, as a registration does; `marked` with its key's digits in
    the file name."""
    manifest = read(repo, name)
    d = manifest.declaration
    keys = [str(parent) for parent in d.parents]
    key = version_key(d.project, d.dataset, d.version, manifest.digest, keys)
    stats = RecordStats(len(manifest.entries), 0, 0, 0, 0, 0, {})
    made = Record(
        d.version, key, manifest.digest, "local", f"local:{key[:32]}", (), tuple(parents), stats
    )
    path = record_path(d.version, key if marked else None)
    repo.write(f"manifests/{name}/{path}", encode_record(made))
    return made


def snapshot(repo: Repo, *folders: str) -> dict[str, bytes]:
    """Every file below some folders, with its bytes."""
    return {
        path.relative_to(repo.path).as_posix(): path.read_bytes()
        for folder in folders
        for path in sorted((repo.path / folder).rglob("*"))
        if path.is_file()
    }
