"""Scanning the data of a manifest: every root, with its memory of former scans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dsv_git.diff.parents import mounted
from dsv_git.flow.labelling import LabelSource
from dsv_git.flow.roots import roots as roots_of
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.statindex import StatIndex
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.dropped import Dropped, leave_out
from dsv_git.manifest.entry import Entry
from dsv_git.scan.notices import Notice
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.progress import Progress
from dsv_git.scan.scan import Changes, ScanResult, find_changes, scan


@dataclass(frozen=True)
class DataScan:
    """The data of one manifest, on this machine."""

    workspace: Workspace
    declaration: Declaration
    roots: Mapping[str, Path]

    @classmethod
    def of(cls, workspace: Workspace, declaration: Declaration) -> DataScan:
        """The data of a declaration. Raises InputError for a root that is no folder's name."""
        return cls(workspace, declaration, roots_of(workspace, declaration.name, declaration.data))

    @property
    def labels(self) -> LabelSource:
        """Where the labels come from."""
        return LabelSource(self.workspace, self.declaration, self.roots)

    @property
    def patterns(self) -> Patterns:
        """What the manifest includes and excludes."""
        data = self.declaration.data
        return Patterns(data.include, data.exclude)

    def cache(self, mount: str) -> StatIndex:
        """The memory of one root."""
        name = f"{self.declaration.name}/{mount}" if mount else self.declaration.name
        algorithm = self.declaration.data.algorithm
        root = self.roots[mount].absolute()
        return StatIndex(self.workspace.repository.state_dir, name, root, algorithm)

    def scan(self, progress: Progress) -> Scanned:
        """Reads every root; hashes what is not known yet. Raises InputError."""
        results = {
            mount: scan(
                root, self.patterns, self.declaration.data.algorithm, self.cache(mount), progress
            )
            for mount, root in self.roots.items()
        }
        return Scanned(self, results)

    def token(self, digest: str) -> str:
        """What names a state of the data: the manifest's digest, and what its labels say."""
        return f"{digest} {self.labels.fingerprint()}".strip()

    def known(self, token: str) -> bool:
        """Whether the memory of every root is of that state."""
        return all(self.cache(mount).known.token == token for mount in self.roots)

    def fresh(self) -> bool:
        """Whether nothing of this data was ever hashed here."""
        return not any(self.cache(mount).known.paths for mount in self.roots)

    def changes(self, progress: Progress) -> Changes:
        """What changed on the disk since the remembered state."""
        new: list[str] = []
        gone: list[str] = []
        changed: list[str] = []
        for mount, root in self.roots.items():
            found = find_changes(
                root, self.patterns, self.declaration.data.algorithm, self.cache(mount), progress
            ).changes
            prefix = f"{mount}/" if mount else ""
            new += [prefix + path for path in found.new]
            gone += [prefix + path for path in found.gone]
            changed += [prefix + path for path in found.changed]
        return Changes(tuple(new), tuple(gone), tuple(changed))


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

    def entries(
        self, former: tuple[Entry, ...], dropped: tuple[Dropped, ...]
    ) -> tuple[tuple[Entry, ...], tuple[Notice, ...]]:
        """The entries of all roots with their labels, less what was dropped on purpose."""
        files = [
            entry
            for mount, result in self.results.items()
            for entry in mounted(result.files, mount)
        ]
        kept = leave_out(files, dropped) if dropped else tuple(files)
        if len(self.results) > 1:
            kept = tuple(sorted(kept, key=lambda entry: entry.path))
        labelled, notices = self.source.labels.label(kept, former)
        return labelled, notices

    def remember(self, digest: str) -> None:
        """Keeps what was hashed, under the name of the manifest's state."""
        token = self.source.token(digest)
        for mount, result in self.results.items():
            self.source.cache(mount).commit(token, result.update)
