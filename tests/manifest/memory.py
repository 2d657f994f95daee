"""A manifest whose files are in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dsv_git.manifest.composing import write_declaration
from dsv_git.manifest.declaration import Data, Declaration
from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.layout import Layout
from dsv_git.manifest.manifest import Manifest, manifest_files
from tests.manifest.lists import CAT, DOG

OUT = Dropped("train/cat/z.jpg", DOG, "blurred")
ROWS = [
    Entry("a.jpg", 1, CAT),
    Entry("train/cat/b.jpg", 2, CAT, "cat", "train", CAT, {"k": 1.5}),
    Entry("train/dog/c.jpg", 3, DOG, ("cat", "dog"), "train"),
    Entry("été/d.jpg", 4, DOG),
]


@dataclass
class Memory:
    """The files of a manifest in memory, and which of them were read."""

    contents: Mapping[str, bytes]
    reads: list[str] = field(default_factory=list)

    @property
    def where(self) -> str:
        return "manifests/youtube"

    def blobs(self) -> Mapping[str, str]:
        return {path: f"blob of {path}" for path in sorted(self.contents, reverse=True)}

    def read(self, path: str) -> bytes:
        self.reads.append(path)
        return self.contents[path]


def whole(layout: Layout, rows: list[Entry]) -> dict[str, bytes]:
    declaration = Declaration("youtube", "1.1-youtube", Data({"": "data"}), layout=layout)
    return manifest_files(write_declaration(declaration), layout, rows, [OUT])


def manifest(files: Mapping[str, bytes]) -> Manifest:
    return Manifest("youtube", Memory(files))
