"""Files of a list from elsewhere as entries: what the list does not say is read from the data."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError
from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.lists import ListedFile, list_kind, read_list
from dsv_git.manifest.names import printable, unsafe_path
from dsv_git.scan.hashing import Algorithm, Hashed
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.pool import hash_files
from dsv_git.scan.progress import Progress
from dsv_git.scan.walk import list_names

_SHOWN: Final = 3
"""Paths that a message names."""
_LONGEST: Final = 200
"""Characters of each."""


@dataclass
class Data:
    """The data that a list speaks of. `folder` is None where nobody said where it is. What was
    hashed for one version is known for the next."""

    folder: Path | None
    algorithm: Algorithm
    progress: Progress
    _known: dict[str, tuple[int, str]] = field(default_factory=dict)

    def entries(self, files: Sequence[ListedFile], version: str) -> tuple[Entry, ...]:
        """The files of a version as entries. Those without size or hash are hashed. Raises
        InputError where that cannot be, and where the data is not what the list says."""
        for file in files:
            reason = unsafe_path(file.path)
            if reason is not None:
                raise InputError(f"the path {printable(file.path)!r} {reason}", where=version)
        bare = [file for file in files if file.size is None or file.hash is None]
        if bare:
            self._hash([file.path for file in bare], version, len(files))
            self._refuse_others(bare, version)
        return tuple(self._entry(file) for file in files)

    def left_out(self, entries: Sequence[Entry], source: str) -> tuple[Dropped, ...]:
        """The files of the folder that a list does not name, by the hash that a scan will give
        them. Raises InputError for what cannot be read."""
        if self.folder is None or not self.folder.is_dir():
            return ()
        listed = {entry.path for entry in entries}
        names = list_names(self.folder.resolve(), Patterns())
        paths = [path for path in names.paths if path not in listed]
        places = [names.links.get(path, path) for path in paths]
        blocks = [places] if places else []
        done = hash_files(self.folder.resolve(), blocks, self.algorithm, _keep, self.progress)
        why = f"not in {printable(source)}"
        return tuple(Dropped(*row, why) for row in zip(paths, done.hashes, strict=True))

    def _hash(self, paths: Sequence[str], version: str, total: int) -> None:
        if self.folder is None:
            raise InputError(
                f"{len(paths):,} of {total:,} files of {printable(version)} "
                f"{'lacks' if len(paths) == 1 else 'lack'} size or hash",
                hint="--root FOLDER: where the data is on this machine, to read them",
            )
        new = [path for path in paths if path not in self._known]
        root = self.folder.resolve()
        missing = [path for path in new if not _is_there(root, path)]
        if missing:
            raise InputError(
                f"{len(missing):,} of {total:,} files of {printable(version)} "
                f"{'is' if len(missing) == 1 else 'are'} not in "
                f"{printable(str(self.folder))}: {_some(missing)}",
                hint="--root FOLDER: where the data is on this machine",
            )
        if new:
            done = hash_files(root, [new], self.algorithm, _keep, self.progress)
            rows = zip(done.sizes, done.hashes, strict=True)
            self._known.update(zip(new, rows, strict=True))

    def _refuse_others(self, files: Sequence[ListedFile], version: str) -> None:
        """A file of another size than the list says is another content."""
        other = [
            file.path
            for file in files
            if file.size is not None and file.size != self._known[file.path][0]
        ]
        if other:
            raise InputError(
                f"{len(other):,} {'file' if len(other) == 1 else 'files'} of {printable(version)} "
                f"{'has' if len(other) == 1 else 'have'} another size in "
                f"{printable(str(self.folder))}: {_some(other)}",
                hint="--root FOLDER: where the data of that version is",
            )

    def _entry(self, file: ListedFile) -> Entry:
        size, content = file.size, file.hash
        if size is None or content is None:
            size, found = self._known[file.path]
            content = content or found
        row = (file.path, size, content, file.label, file.split, file.ann)
        return Entry(*row, dict(file.props)) if file.props else Entry(*row)


def _is_there(root: Path, path: str) -> bool:
    place = root / path
    with suppress(OSError):  # such as a name that is too long for any file
        return place.is_file() and place.resolve().is_relative_to(root)
    return False


def _keep(_: Sequence[int], __: Hashed) -> None:
    """An import remembers nothing of what it hashed when it is cut short."""


def _some(paths: Sequence[str]) -> str:
    named = ", ".join(printable(path[:_LONGEST]) for path in paths[:_SHOWN])
    return f"{named}, …" if len(paths) > _SHOWN else named


def read_files(place: Path, root: Path | None) -> tuple[ListedFile, ...]:
    """The files that a list on this machine names: CSV with a header, JSON Lines, or one path a
    line. Paths below the data root may be absolute. Raises InputError with the line."""
    where, base = printable(str(place)), str(root) if root is not None else ""
    try:
        data = place.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=where) from None
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and b"mlcommons.org/croissant" in data:
        raise InputError(
            "Croissant is for export", where=where, hint="import the list that it names"
        )
    suffix = place.suffix.lower()
    header = data.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].strip()
    if suffix in {".csv", ".jsonl"} and (b"," in header or header == b"path" or b"{" in header):
        return read_list(data, where, list_kind(place.name), base)
    return _plain_paths(data, where, base)


def _plain_paths(data: bytes, where: str, base: str) -> tuple[ListedFile, ...]:
    found: dict[str, ListedFile] = {}
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError("the text is not UTF-8", where=f"{where}:{line}") from None
    start = f"{base.rstrip('/')}/"
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        path = os.path.normpath(text.strip()).removeprefix(start)
        reason = unsafe_path(path)
        if reason is not None:
            raise InputError(
                f"the path {printable(path)!r} {reason}",
                where=f"{where}:{number}",
                hint="--root FOLDER: the folder that the paths are below",
            )
        found.setdefault(path, ListedFile(number, path))
    return tuple(sorted(found.values(), key=lambda file: file.path))
