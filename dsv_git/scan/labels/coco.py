"""Labels from annotation files in the form of COCO, one of each split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import xxhash

from dsv_git.errors import InputError
from dsv_git.manifest.entry import as_label
from dsv_git.scan.labels.cocofile import CocoFile
from dsv_git.scan.labels.imagefiles import ImageFiles
from dsv_git.scan.labels.labelled import Labelled, Listed
from dsv_git.scan.notices import SAMPLE, notice


def read_coco(files: Mapping[str, Path], root: Path, paths: Sequence[str]) -> Listed:
    """Reads the annotation file of every split.

    An image's `label` is that of all its objects, its `ann` is `xxh3:` and the XXH3-128 of the
    canonical JSON list of its annotations. Raises InputError for a file that cannot be read or
    contradicts itself, and for an image that two splits list.
    """
    images = ImageFiles(root, paths)
    owners: dict[str, str] = {}
    found: dict[str, Labelled] = {}
    missing: list[str] = []
    for split, place in sorted(files.items()):
        if not split:
            raise InputError("annotations need the name of their split", where=str(place))
        file, folder = CocoFile(place), images.folder(place)
        for image in file.images:
            try:
                path = images.find(image.file_name, folder, split)
            except InputError as error:
                raise InputError(error.message, where=file.where, hint=error.hint) from None
            if path is None:
                missing.append(image.file_name)
                continue
            owner = f"{image.id!r} of {split}"
            if path in owners:
                raise InputError(
                    f"{path!r} is listed twice: as image {owners[path]} and as image {owner}",
                    where=file.where,
                    hint="an image has one split and one list of annotations",
                )
            owners[path] = owner
            labels, annotations = file.objects(image)
            found[path] = Labelled(as_label(labels), split, annotations_hash(annotations))
    notices = (notice("unmatched-label", missing[:SAMPLE], len(missing)),) if missing else ()
    return Listed(found, notices)


def annotations_hash(annotations: Sequence[bytes]) -> str:
    """The hash of an image's annotations, each in canonical JSON, in sorted order."""
    return f"xxh3:{xxhash.xxh3_128_hexdigest(b'[' + b','.join(annotations) + b']')}"
