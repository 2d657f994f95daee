"""Where labels come from: what a person typed, what `manifest.yaml` says, what an entry had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec
import xxhash

from dsv_git.errors import InputError
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.declaration import Declaration, Labels
from dsv_git.manifest.entry import Entry
from dsv_git.scan.labels import Labelled, Labeller, open_labels
from dsv_git.scan.notices import Notice


def parse_labels(workspace: Workspace, texts: tuple[str, ...], root: Path) -> Labels | None:
    """What `--labels` means: a pattern, a table (`.csv`, `.jsonl`), or `SPLIT=FILE.json` of COCO
    annotations, several times. Files are taken as typed and remembered below the data root or the
    repository. Raises InputError."""
    if not texts:
        return None
    coco = dict(text.partition("=")[::2] for text in texts if text.endswith(".json"))
    if coco:
        if len(coco) < len(texts) or not all(coco) or not all(coco.values()):
            raise InputError(
                "COCO annotations come as SPLIT=FILE.json, each split once",
                hint="--labels train=instances_train.json --labels val=instances_val.json",
            )
        return Labels(coco={k: _remembered(workspace, v, root) for k, v in coco.items()})
    if len(texts) > 1:
        raise InputError("--labels takes one pattern or one table")
    (text,) = texts
    if Path(text).suffix.lower() in {".csv", ".jsonl"} and "{" not in text:
        return Labels(table=_remembered(workspace, text, root))
    if "{" in text:
        return Labels(path=text)
    raise InputError(
        f"not a source of labels: {text!r}",
        hint="a pattern ({split}/{label}/*), a table (labels.csv), or SPLIT=FILE.json (COCO)",
    )


def _remembered(workspace: Workspace, text: str, root: Path) -> str:
    typed = workspace.start / text
    place = typed if typed.is_file() else root / text
    if not place.is_file():
        raise InputError(f"there is no file {text}")
    place = place.resolve()
    for base in (root.resolve(), workspace.repository.top.resolve()):
        with suppress(ValueError):
            return place.relative_to(base).as_posix()
    return str(place)


@dataclass(frozen=True)
class LabelSource:
    """The declared source of labels of one manifest, its files found on this machine."""

    workspace: Workspace
    declaration: Declaration
    roots: Mapping[str, Path]

    @property
    def files(self) -> dict[str, Path]:
        """The annotation files, by split for COCO. Raises InputError for one that is not there."""
        labels = self.declaration.labels
        if labels is None:
            return {}
        named = dict(labels.coco or {}) | ({"": labels.table} if labels.table else {})
        return {split: self._find(name) for split, name in named.items()}

    def _find(self, name: str) -> Path:
        for base in (*self.roots.values(), self.workspace.repository.top):
            if (base / name).is_file():
                return base / name
        raise InputError(
            f"there is no file {name}, below the data root or the repository",
            where=f"{self.workspace.path_of(self.declaration.name)}/manifest.yaml",
            hint="correct labels: there",
        )

    def fingerprint(self) -> str:
        """A short text that changes when the source says something else."""
        labels = self.declaration.labels
        if labels is None:
            return ""
        digest = xxhash.xxh3_128(repr(labels).encode())
        for split, place in sorted(self.files.items()):
            digest.update(split.encode() + b"\0" + place.read_bytes())
        return digest.hexdigest()

    def label(
        self, entries: Iterable[Entry], former: Iterable[Entry]
    ) -> tuple[tuple[Entry, ...], tuple[Notice, ...]]:
        """Scanned entries with their labels: from the source, or where there is none as they were
        under that path, or under another path with that content."""
        rows = tuple(entries)
        if self.declaration.labels is None:
            return tuple(_as_they_were(rows, former)), ()
        labeller = self._labeller(rows)
        return tuple(_labelled(row, labeller.annotation(row.path)) for row in rows), (
            labeller.notices
        )

    def _labeller(self, entries: tuple[Entry, ...]) -> Labeller:
        labels = self.declaration.labels
        assert labels is not None  # noqa: S101
        if labels.yolo is not None:
            raise InputError(
                "labels from YOLO folders are not in this release", hint="labels.table"
            )
        root = next(iter(self.roots.values()))
        return open_labels(labels, self.files, root, tuple(entry.path for entry in entries))


def _labelled(entry: Entry, found: Labelled | None) -> Entry:
    if found is None:
        return entry
    return msgspec.structs.replace(
        entry, label=found.label, split=found.split, ann=found.ann, props=dict(found.props)
    )


def _as_they_were(entries: tuple[Entry, ...], former: Iterable[Entry]) -> Iterator[Entry]:
    by_path = {entry.path: entry for entry in former}
    present = {entry.path for entry in entries}
    moved = {entry.hash: entry for path, entry in by_path.items() if path not in present}
    for entry in entries:
        was = by_path.get(entry.path) or moved.get(entry.hash)
        if was is None or (was.path == entry.path and was.hash == entry.hash):
            yield was or entry
        else:
            yield msgspec.structs.replace(was, path=entry.path, size=entry.size, hash=entry.hash)
