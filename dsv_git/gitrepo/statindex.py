"""The stat cache: hashes of a data root's files by path, size and modification time.

Below `<common dir>/dsv/scan/`, one folder for each manifest, root and algorithm:

- `index`: the committed rows of one state, in an index that git can compare with the disk;
- `delta`: what differs from it, so that a small change is a small write;
- `journal`: rows hashed since, appended in batches, so that an interrupted scan goes on;
- `folders`: stat data of the folders, by which their names need not be read again.

All of it can be derived again: what is damaged, foreign or unwritable is forgotten in silence.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from dsv_git.gitrepo.statfile import (
    Delta,
    frame,
    index_bytes,
    read_delta,
    read_index,
    read_journal,
    read_stamps,
)
from dsv_git.gitrepo.statfolder import StateFolder, Version
from dsv_git.gitrepo.statknown import Known, Row, Update
from dsv_git.gitrepo.statrows import Columns, Rows, pack, unpack
from dsv_git.gitrepo.statwatch import watch

_REWRITE: Final = 16
"""The index is written anew when more than one row in so many differs from it."""

_NOTHING: Final = Known("", Rows("", "", b"", b""), {}, {}, frozenset())


class StatIndex:
    """What is remembered of one data root. See `dsv_git.scan.statcache.StatCache`."""

    def __init__(self, state_dir: Path, name: str, root: Path | str, algorithm: str) -> None:
        """The memory of manifest `name` and the data root `root`: an absolute folder, or a URL,
        whose files' stamps are kept as if they were times."""
        self._identity = "\n".join(("1", ascii(name), ascii(os.fspath(root)), algorithm))
        self._root = Path(root)
        scans = state_dir / "scan"
        self._git_dir = scans / "git"
        key = hashlib.sha256(self._identity.encode()).hexdigest()[:32]
        self._files = StateFolder(scans / key)
        self._known: Known | None = None
        self._version: tuple[Version | None, ...] = ()
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
            index = read_index(self._index_content(), self._identity)
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
            records, self._sound = read_journal(self._files.read("journal"))
            for record in records:
                for path, size, mtime, text in zip(*unpack(record), strict=True):
                    self._journal[path] = (size, mtime, text)
        return self._journal

    @contextmanager
    def watching(self) -> Iterator[Callable[[], set[str] | None]]:
        """Lets git look for changed files in the background; see `StatCache.watching`."""
        index = self._files.open("index")
        if index is None or self._version != self._versions():
            self._forget()
        self._journal = self._sound = None
        if index is None:
            yield lambda: None
            return
        path = self._files.place / "index"
        with index, watch(self._git_dir, self._root, path) as answer:
            self._open_index = index
            try:
                yield lambda: self._suspects(answer())
            finally:
                self._open_index = None

    @property
    def stamps(self) -> Mapping[str, tuple[int, ...]]:
        """What `keep_stamps` kept last."""
        return read_stamps(self._files.read("folders"))

    def keep_stamps(self, stamps: Mapping[str, tuple[int, ...]]) -> None:
        """Keeps numbers for the folders; see `StatCache.keep_stamps`."""
        self._files.replace("folders", frame(dict(stamps)))

    def append(self, rows: Columns) -> None:
        """Adds to the journal."""
        if rows[0]:
            _ = self.journal
            # A killed scan may have left a torn record: what follows it would never be read.
            self._files.append("journal", frame(pack(rows)), self._sound)
            self._sound = None

    def commit(self, token: str, update: Update) -> None:
        """Names a new state, and empties the journal; see `StatCache.commit`."""
        base, fresh, _, marks = update
        if self.known.token != base:
            written = False
        elif self.known.paths:
            written = self._write(self.known.changed(token, update))
        else:
            written = self._write_index(token, fresh, marks)
        if written:
            self._files.remove("journal")
        else:
            self.append(fresh)
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
        now, then = self._files.version("index"), os.fstat(self._open_index.fileno())
        return now is not None and now[0] == then.st_ino

    def _versions(self) -> tuple[Version | None, ...]:
        """What tells whether the committed state was written anew since it was read."""
        return self._files.version("index"), self._files.version("delta")

    def _forget(self) -> None:
        self._known = self._journal = self._sound = self._open_index = None

    def _index_content(self) -> bytes:
        if self._open_index is None:
            return self._files.read("index")
        try:
            self._open_index.seek(0)
            return self._open_index.read()
        except OSError:
            return b""

    def _with_delta(self, known: Known) -> Known:
        delta = read_delta(self._files.read("delta"), self._checksum)
        if delta is None:
            return known
        marks = {**known.marks, **delta.marks}
        marks = {folder: mark for folder, mark in marks.items() if mark}
        return known.changed(delta.token, ("", unpack(delta.rows), delta.gone, marks))

    def _write(self, known: Known) -> bool:
        if _REWRITE * (len(known.put) + len(known.taken)) > len(known.base):
            return self._write_index(known.token, known.rows(), known.marks)
        marks = dict.fromkeys(self._base_marks.keys() - known.marks.keys(), 0)
        marks.update(known.marks.items() - self._base_marks.items())
        rows, taken = pack(known.overlay()), sorted(known.taken)
        delta = Delta(self._checksum, known.token, rows, taken, marks)
        return self._files.replace("delta", frame(delta))

    def _write_index(self, token: str, columns: Columns, marks: Mapping[str, int]) -> bool:
        try:
            data = index_bytes(self._identity, token, columns, marks)
        except struct.error:  # more than the format can count: no cache then
            return False
        if not self._files.replace("index", data):
            return False
        self._files.remove("delta")
        return True
