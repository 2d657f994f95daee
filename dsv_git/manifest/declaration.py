"""What `manifest.yaml` declares, as typed nouns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from dsv_git.manifest.layout import Layout
from dsv_git.manifest.parent import Parent

FILE: Final = "manifest.yaml"
DEFAULT_PROJECT: Final = "Datasets"
KEYS: Final = (
    "format",
    "dataset",
    "project",
    "version",
    "description",
    "parents",
    "made_by",
    "tags",
    "data",
    "labels",
    "samples",
    "reports",
    "properties",
    "layout",
)
Algorithm = Literal["xxh3", "sha256", "etag"]
"""How contents are told apart; `etag` is what an object store itself says of one."""
ALGORITHMS: Final = ("xxh3", "sha256", "etag")


@dataclass(frozen=True)
class Data:
    """Where the data lies. `roots` maps a mount (the first part of its entries' paths) to a root;
    a manifest of one root has it under the empty mount."""

    roots: Mapping[str, str]
    url: str | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    algorithm: Algorithm = "xxh3"
    upload: bool = False


@dataclass(frozen=True)
class Labels:
    """Where an entry's label, split, annotations and props come from: exactly one is given.

    `yolo` is a folder of label files or a `data.yaml`, `metadata` the name of the files that
    describe the images of the folders that they lie in.
    """

    path: str | None = None
    table: str | None = None
    coco: Mapping[str, str] | None = None
    yolo: str | None = None
    metadata: str | None = None


@dataclass(frozen=True)
class Reports:
    """A person's own files for the version's page in the registry, relative to the repository."""

    tables: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    media: tuple[str, ...] = ()


@dataclass(frozen=True)
class Declaration:
    """A manifest as people write and review it."""

    name: str
    version: str
    data: Data
    dataset: str = ""
    project: str = DEFAULT_PROJECT
    description: str = ""
    parents: tuple[Parent, ...] = ()
    made_by: str = ""
    """The command that made this version, as a person can type it again; see `made_by.py`."""
    tags: tuple[str, ...] = ()
    labels: Labels | None = None
    samples: int | None = None
    reports: Reports = field(default_factory=Reports)
    properties: Mapping[str, str] = field(default_factory=dict)
    layout: Layout = field(default_factory=Layout)
