"""A version of a dataset as Python code works with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dsv_git.diff.changes import Diff, diff_entries
from dsv_git.diff.stats import Stats, stats
from dsv_git.errors import InputError
from dsv_git.flow.data.roots import inside, locate, override_name
from dsv_git.manifest.annotation_files import annotation_files
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.entry import Entry
from dsv_git.scan.storage.opening import Location

if TYPE_CHECKING:
    from dsv_git.registry.clearml.usage import Task
    from dsv_git.review.frame import DataFrame


@dataclass(frozen=True)
class Dataset:
    """A version of a dataset: iterate over it, and ask `path` where a file is.

    `id` is None where the version is not registered, `key` where a parent of it is unknown.
    `dataset` is the name that the registry knows the manifest `name` by.
    """

    name: str
    version: str
    id: str | None
    key: str | None
    digest: str
    dataset: str
    entries: tuple[Entry, ...] = field(repr=False, hash=False)
    declaration: Declaration = field(repr=False, compare=False)
    """What `manifest.yaml` says: parents, description, tags, properties, where the data lies."""
    _located: Mapping[str, Location] | InputError = field(repr=False, compare=False)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @cached_property
    def stats(self) -> Stats:
        """Files, bytes, labels, splits, sizes, duplicates."""
        return stats(self.entries, annotation_files(self.declaration))

    def diff(self, before: Dataset) -> Diff:
        """What changed from `before` to this version: added, removed, modified, renamed, copied,
        relabelled, reannotated. Both may be of any manifests."""
        return diff_entries(before.entries, self.entries)

    def to_pandas(self, *, files: bool = False) -> DataFrame:
        """The entries as a table, a row each in their order: `path`, `size` (bytes), `hash`,
        `label` (a text; a list where an image has several), `split`, `ann`, a column
        `props.<name>` for each prop that any entry has, None where an entry lacks it; with `files`
        also `file`, the absolute path on this machine.

        Raises InputError where pandas is not installed, or as `path` does.
        """
        from dsv_git.review.frame import frame

        return frame(self.entries, [str(path) for path in self.paths] if files else None)

    def use(self, task: Task | None = None, *, alias: str | None = None) -> Dataset:
        """Records in a ClearML task that it uses this version, as `clearml.Dataset.get(alias=…)`
        does, and returns the dataset: `data = dsv_git.load("pets").use()`.

        The task is that of this process (`clearml.Task.init`) unless one is given, the alias the
        manifest's name. Of the data nothing is read and nothing downloaded.

        Raises InputError where the version has no ID in ClearML, or there is no task.
        """
        from dsv_git.registry.clearml.usage import record_use

        record_use(
            task,
            self._clearml_id(),
            alias=alias or self.name,
            dataset=self.dataset,
            version=self.version,
        )
        return self

    def _clearml_id(self) -> str:
        from dsv_git.registry.local import NAME as LOCAL

        name = f"{self.name}@{self.version}"
        if self.id is None:
            raise InputError(
                f"{name} is not registered, so no task can name it", hint="commit it, or dsv sync"
            )
        if self.id.startswith(f"{LOCAL}:"):
            raise InputError(
                f"{name} is registered here alone ({self.id}): ClearML has no ID for it",
                hint="registry: clearml in .dsv.yaml, then dsv sync",
            )
        return self.id

    @property
    def roots(self) -> Mapping[str, Path]:
        """The folder of every data root on this machine, by its mount; the mount of a single one
        is empty. Raises InputError for a root that is a URL."""
        return {mount: self._folder(mount) for mount in self._locations}

    @property
    def _locations(self) -> Mapping[str, Location]:
        if isinstance(self._located, InputError):
            raise self._located
        return self._located

    def _folder(self, mount: str) -> Path:
        place = self._locations[mount]
        if isinstance(place, Path):
            return place
        raise InputError(
            f"the data of {self.name} is at {place}, in no folder of this machine",
            hint=f"use .url(entry), or git config {override_name(self.name, mount)} FOLDER",
        )

    @property
    def root(self) -> Path:
        """The folder of the data on this machine. Raises InputError where there are several."""
        if len(self.roots) > 1:
            raise InputError(
                f"{self.name} has several roots: {', '.join(self.roots)}", hint="use .roots"
            )
        return next(iter(self.roots.values()))

    def path(self, entry: Entry) -> Path:
        """The absolute path of an entry's file, which is below its root; whether it is there is
        not looked at. Raises InputError for an entry whose path is not safe."""
        return locate(self.roots, entry.path)

    def url(self, entry: Entry) -> str:
        """Where an entry's file is, as a URL that fsspec and most loaders take: below a root that
        is a URL, such as `s3://lake/pets/1.jpg`, or `file://` and the absolute path. Raises
        InputError as `path` does, but not for a root that is a URL."""
        mount, path = inside(self._locations, entry.path)
        place = self._locations[mount]
        return (place / path).as_uri() if isinstance(place, Path) else place.file(path)

    @property
    def paths(self) -> Iterator[Path]:
        """The absolute path of every entry's file, in the order of the entries."""
        return map(self.path, self.entries)
