"""The object database: `git cat-file --batch` for all reads, plumbing for the few writes."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Final

from dsv_git.gitrepo.command import Git, clean_environment

_BUFFER: Final = 1 << 20
"""Bytes that are taken from a pipe at once where many blobs are read."""


@dataclass(frozen=True)
class TreeItem:
    """A line of a tree: `mode` as git writes it, `kind` is blob, tree or commit."""

    mode: str
    kind: str
    id: str
    name: str


class Objects:
    """Reads objects by id or by any name that git resolves, and writes new ones."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def read(self, name: str) -> tuple[str, str, bytes] | None:
        """`(id, kind, bytes)` of an object, or None where the name leads to none."""
        if "\n" in name:
            return None
        with self._lock:
            # Git ends at some names, such as an upstream that is not there, and so the next read
            # may meet a process that is about to end: that one asks another.
            for _ in range(2):
                with suppress(EOFError, BrokenPipeError):
                    return self._ask(name)
                self.close()
        return None

    def _ask(self, name: str) -> tuple[str, str, bytes] | None:
        """One question. Raises EOFError or BrokenPipeError where the process has ended."""
        out_in = self._batch()
        assert out_in.stdin is not None  # noqa: S101
        assert out_in.stdout is not None  # noqa: S101
        out_in.stdin.write(os.fsencode(name) + b"\n")
        out_in.stdin.flush()
        header = out_in.stdout.readline().decode(errors="replace")
        if not header:
            raise EOFError
        fields = header.rstrip("\n").rsplit(" ", 2)
        if len(fields) != 3 or not fields[2].isdigit():
            return None
        data = out_in.stdout.read(int(fields[2]))
        out_in.stdout.read(1)
        return fields[0], fields[1], data

    def blob(self, name: str) -> bytes:
        """A blob's bytes. Raises KeyError where there is none."""
        found = self.read(name)
        if found is None or found[1] != "blob":
            raise KeyError(name)
        return found[2]

    def blobs(self, ids: Sequence[str]) -> Iterator[bytes]:
        """The bytes of many blobs, in that order: git unpacks the next ones while the caller looks
        at the first. Raises KeyError for one that is not here."""
        import tempfile

        if not ids:
            return
        with tempfile.TemporaryFile() as wanted:
            wanted.write("".join(f"{blob}\n" for blob in ids).encode())
            wanted.seek(0)
            process = self._start(wanted, "--buffer")
        assert process.stdout is not None  # noqa: S101
        try:
            for blob in ids:
                fields = process.stdout.readline().split()
                if len(fields) != 3 or fields[1] != b"blob":
                    raise KeyError(blob)
                data = process.stdout.read(int(fields[2]))
                process.stdout.read(1)
                yield data
        finally:
            process.stdout.close()
            process.wait()

    def resolve(self, name: str) -> str | None:
        """The id of what `name` leads to, or None. Reads the object: for trees and commits."""
        found = self.read(name)
        return found[0] if found else None

    def tree(self, name: str) -> tuple[TreeItem, ...]:
        """The items of one tree, or none where there is no such tree."""
        found = self.read(name)
        if found is None or found[1] != "tree":
            return ()
        return tuple(_items(found[2], len(found[0]) // 2))

    def blobs_below(self, tree: str) -> dict[str, str]:
        """Every blob below a tree: path → id."""
        found: dict[str, str] = {}
        todo = [("", tree)]
        while todo:
            prefix, name = todo.pop()
            for item in self.tree(name):
                if item.kind == "tree":
                    todo.append((f"{prefix}{item.name}/", item.id))
                elif item.kind == "blob":
                    found[prefix + item.name] = item.id
        return found

    def write_blob(self, data: bytes) -> str:
        """Stores a blob, without any filter, and gives its id."""
        return self._git.run("hash-object", "-w", "--stdin", stdin=data).decode().strip()

    def write_commit(self, data: bytes) -> str:
        """Stores a commit from its raw text."""
        out = self._git.run("hash-object", "-t", "commit", "-w", "--stdin", stdin=data)
        return out.decode().strip()

    def write_tree(self, items: Iterable[TreeItem]) -> str:
        """Stores a tree."""
        lines = b"".join(
            f"{item.mode} {item.kind} {item.id}\t".encode() + os.fsencode(item.name) + b"\0"
            for item in items
        )
        return self._git.run("mktree", "-z", stdin=lines).decode().strip()

    def tree_with(self, tree: str | None, blobs: Mapping[str, str]) -> str:
        """A tree with some files put in: path → blob id. Reads only the folders concerned."""
        items = {item.name: item for item in (self.tree(tree) if tree else ())}
        deeper: dict[str, dict[str, str]] = {}
        for path, blob in blobs.items():
            head, slash, rest = path.partition("/")
            if slash:
                deeper.setdefault(head, {})[rest] = blob
            else:
                items[head] = TreeItem("100644", "blob", blob, head)
        for name, below in deeper.items():
            former = items.get(name)
            inner = former.id if former is not None and former.kind == "tree" else None
            items[name] = TreeItem("040000", "tree", self.tree_with(inner, below), name)
        return self.write_tree(items.values())

    def _batch(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = self._start(subprocess.PIPE)
        return self._process

    def _start(self, ids: IO[bytes] | int, *options: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["git", "cat-file", "--batch", *options],
            cwd=self._git.directory,
            env=clean_environment(),
            stdin=ids,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=_BUFFER if options else -1,
        )

    def close(self) -> None:
        """Ends the reading process; a later read starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(BrokenPipeError):
            process.stdin and process.stdin.close()
        process.stdout and process.stdout.close()
        process.wait()

    def __del__(self) -> None:
        with suppress(Exception):
            self.close()


def _items(data: bytes, width: int) -> Iterable[TreeItem]:
    """Parses a raw tree: `mode SP name NUL id`, ids of `width` bytes."""
    at = 0
    while at < len(data):
        space, nul = data.index(b" ", at), data.index(b"\0", at)
        mode = data[at:space].decode()
        object_id = data[nul + 1 : nul + 1 + width].hex()
        kind = {"40000": "tree", "160000": "commit"}.get(mode, "blob")
        yield TreeItem(mode.zfill(6), kind, object_id, os.fsdecode(data[space + 1 : nul]))
        at = nul + 1 + width
