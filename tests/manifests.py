"""Manifests written by hand, for tests that need no scan."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from dsv_git.manifest.composing import write_declaration
from dsv_git.manifest.declaration import Data, Declaration
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.layout import Layout
from dsv_git.manifest.manifest import manifest_files
from dsv_git.manifest.parent import parse_parent
from tests.conftest import ANY_CONTENT, Repo

__all__ = ["ANY_CONTENT", "INITIAL", "entries", "write_manifest"]

INITIAL = {"train/cat/a.jpg": "1", "train/dog/b.jpg": "2", "val/cat/c.jpg": "3"}


def entries(contents: Mapping[str, str]) -> list[Entry]:
    """Entries whose hash follows from a short text, label and split from the path."""
    found = []
    for path, text in contents.items():
        parts = path.split("/")
        label = parts[-2] if len(parts) > 1 else None
        split = parts[-3] if len(parts) > 2 else None
        digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        found.append(Entry(path, len(text), f"xxh3:{digest}", label, split))
    return found


def write_manifest(
    repo: Repo,
    name: str,
    version: str,
    contents: Mapping[str, str] = INITIAL,
    parents: Iterable[str] = (),
    layout: Layout | None = None,
    **more: str,
) -> None:
    """Writes a manifest into the working tree, records left alone."""
    layout = layout or Layout()
    declaration = Declaration(
        name=name,
        version=version,
        data=Data({"": f"data/{name}"}),
        parents=tuple(parse_parent(parent) for parent in parents),
        layout=layout,
        **more,  # type: ignore[arg-type]
    )
    folder = repo.path / "manifests" / name
    files = manifest_files(write_declaration(declaration), layout, entries(contents), ())
    for old in folder.glob("files/**/*.jsonl"):
        if old.relative_to(folder).as_posix() not in files:
            old.unlink()
    for path, data in files.items():
        repo.write(f"manifests/{name}/{path}", data)
