"""Scanning the data of a manifest: every root, with its memory of former scans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import xxhash

from dsv_git.errors import InputError
from dsv_git.flow.data.labelling import LabelSource
from dsv_git.flow.data.remembered import known_elsewhere, memory
from dsv_git.flow.data.roots import locations, override_name
from dsv_git.flow.data.scanned import Scanned, joined
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.statindex import StatIndex
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.dropped import encode_dropped
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import printable
from dsv_git.scan.hashing import Algorithm as Hash
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.progress import Progress
from dsv_git.scan.refusals import RootMissing
from dsv_git.scan.scan import Changes, find_changes, scan
from dsv_git.scan.storage.opening import Location, has_checksums
from dsv_git.scan.walk import Found, walk

if TYPE_CHECKING:
    from dsv_git.scan.storage.port import Stored


@dataclass(frozen=True)
class DataScan:
    """The data of one manifest, on this machine or elsewhere: `roots` by their mounts."""

    workspace: Workspace
    declaration: Declaration
    roots: Mapping[str, Location]

    @classmethod
    def of(cls, workspace: Workspace, declaration: Declaration) -> DataScan:
        """The data of a declaration. Raises InputError for a root that data is not read from."""
        return cls(workspace, declaration, locations(workspace, declaration.name, declaration.data))

    @property
    def without_checksums(self) -> Location | None:
        """A root that has none of the checksums that are asked for, as a folder has none."""
        wanted = self.roots.values() if self.declaration.data.algorithm == "etag" else ()
        return next((root for root in wanted if not has_checksums(root)), None)

    @cached_property
    def labels(self) -> LabelSource:
        """Where the labels come from: their files are on this machine. Raises InputError for those
        that lie beside the files of a root that is not."""
        labels = self.declaration.labels
        if self.is_remote and labels is not None and (labels.yolo or labels.metadata):
            raise InputError(
                "labels that lie beside the files are read in folders only",
                hint="labels: {table: labels.csv}, a file of the repository",
            )
        return LabelSource(self.workspace, self.declaration, self.folders or {"": self.label_root})

    @property
    def folders(self) -> dict[str, Path]:
        """The roots that are folders."""
        return {mount: root for mount, root in self.roots.items() if isinstance(root, Path)}

    @property
    def label_root(self) -> Path:
        """The folder that may hold files of labels; one that is nowhere if no data is here."""
        return next(iter(self.folders.values()), self.workspace.repository.state_dir / "nowhere")

    @property
    def is_remote(self) -> bool:
        """Whether a root is a URL."""
        return len(self.folders) < len(self.roots)

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
        results = {}
        for mount, root in self.roots.items():
            with self._reading(mount):
                if isinstance(root, Path):
                    cache, algorithm = self.memories[mount], self._read_with
                    results[mount] = scan(root, self.patterns, algorithm, cache, progress)
                else:
                    from dsv_git.flow.data.remote import scan_url

                    results[mount] = scan_url(self, mount, root, progress)
        return Scanned(self, results)

    @property
    def _read_with(self) -> Hash:
        """How contents of folders are hashed. Raises InputError."""
        algorithm = self.declaration.data.algorithm
        if algorithm == "etag":
            raise InputError(
                f"there are no checksums to take in {printable(str(self.without_checksums))}",
                hint="hash: xxh3, which reads the contents",
            )
        return algorithm

    def changes(self, progress: Progress) -> Changes:
        """What changed on the disk since the remembered state. New files are not hashed."""
        found = {}
        for mount, root in self.roots.items():
            with self._reading(mount):
                if isinstance(root, Path):
                    cache, algorithm = self.memories[mount], self._read_with
                    answer = find_changes(root, self.patterns, algorithm, cache, progress)
                else:
                    from dsv_git.flow.data.remote import changes_of_url

                    answer = changes_of_url(self, mount, root, progress)
                found[mount] = answer.changes
        return joined(found)

    def sizes(self) -> dict[str, int]:
        """The size (bytes) of every file, by its path; nothing is hashed."""
        found: dict[str, int] = {}
        for mount, root in self.roots.items():
            with self._reading(mount):
                prefix = f"{mount}/" if mount else ""
                files: Iterable[Found | Stored]
                if isinstance(root, Path):
                    files = walk(root, self.patterns).files
                else:
                    from dsv_git.flow.data.remote import files_of_url

                    files = files_of_url(self, mount, root)
                for file in files:
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
            name, root = override_name(self.declaration.name, mount), self.roots[mount]
            there = "mount it" if isinstance(root, Path) else "correct the URL"
            raise RootMissing(
                f"the data of {self.declaration.name} is not at {printable(str(root))}",
                hint=f"{there}, or say where it is on this machine: git config {name} FOLDER",
            ) from None
