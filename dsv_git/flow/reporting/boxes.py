"""The boxes of an image's annotations, where the file that they came from is still at hand."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError
from dsv_git.flow.data.labelling import LabelSource
from dsv_git.flow.data.roots import roots
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest

Box = tuple[float, float, float, float]
"""Left, top, width and height in pixels of the image as it is stored."""

MOST: Final = 200
"""Boxes of one image; more would hide it."""


@dataclass(frozen=True)
class Boxes:
    """The annotations that one side of a manifest was made from.

    They are looked for in the files of COCO that it declares, as git has them in `commit` and as
    they are on disk now. What is found is proved by the entry's `ann`: boxes are those of the very
    annotations, or none.
    """

    workspace: Workspace
    manifest: Manifest
    commit: str | None

    def of(self, entry: Entry) -> tuple[Box, ...]:
        """The boxes of an entry; none where its annotations are not at hand or have no box."""
        return self._found.get(entry.ann, ()) if entry.ann is not None else ()

    @cached_property
    def _found(self) -> dict[str, tuple[Box, ...]]:
        """The boxes by the hash of an image's annotations."""
        found: dict[str, tuple[Box, ...]] = {}
        labels = self.manifest.declaration.labels
        if labels is None or not labels.coco:
            return found
        with tempfile.TemporaryDirectory() as folder:
            for place in self._files(Path(folder)):
                with suppress(InputError, OSError):
                    found.update(_read(place))
        return found

    def _files(self, folder: Path) -> list[Path]:
        """The annotation files: those on disk, and where git tracks one, as the commit has it."""
        declaration, places = self.manifest.declaration, []
        with suppress(InputError):
            found = roots(self.workspace, self.manifest.name, declaration.data)
            source = LabelSource(self.workspace, declaration, found)
            places = list(source.files.values())
        coco = declaration.labels.coco if declaration.labels is not None else None
        tops = ["", *(f"{root}/" for root in declaration.data.roots.values())]
        for number, name in enumerate((coco or {}).values()):
            for top in tops if self.commit is not None else ():
                blob = self.workspace.objects.read(f"{self.commit}:{top}{name}")
                if blob is not None and blob[1] == "blob":
                    place = folder / f"{number}.json"
                    place.write_bytes(blob[2])
                    places.append(place)
                    break
        return places


def _read(place: Path) -> dict[str, tuple[Box, ...]]:
    from dsv_git.scan.labels.coco import annotations_hash
    from dsv_git.scan.labels.cocofile import CocoFile

    file = CocoFile(place)
    found = {}
    for image in file.images:
        _, annotations = file.objects(image)
        boxes = tuple(box for text in annotations[:MOST] if (box := _box(text)) is not None)
        if boxes:
            found[annotations_hash(annotations)] = boxes
    return found


def _box(text: bytes) -> Box | None:
    box = json.loads(text).get("bbox")
    if not isinstance(box, list) or len(box) != 4:
        return None
    if not all(isinstance(one, (int, float)) and abs(one) < 1e6 for one in box):
        return None
    left, top, width, height = map(float, box)
    return (left, top, width, height) if width > 0 and height > 0 else None
