"""Where labels come from: what `manifest.yaml` says, what an entry had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec
import xxhash

from dsv_git.errors import InputError
from dsv_git.flow.data.label_option import found_below
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.annotation_files import annotation_files
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.names import printable
from dsv_git.scan.labels import Labelled, Labeller, open_labels
from dsv_git.scan.notices import Notice
from dsv_git.scan.patterns import Patterns


@dataclass(frozen=True)
class LabelSource:
    """The declared source of labels of one manifest, its files found on this machine."""

    workspace: Workspace
    declaration: Declaration
    roots: Mapping[str, Path]

    @property
    def files(self) -> dict[str, Path]:
        """The annotation files, by split for COCO; for YOLO the declared file or folder. Raises
        InputError for one that is not there."""
        labels = self.declaration.labels
        if labels is None:
            return {}
        if labels.yolo is not None:
            return {"": self._find(labels.yolo, folder=True)}
        named = dict(labels.coco or {}) | ({"": labels.table} if labels.table else {})
        return {split: self._find(name) for split, name in named.items()}

    def _find(self, name: str, *, folder: bool = False) -> Path:
        bases = [*self.roots.values(), self.workspace.repository.top]
        place = found_below(bases, name, folder=folder)
        if place is not None:
            return place
        what = "file or folder" if folder else "file"
        raise InputError(
            f"there is no {what} {printable(name)}, below the data root or the repository",
            where=self._where,
            hint="correct labels: there",
        )

    @property
    def _where(self) -> str:
        return f"{self.workspace.path_of(self.declaration.name)}/manifest.yaml"

    @cached_property
    def fingerprint(self) -> str:
        """A short text that changes when the source says something else, entries apart; it is taken
        once, so that labels that are read later are at least as new. Raises InputError."""
        labels = self.declaration.labels
        if labels is None:
            return ""
        digest = xxhash.xxh3_128(repr(labels).encode())
        if labels.path is None:
            from dsv_git.scan.labels.decisive import decisive_files, unlisted_files

            files, root, data = self.files, self._root, self.declaration.data
            for place in decisive_files(labels, files, root):
                digest.update(f"{place.name}\0".encode())
                _add_bytes(digest, place)
            for found in unlisted_files(labels, files, root, Patterns(data.include, data.exclude)):
                digest.update(repr(found).encode())
        return digest.hexdigest()

    def label(
        self, entries: Iterable[Entry], former: Iterable[Entry], *, known: bool = False
    ) -> tuple[tuple[Entry, ...], tuple[Notice, ...]]:
        """Scanned entries with their labels: from the source, or where there is none as they were
        under that path, or under another path with that content.

        `known` says that this very source, unchanged since, has labelled the former entries."""
        rows = tuple(entries)
        if self.declaration.labels is None:
            return tuple(_as_they_were(rows, former)), ()
        paths = tuple([row.path for row in rows])
        labeller = self._labeller(paths, rows, former if known else ())
        labelled = tuple(map(_labelled, rows, map(labeller.annotation, paths)))
        return labelled, labeller.notices

    def _labeller(
        self, paths: tuple[str, ...], entries: tuple[Entry, ...], former: Iterable[Entry]
    ) -> Labeller:
        labels = self.declaration.labels
        assert labels is not None  # noqa: S101
        unchanged = _unchanged(entries, former) if labels.yolo is not None else {}
        return open_labels(labels, self.files, self._root, paths, unchanged)

    @property
    def _root(self) -> Path:
        """The data root that paths of labels are below."""
        labels = self.declaration.labels
        if labels and (labels.yolo or labels.metadata) and set(self.roots) != {""}:
            raise InputError(
                "label files of single images need data of one root",
                where=self._where,
                hint="data: {root: FOLDER}, or labels: {table: labels.csv}",
            )
        return next(iter(self.roots.values()))


def without_label(declaration: Declaration, entries: Iterable[Entry]) -> int:
    """How many entries have no label though there is a source; its own files do not count."""
    if declaration.labels is None:
        return 0
    own = annotation_files(declaration)
    return sum(not entry.label and not own(entry) for entry in entries)


def _add_bytes(digest: xxhash.xxh3_128, place: Path) -> None:
    try:
        with place.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(place)) from None


def _unchanged(entries: Iterable[Entry], former: Iterable[Entry]) -> dict[str, Entry]:
    """The former entries whose content is still under their path."""
    now = {entry.path: entry.hash for entry in entries}
    return {one.path: one for one in former if now.get(one.path) == one.hash}


def _labelled(entry: Entry, found: Labelled | None) -> Entry:
    if found is None:
        return entry
    # Twice as fast as `structs.replace`: this runs for every file of the data.
    e, f = entry, found
    if not f.props:
        return Entry(e.path, e.size, e.hash, f.label, f.split, f.ann)
    return Entry(e.path, e.size, e.hash, f.label, f.split, f.ann, dict(f.props))


def _as_they_were(entries: tuple[Entry, ...], former: Iterable[Entry]) -> Iterator[Entry]:
    """Entries with the labels that their content had: under that path, or under another that has it
    no more; a content that was not there before has the label of what was under its path."""
    by_path = {entry.path: entry for entry in former}
    standing = {e.path for e in entries if e.path in by_path and by_path[e.path].hash == e.hash}
    moved: dict[str, list[Entry]] = {}
    for path, entry in by_path.items():
        if path not in standing:
            moved.setdefault(entry.hash, []).append(entry)
    for entry in entries:
        if entry.path in standing:
            yield by_path[entry.path]
            continue
        was = _likeliest(entry, moved.get(entry.hash, ())) or by_path.get(entry.path)
        if was is None:
            yield entry
        else:
            yield msgspec.structs.replace(was, path=entry.path, size=entry.size, hash=entry.hash)


def _likeliest(entry: Entry, candidates: Sequence[Entry]) -> Entry | None:
    """Of several files that had the content, the one of the same name, else the first."""
    name = entry.path.rpartition("/")[2]
    same = (one for one in candidates if one.path.rpartition("/")[2] == name)
    return next(same, candidates[0] if candidates else None)
