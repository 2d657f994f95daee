"""The stat cache: hashes of a data root's files by path, size and modification time.

Below `<common dir>/dsv/scan/`, one folder for each manifest, root and algorithm:

- `index`: the committed rows of one state, in an index that git can compare with the disk;
- `delta`: what differs from it, so that a small change is a small write;
- `journal`: rows hashed since, appended in batches, so that an interrupted scan goes on.

All of it can be derived again: what is damaged, foreign or unwritable is forgotten in silence.
"""

from __future__ import annotations

import hashlib
import os
import struct
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from dsv_git.gitrepo.statfile import (
    INDEX_TIME,
    Columns,
    Delta,
    Rows,
    frame,
    index_bytes,
    pack,
    read_delta,
    read_index,
    read_journal,
    unpack,
)
from dsv_git.gitrepo.statknown import Known, Row, Update
from dsv_git.gitrepo.statwatch import watch

_REWRITE: Final = 16
"""The index is written anew when more than one row in so many differs from it."""

_NOTHING: Final = Known("", Rows("", "", b"", b""), {}, {}, frozenset())


class StatIndex:
    """What is remembered of one data root. See `dsv_git.scan.statcache.StatCache`."""

    def __init__(self, state_dir: Path, name: str, root: Path, algorithm: str) -> None:
        """The memory of manifest `name` and the data root `root` (absolute)."""
        self._identity = "\n".join(("1", ascii(name), ascii(os.fspath(root)), algorithm))
        self._root = root
        scans = state_dir / "scan"
        self._git_dir = scans / "git"
        self._folder = scans / hashlib.sha256(self._identity.encode()).hexdigest()[:32]
        self._known: Known | None = None
        self._version: tuple[tuple[int, int, int], ...] = ()
        self._checksum = b""
        self._base_marks: Mapping[str, int] = {}
        self._journal: dict[str, Row] | None = None
        self._sound: int | None = None
        self._open_index: BinaryIO | None = None

    @property
    def known(self) -> Known:
        """The committed state."""
        if self._known is None:
            self._version = self._versions()
            index = read_index(self._read("index"), self._identity)
            if index is None:
                self._checksum, self._known = b"", _NOTHING
            else:
                self._checksum = index.checksum
                known = Known(index.token, index.rows, index.marks, {}, frozenset())
                self._base_marks = index.marks
                self._known = self._with_delta(known)
        return self._known

    @property
    def journal(self) -> Mapping[str, Row]:
        """What was hashed since the last commit and before this object's own scan, by path."""
        if self._journal is None:
            self._journal = {}
            records, self._sound = read_journal(self._read("journal"))
            for record in records:
                for path, size, mtime, text in zip(*unpack(record), strict=True):
                    self._journal[path] = (size, mtime, text)
        return self._journal

    @contextmanager
    def watching(self) -> Iterator[Callable[[], set[str] | None]]:
        """Lets git look for changed files in the background; see `StatCache.watching`."""
        path = self._folder / "index"
        try:
            index = path.open("rb")
        except OSError:
            self._forget()
            yield lambda: None
            return
        if self._version != self._versions():
            self._forget()
        self._journal = self._sound = None
        with index, watch(self._git_dir, self._root, path) as answer:
            self._open_index = index
            try:
                yield lambda: self._suspects(answer())
            finally:
                self._open_index = None

    def append(self, rows: Columns) -> None:
        """Adds to the journal."""
        if not rows[0]:
            return
        _ = self.journal
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / "journal").open("ab") as out:
                if self._sound is not None and out.tell() > self._sound:
                    out.truncate(self._sound)  # the torn record of a killed scan
                self._sound = None
                out.write(frame(pack(rows)))

    def commit(self, token: str, update: Update) -> None:
        """Names a new state, and empties the journal; see `StatCache.commit`."""
        base, fresh, _, marks = update
        if self.known.token != base:
            self.append(fresh)
            return
        if self.known.paths:
            self._write(self.known.changed(token, update))
        else:
            self._write_index(token, fresh, marks)
        self._remove("journal")
        self._forget()

    def touch(self, update: Update) -> None:
        """Takes new modification times and marks of the committed state."""
        if self.known.token == update[0]:
            self._write(self.known.changed(self.known.token, update))
            self._forget()

    def _suspects(self, changed: set[str] | None) -> set[str] | None:
        known = self.known
        if changed is None or not self._is_current():
            return None
        return {path for path in changed if known.get(path)} | known.put.keys()

    def _is_current(self) -> bool:
        """Whether git read the index that we read, and not one that came meanwhile."""
        if self._open_index is None:
            return False
        try:
            now = (self._folder / "index").stat()
        except OSError:
            return False
        return os.path.samestat(now, os.fstat(self._open_index.fileno()))

    def _versions(self) -> tuple[tuple[int, int, int], ...]:
        """What tells whether the committed state was written anew since it was read."""
        found = []
        for name in ("index", "delta"):
            with suppress(OSError):
                status = (self._folder / name).stat()
                found.append((status.st_ino, status.st_ctime_ns, status.st_size))
        return tuple(found)

    def _forget(self) -> None:
        self._known = self._journal = self._sound = self._open_index = None

    def _with_delta(self, known: Known) -> Known:
        delta = read_delta(self._read("delta"), self._checksum)
        if delta is None:
            return known
        marks = {**known.marks, **delta.marks}
        marks = {folder: mark for folder, mark in marks.items() if mark}
        return known.changed(delta.token, ("", unpack(delta.rows), delta.gone, marks))

    def _read(self, name: str) -> bytes:
        try:
            if name == "index" and self._open_index is not None:
                self._open_index.seek(0)
                return self._open_index.read()
            return (self._folder / name).read_bytes()
        except OSError:
            return b""

    def _write(self, known: Known) -> None:
        if _REWRITE * (len(known.put) + len(known.taken)) > len(known.base):
            self._write_index(known.token, known.rows(), known.marks)
            return
        marks = dict.fromkeys(self._base_marks.keys() - known.marks.keys(), 0)
        marks.update(known.marks.items() - self._base_marks.items())
        rows, taken = pack(known.overlay()), sorted(known.taken)
        self._replace("delta", frame(Delta(self._checksum, known.token, rows, taken, marks)))

    def _write_index(self, token: str, columns: Columns, marks: Mapping[str, int]) -> None:
        with suppress(struct.error):  # more rows than the format can count: no cache then
            self._replace("index", index_bytes(self._identity, token, columns, marks))
            self._remove("delta")

    def _remove(self, name: str) -> None:
        with suppress(OSError):
            (self._folder / name).unlink()

    def _replace(self, name: str, data: bytes) -> None:
        """Writes whole or not at all; no fsync, for a checksum tells what a crash spoilt."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, new = tempfile.mkstemp(prefix=".dsv-", dir=self._folder)
            try:
                with os.fdopen(handle, "wb") as out:
                    out.write(data)
                os.utime(new, (INDEX_TIME, INDEX_TIME))
                Path(new).replace(self._folder / name)
            finally:
                Path(new).unlink(missing_ok=True)
