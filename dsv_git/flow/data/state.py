"""The data of a manifest on this machine against its entries, as cheaply as it can be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from dsv_git.errors import InputError, Unreachable
from dsv_git.flow.data.roots import override_name
from dsv_git.flow.data.scanning import DataScan
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import printable
from dsv_git.scan.progress import Progress

SAMPLE: Final = 5
"""How many paths are named."""


@dataclass(frozen=True)
class DataState:
    """The data of a manifest against its entries.

    `way` says how it was compared: `known` (by what is remembered of each file's content), `size`
    (by path and size, where nothing was ever hashed here) or `none`, and then `reason` says why.
    """

    way: Literal["known", "size", "none"]
    new: int = 0
    gone: int = 0
    changed: int = 0
    relabelled: int = 0
    sample: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def differences(self) -> int:
        """How many differences there are."""
        return self.new + self.gone + self.changed + self.relabelled

    @property
    def clean(self) -> bool:
        """Whether the data is what the manifest says, as far as could be told."""
        return self.way != "none" and not self.differences


class DataLook:
    """A look at the data of one manifest: `quick` first, and `thorough` where that knows nothing.

    Between the two other work may end that must not run while files are hashed.
    """

    def __init__(self, workspace: Workspace, manifest: Manifest, progress: Progress) -> None:
        self._workspace = workspace
        self._manifest = manifest
        self._progress = progress

    def quick(self) -> DataState | None:
        """By what is remembered; None where the memory is of another state of the manifest."""
        try:
            return self._quick()
        except (InputError, Unreachable) as error:
            return DataState("none", reason=str(error))

    def thorough(self) -> DataState:
        """By content: what is not known is hashed. By size where nothing at all is known."""
        try:
            source = self._source()
            if source.without_checksums is not None:
                return self._by_size(source)
            known = source.learn() or self._manifest.declaration.data.algorithm == "etag"
            return self._by_content(source) if known else self._by_size(source)
        except (InputError, Unreachable) as error:
            return DataState("none", reason=str(error))

    def by_size(self) -> DataState:
        """By path and size alone: nothing is hashed, and what is remembered is not asked."""
        try:
            return self._by_size(self._source())
        except InputError as error:
            return DataState("none", reason=str(error))

    def _source(self) -> DataScan:
        return DataScan.of(self._workspace, self._manifest.declaration)

    def _quick(self) -> DataState | None:
        source = self._source()
        for mount, root in source.folders.items():
            if not root.is_dir():
                name = override_name(self._manifest.name, mount)
                return DataState(
                    "none",
                    reason=f"not on this machine: {printable(str(root))} "
                    f"(where it is elsewhere: git config {name} FOLDER)",
                )
        if source.without_checksums is not None:
            return None
        if source.is_remote and not source.knows(source.token(self._manifest)):
            return None  # a store is asked for its list once
        found = source.changes(self._progress)
        if not source.knows(source.token(self._manifest)):
            return None
        return _state("known", found.new, found.gone, found.changed)

    def _by_content(self, source: DataScan) -> DataState:
        from dsv_git.diff.changes import diff_entries

        manifest = self._manifest
        scanned = source.scan(self._progress)
        entries, _ = scanned.entries(manifest.entries, manifest.dropped)
        diff = diff_entries(manifest.entries, entries)
        if diff.is_empty:
            scanned.remember(manifest)
        new: list[str] = []
        gone: list[str] = []
        changed: list[str] = []
        relabelled: list[str] = []
        for change in diff.changes:
            before, after = change.before, change.after
            if before is None or after is None or before.path != after.path:
                new += [after.path] if after else []
                gone += [before.path] if before else []
            else:
                (changed if before.hash != after.hash else relabelled).append(after.path)
        return _state("known", new, gone, changed, relabelled)

    def _by_size(self, source: DataScan) -> DataState:
        manifest, there = self._manifest, source.sizes()
        dropped = {item.path for item in manifest.dropped}
        wanted = {entry.path: entry.size for entry in manifest.entries}
        new = sorted(there.keys() - wanted.keys() - dropped)
        gone = sorted(wanted.keys() - there.keys())
        both = wanted.keys() & there.keys()
        return _state("size", new, gone, sorted(p for p in both if wanted[p] != there[p]))


def _state(
    way: Literal["known", "size"],
    new: Sequence[str],
    gone: Sequence[str],
    changed: Sequence[str],
    relabelled: Sequence[str] = (),
) -> DataState:
    sample = tuple([*new, *gone, *changed, *relabelled][:SAMPLE])
    return DataState(way, len(new), len(gone), len(changed), len(relabelled), sample)
