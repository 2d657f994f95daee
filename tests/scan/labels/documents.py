"""Annotation files in the form of COCO, as tests write them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dsv_git.manifest.declaration import Labels
from dsv_git.scan.labels import Labeller, open_labels

Document = dict[str, Any]
CATEGORIES = [{"id": 1, "name": "cat", "supercategory": "animal"}, {"id": 5, "name": "dog"}]


def document(images: Mapping[int, str], *annotations: Mapping[str, Any]) -> Document:
    """A document of images (file name by id) whose categories are 1, cat, and 5, dog."""
    return {
        "info": {"year": 2024},
        "licenses": [],
        "images": [
            {"id": key, "file_name": name, "width": 64, "height": 48}
            for key, name in images.items()
        ],
        "categories": CATEGORIES,
        "annotations": list(annotations),
    }


def box(key: int, image: int, category: int = 1, **fields: Any) -> dict[str, Any]:
    """An annotation as COCO writes it."""
    return {
        "id": key,
        "image_id": image,
        "category_id": category,
        "bbox": [10, 20.5, 30.0, 40.25],
        "area": 1207.5,
        "iscrowd": 0,
    } | fields


def write(place: Path, content: Document) -> Path:
    """Writes a document."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(content))
    return place


def read(root: Path, paths: Sequence[str], **files: Path) -> Labeller:
    """Reads the annotation file of every split, against entries at these paths."""
    return open_labels(Labels(coco={k: str(v) for k, v in files.items()}), files, root, paths)
