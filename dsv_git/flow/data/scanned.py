"""What a scan of a manifest's data found, root by root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsv_git.diff.parents import mounted
from dsv_git.flow.data.alike import with_their_hashes
from dsv_git.manifest.dropped import Dropped, leave_out
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest
from dsv_git.scan.notices import Notice
from dsv_git.scan.scan import Changes, ScanResult

if TYPE_CHECKING:
    from dsv_git.flow.data.scanning import DataScan


@dataclass(frozen=True)
class Scanned:
    """What a scan found, root by root."""

    source: DataScan
    results: Mapping[str, ScanResult]

    @property
    def hashed_files(self) -> int:
        """How many files were hashed, the others being known."""
        return sum(result.hashed_files for result in self.results.values())

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What was left out, or is odd."""
        return tuple(notice for result in self.results.values() for notice in result.notices)

    @property
    def changes(self) -> Changes:
        """The changes since the remembered state, which `source.knows` by its token."""
        return joined({mount: result.changes for mount, result in self.results.items()})

    def entries(
        self, former: tuple[Entry, ...], dropped: tuple[Dropped, ...], *, known: bool = False
    ) -> tuple[tuple[Entry, ...], tuple[Notice, ...]]:
        """The entries of all roots with their labels, less what was dropped on purpose.

        `known` says that the former entries are of the remembered state."""
        files = self._named({m: found.files for m, found in self.results.items()}, former)
        # A source of labels may well speak of files that are left out: they are there.
        labelled, notices = self.source.labels.label(files, former, known=known)
        return leave_out(labelled, dropped) if dropped else labelled, notices

    def changed_entries(
        self, former: tuple[Entry, ...], dropped: tuple[Dropped, ...]
    ) -> tuple[tuple[Entry, ...], tuple[Notice, ...]]:
        """As `entries`, of the new and the changed files alone; `former` are those that changed."""
        files = self._named({m: found.changed_files for m, found in self.results.items()}, former)
        return self.source.labels.label(leave_out(files, dropped), former)

    def _named(
        self, parts: Mapping[str, tuple[Entry, ...]], former: tuple[Entry, ...]
    ) -> tuple[Entry, ...]:
        """Files of all roots, with the hashes that former entries from elsewhere have."""
        source = self.source
        algorithm = source.declaration.data.algorithm
        files = _together(parts)
        return with_their_hashes(source.workspace, source.roots, algorithm, files, former)

    def remember(self, manifest: Manifest) -> None:
        """Keeps what was hashed, as the state that the manifest is of."""
        token = self.source.token(manifest)
        for mount, result in self.results.items():
            self.source.memories[mount].commit(token, result.update)


def _together(parts: Mapping[str, tuple[Entry, ...]]) -> tuple[Entry, ...]:
    if len(parts) == 1 and "" in parts:
        return parts[""]
    rows = [entry for mount, part in parts.items() for entry in mounted(part, mount)]
    return tuple(sorted(rows, key=lambda entry: entry.path))


def joined(parts: Mapping[str, Changes]) -> Changes:
    """The changes of all roots, their paths below their mounts."""
    if len(parts) == 1 and "" in parts:
        return parts[""]
    return Changes(
        tuple(f"{mount}/{path}" for mount, part in parts.items() for path in part.new),
        tuple(f"{mount}/{path}" for mount, part in parts.items() for path in part.gone),
        tuple(f"{mount}/{path}" for mount, part in parts.items() for path in part.changed),
    )
