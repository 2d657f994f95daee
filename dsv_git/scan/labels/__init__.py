"""Where an entry's label, split, annotations and props come from: a pattern over its path, a
table, or COCO annotation files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from dsv_git.errors import InputError
from dsv_git.manifest.declaration import Labels
from dsv_git.scan.labels.labelled import Labelled, Labeller

__all__ = ["Labelled", "Labeller", "open_labels"]


def open_labels(
    labels: Labels, files: Mapping[str, Path], root: Path, paths: Sequence[str]
) -> Labeller:
    """Reads the declared source of labels.

    `files` holds the annotation file of every split (COCO), or the table under the empty text.
    `root` is the data root, `paths` is the path of every entry below it. Raises InputError, with
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
    raise InputError("labels come from a path, a table or coco here", hint="correct labels:")
