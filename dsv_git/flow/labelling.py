"""Where labels come from: what a person typed, what `manifest.yaml` says, what an entry had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec
import xxhash

from dsv_git.errors import InputError
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.declaration import Declaration, Labels
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.names import printable
from dsv_git.scan.labels import Labelled, Labeller, open_labels
from dsv_git.scan.notices import Notice


def parse_labels(workspace: Workspace, texts: tuple[str, ...], root: Path) -> Labels | None:
    """What `--labels` means: a pattern, a table (`.csv`, `.jsonl`), or `SPLIT=FILE.json` of COCO
    annotations, several times. Files are taken as typed and remembered below the data root or the
    repository. Raises InputError."""
    if not texts:
        return None
    coco = dict(text.partition("=")[::2] for text in texts if _is_coco(text))
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


def _is_coco(text: str) -> bool:
    return text.endswith(".json") and "{" not in text


def _remembered(workspace: Workspace, text: str, root: Path) -> str:
    typed, top = workspace.start / text, workspace.repository.top
    place = typed if typed.is_file() else root / text
    if not place.is_file():
        raise InputError(f"there is no file {printable(text)}")
    place = place.resolve()
    for base in (root.resolve(), top.resolve()):
        with suppress(ValueError):
            name = place.relative_to(base).as_posix()
            if _found([root, top], name) == place:
                return name
            raise InputError(
                f"{printable(name)} is in the data root too, and would be taken from there",
                hint="give the file of the repository another name",
            )
    return str(place)


def _found(bases: Iterable[Path], name: str) -> Path | None:
    """The file that a name in `manifest.yaml` means: the first below one of these folders."""
    return next(((b / name).resolve() for b in bases if (b / name).is_file()), None)


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
        place = _found([*self.roots.values(), self.workspace.repository.top], name)
        if place is not None:
            return place
        raise InputError(
            f"there is no file {printable(name)}, below the data root or the repository",
            where=f"{self.workspace.path_of(self.declaration.name)}/manifest.yaml",
            hint="correct labels: there",
        )

    @cached_property
    def fingerprint(self) -> str:
        """A short text that changes when the source says something else; it is taken once, so that
        labels that are read later are at least as new. Raises InputError."""
        labels = self.declaration.labels
        if labels is None:
            return ""
        digest = xxhash.xxh3_128(repr(labels).encode())
        for split, place in sorted(self.files.items()):
            digest.update(split.encode() + b"\0")
            try:
                with place.open("rb") as file:
                    while block := file.read(1 << 20):
                        digest.update(block)
            except OSError as error:
                raise InputError(f"cannot be read: {error.strerror}", where=str(place)) from None
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
    # Twice as fast as `structs.replace`: this runs for every file of the data.
    row = (entry.path, entry.size, entry.hash, found.label, found.split, found.ann)
    return Entry(*row, dict(found.props)) if found.props else Entry(*row)


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
