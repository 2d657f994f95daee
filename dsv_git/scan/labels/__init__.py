"""Where an entry's label, split, annotations and props come from: a pattern over its path, a
table, or annotation files: COCO, YOLO, the metadata of an image folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from dsv_git.errors import InputError
from dsv_git.manifest.declaration import Labels
from dsv_git.manifest.entry import Entry
from dsv_git.scan.labels.labelled import Labelled, Labeller

__all__ = ["Labelled", "Labeller", "open_labels"]

_NOTHING: Final[Mapping[str, Entry]] = MappingProxyType({})


def open_labels(
    labels: Labels,
    files: Mapping[str, Path],
    root: Path,
    paths: Sequence[str],
    unchanged: Mapping[str, Entry] = _NOTHING,
) -> Labeller:
    """Reads the declared source of labels.

    `files` holds the annotation file of every split (COCO), or the table, the `data.yaml` or the
    folder of label files under the empty text. `root` is the data root, `paths` is the path of
    every entry below it. `unchanged` has entries that this very source has labelled, and whose
    content is still the same: their own label files need not be read again. Raises InputError, with
    the file and the place in it, for a source that cannot be read or contradicts itself.
    """
    if labels.path is not None:
        from dsv_git.scan.labels.pattern import PathPattern

        return PathPattern(labels.path)
    if labels.table is not None:
        from dsv_git.scan.labels.table import read_table

        return read_table(files[""], paths)
    if labels.coco is not None:
        from dsv_git.scan.labels.coco import read_coco

        return read_coco(files, root, paths)
    if labels.yolo is not None:
        from dsv_git.scan.labels.yolo import read_yolo

        return read_yolo(files[""], root, paths, unchanged)
    if labels.metadata is not None:
        from dsv_git.scan.labels.metadata import read_metadata

        return read_metadata(labels.metadata, root, paths)
    raise InputError("labels come from nowhere", hint="correct labels:")
