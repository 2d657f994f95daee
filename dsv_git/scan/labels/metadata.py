"""Labels from the metadata files of an image folder, as Hugging Face datasets keeps them.

In any folder of the data a file of that name describes the images below it: `file_name` is relative
to it, `label`, `labels` or `objects` is what an image shows, the split is the folder's.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError
from dsv_git.manifest.entry import as_label
from dsv_git.scan.labels.labelled import Labelled, Listed
from dsv_git.scan.labels.metadatarow import metadata_rows
from dsv_git.scan.notices import SAMPLE, notice, shown

SPLITS: Final = frozenset(
    "train training test testing eval evaluation val valid validation dev".split()  # noqa: SIM905
)
"""Folders that are splits, in any case."""


def read_metadata(name: str, root: Path, paths: Sequence[str]) -> Listed:
    """Reads every file called `name` in the folders of the entries.

    Raises InputError with the file and the line for what is no such file, and for an image that is
    described twice; and where there is no such file at all.
    """
    present = frozenset(paths)
    owners: dict[str, str] = {}
    found: dict[str, Labelled] = {}
    missing: list[str] = []
    folders = [folder for folder in folders_of(paths) if (root / folder / name).is_file()]
    if not folders:
        raise InputError(
            f"there is no {name} in the data", where=str(root), hint="correct labels.metadata"
        )
    for folder in folders:
        place = root / folder / name
        for row in metadata_rows(place):
            where = f"{shown(str(place))}:{row.line}"
            path = posixpath.normpath(posixpath.join(folder, row.file_name))
            if path in owners:
                raise InputError(f"{path!r} is described by {owners[path]} too", where=where)
            owners[path] = where
            if path in present:
                split = row.split if row.split is not None else split_of(path)
                found[path] = Labelled(as_label(row.labels), split, row.ann, row.props)
            else:
                missing.append(path)
    notices = (notice("unmatched-label", missing[:SAMPLE], len(missing)),) if missing else ()
    return Listed(found, notices)


def folders_of(paths: Iterable[str]) -> list[str]:
    """The folders of paths and all that are above them, sorted; the root is the empty text."""
    found = {""}
    for path in paths:
        folder = posixpath.dirname(path)
        while folder not in found:
            found.add(folder)
            folder = posixpath.dirname(folder)
    return sorted(found)


def split_of(path: str) -> str | None:
    """The first folder of a path that is called like a split."""
    return next((part for part in path.split("/")[:-1] if part.lower() in SPLITS), None)
