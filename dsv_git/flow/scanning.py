"""Scanning the data of a manifest: every root, with its memory of former scans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import xxhash

from dsv_git.diff.parents import mounted
from dsv_git.flow.labelling import LabelSource
from dsv_git.flow.remembered import known_elsewhere, memory
from dsv_git.flow.roots import override_name
from dsv_git.flow.roots import roots as roots_of
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.statindex import StatIndex
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.dropped import Dropped, encode_dropped, leave_out
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import printable
from dsv_git.scan.notices import Notice
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.progress import Progress
from dsv_git.scan.refusals import RootMissing
from dsv_git.scan.scan import Changes, ScanResult, find_changes, scan
from dsv_git.scan.walk import walk


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

    @cached_property
    def labels(self) -> LabelSource:
        """Where the labels come from."""
        return LabelSource(self.workspace, self.declaration, self.roots)

    @property
    def patterns(self) -> Patterns:
        """What the manifest includes and excludes."""
        data = self.declaration.data
        return Patterns(data.include, data.exclude)

    @cached_property
    def memories(self) -> dict[str, StatIndex]:
        """What is remembered of every root, by its mount."""
        return {mount: self._memory(mount) for mount in self.roots}

    def _memory(self, mount: str) -> StatIndex:
        d = self.declaration
        return memory(self.workspace, d.name, mount, self.roots[mount], d.data.algorithm)

    def scan(self, progress: Progress) -> Scanned:
        """Reads every root; hashes what is not known yet. Raises InputError."""
        self.learn()
        algorithm = self.declaration.data.algorithm
        results = {}
        for mount, root in self.roots.items():
            with self._reading(mount):
                cache = self.memories[mount]
                results[mount] = scan(root, self.patterns, algorithm, cache, progress)
        return Scanned(self, results)

    def changes(self, progress: Progress) -> Changes:
        """What changed on the disk since the remembered state. New files are not hashed."""
        found = {}
        algorithm = self.declaration.data.algorithm
        for mount, root in self.roots.items():
            with self._reading(mount):
                cache = self.memories[mount]
                answer = find_changes(root, self.patterns, algorithm, cache, progress)
            found[mount] = answer.changes
        return _joined(found)

    def sizes(self) -> dict[str, int]:
        """The size (bytes) of every file, by its path; nothing is hashed."""
        found: dict[str, int] = {}
        for mount, root in self.roots.items():
            with self._reading(mount):
                prefix = f"{mount}/" if mount else ""
                for file in walk(root, self.patterns).files:
                    found[prefix + file.path] = file.size
        return found

    def token(self, manifest: Manifest) -> str:
        """What names a state of the data: what the manifest lists and leaves out, and what the
        labels' source says. Raises InputError for a source that cannot be read."""
        out = encode_dropped(manifest.dropped)
        dropped = xxhash.xxh3_64_hexdigest(out) if out else ""
        return f"{manifest.digest} {dropped} {self.labels.fingerprint}"

    def knows(self, token: str) -> bool:
        """Whether the memory of every root is of that state."""
        return all(one.known.token == token for one in self.memories.values())

    def learn(self) -> bool:
        """Takes over what other manifests of this clone know of the very same roots (a merged one
        has those of its sources), so that nothing is hashed twice. Gives whether anything at all
        is known of this data then."""
        d = self.declaration
        for mount, one in self.memories.items():
            if not one.journal and not one.known.paths:
                root = self.roots[mount]
                one.append(known_elsewhere(self.workspace, d.name, root, d.data.algorithm))
                self.memories[mount] = self._memory(mount)
        return any(one.known.paths or one.journal for one in self.memories.values())

    @contextmanager
    def _reading(self, mount: str) -> Iterator[None]:
        """Says of a root that is not there how this clone can name another place."""
        try:
            yield
        except RootMissing:
            name = override_name(self.declaration.name, mount)
            place = printable(str(self.roots[mount]))
            raise RootMissing(
                f"the data of {self.declaration.name} is not at {place}",
                hint=f"mount it, or say where it is on this machine: git config {name} FOLDER",
            ) from None


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
        return _joined({mount: result.changes for mount, result in self.results.items()})

    def entries(
        self, former: tuple[Entry, ...], dropped: tuple[Dropped, ...], *, known: bool = False
    ) -> tuple[tuple[Entry, ...], tuple[Notice, ...]]:
        """The entries of all roots with their labels, less what was dropped on purpose.

        `known` says that the former entries are of the remembered state."""
        files = _together({mount: found.files for mount, found in self.results.items()})
        # A source of labels may well speak of files that are left out: they are there.
        labelled, notices = self.source.labels.label(files, former, known=known)
        return leave_out(labelled, dropped) if dropped else labelled, notices

    def changed_entries(
        self, former: tuple[Entry, ...], dropped: tuple[Dropped, ...]
    ) -> tuple[tuple[Entry, ...], tuple[Notice, ...]]:
        """As `entries`, of the new and the changed files alone; `former` are those that changed."""
        files = _together({mount: found.changed_files for mount, found in self.results.items()})
        return self.source.labels.label(leave_out(files, dropped), former)

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


def _joined(parts: Mapping[str, Changes]) -> Changes:
    if len(parts) == 1 and "" in parts:
        return parts[""]
    return Changes(
        tuple(f"{mount}/{path}" for mount, part in parts.items() for path in part.new),
        tuple(f"{mount}/{path}" for mount, part in parts.items() for path in part.gone),
        tuple(f"{mount}/{path}" for mount, part in parts.items() for path in part.changed),
    )
