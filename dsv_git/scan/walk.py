"""Which files a data root holds, read where it lies. Nothing is opened, nothing is changed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from dsv_git.errors import InputError
from dsv_git.scan.folders import Marks, mark, pattern_seed
from dsv_git.scan.notices import Kind, Notice, notice, shown
from dsv_git.scan.patterns import Matcher, Patterns


class RootMissing(InputError):
    """The data root is not there: not mounted, or elsewhere on this machine."""


class Found(NamedTuple):
    """A file on the disk: path below the root, size in bytes, modification time in ns."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Names:
    """The files below a root without their sizes: one folder read each, no file touched.

    `paths` are sorted by their UTF-8 bytes. `links` maps the paths that are symbolic links to
    regular files inside the root to the place (below the root) where the content is. `marks` are
    of all folders, or empty where something below the root is neither a file of the data nor a
    folder that was read: should that change, the names alone would not tell.
    """

    paths: Sequence[str]
    links: Mapping[str, str]
    marks: Marks
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class Listing:
    """The files below a root, sorted by the UTF-8 bytes of their paths."""

    files: tuple[Found, ...]
    notices: tuple[Notice, ...]


def walk(root: Path, patterns: Patterns) -> Listing:
    """Every file below `root` with size and modification time. Errors as of `list_names`."""
    names = list_names(root, patterns)
    base = os.fspath(root)
    found = []
    for path in names.paths:
        try:
            status = os.stat(f"{base}/{path}")  # noqa: PTH116 - a Path each would cost the double
        except OSError as error:
            raise unreadable(path, error) from None
        found.append(Found(path, status.st_size, status.st_mtime_ns))
    return Listing(tuple(found), names.notices)


def list_names(root: Path, patterns: Patterns) -> Names:
    """Every file below `root`.

    `.git` is never part of the data, wherever it is. A symbolic link to a regular file inside the
    root counts as that file; other links, devices, sockets and pipes are left out with a notice.
    Raises RootMissing, and InputError for what cannot be read or whose name is not UTF-8: a list
    that silently lacks a file would be worse than none.
    """
    reader = _Reader(os.fspath(root), patterns.matcher(), pattern_seed(patterns))
    reader.read_all()
    reader.paths.sort()  # code points sort as their UTF-8 bytes do
    try:
        "\0".join(reader.paths).encode()
    except UnicodeEncodeError:
        raise _not_utf8(reader.paths) from None
    notices = tuple(
        notice(kind, sorted(paths), len(paths)) for kind, paths in sorted(reader.left_out.items())
    )
    return Names(reader.paths, reader.links, {} if reader.odd else reader.marks, notices)


@dataclass
class _Reader:
    root: str
    matcher: Matcher | None
    seed: int
    paths: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    left_out: dict[Kind, list[str]] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    odd: bool = False
    real_root: str = ""

    def read_all(self) -> None:
        folders = self._read_folder("")
        while folders:
            folders.extend(self._read_folder(f"{folders.pop()}/"))

    def _read_folder(self, prefix: str) -> list[str]:
        """Takes the files of one folder; returns its folders."""
        folders: list[str] = []
        names: list[str] = []
        add, add_name = self.paths.append, names.append
        matcher = self.matcher
        try:
            with os.scandir(f"{self.root}/{prefix}") as entries:
                for entry in entries:
                    name = entry.name
                    if name == ".git":
                        continue
                    path = prefix + name
                    add_name(name)
                    if entry.is_file(follow_symlinks=False) and (
                        not matcher or matcher.takes(path)
                    ):
                        add(path)
                    elif entry.is_dir(follow_symlinks=False) and not (
                        matcher and matcher.prunes(path)
                    ):
                        folders.append(path)
                    else:
                        self._take_odd(entry, path)
        except OSError as error:
            raise _no_folder(self.root, prefix.rstrip("/"), error) from None
        self.marks[prefix.rstrip("/")] = mark(names, self.seed)
        return folders

    def _take_odd(self, entry: os.DirEntry[str], path: str) -> None:
        """Looks at what is no regular file that is in, and no folder to read."""
        self.odd = True
        if entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False):
            return
        if self.matcher and not self.matcher.takes(path):
            return
        if not entry.is_symlink():
            self.left_out.setdefault("special-file", []).append(path)
            return
        self.real_root = self.real_root or os.path.realpath(self.root)
        kind, target = _follow(self.real_root, path)
        if kind is not None:
            self.left_out.setdefault(kind, []).append(path)
        elif target is not None:
            self.paths.append(path)
            self.links[path] = target


def _follow(root: str, path: str) -> tuple[Kind | None, str | None]:
    """Why the symbolic link at `path` is left out, or the file below the root that it means."""
    target = os.path.realpath(f"{root}/{path}")
    if not os.path.exists(target):  # noqa: PTH110 - hot where a root is a farm of links
        return "link-dangling", None
    inside = os.path.relpath(target, root)
    parts = inside.split("/")
    if parts[0] == ".." or ".git" in parts:
        return "link-outside", None
    if os.path.isdir(target):  # noqa: PTH112
        return "link-folder", None
    if not os.path.isfile(target):  # noqa: PTH113
        return "special-file", None
    return None, inside


def unreadable(path: str, error: OSError) -> InputError:
    """What to say when the file at `path` cannot be read."""
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return InputError(
            f"{shown(path)} vanished while the data was read",
            hint="run again when nothing changes the data",
        )
    return InputError(
        f"cannot read {shown(path)}: {error.strerror or error}",
        hint="make it readable, or leave it out with data.exclude",
    )


def _no_folder(root: str, folder: str, error: OSError) -> InputError:
    if folder:
        return unreadable(f"{folder}/", error)
    if isinstance(error, FileNotFoundError):
        return RootMissing(
            f"the data root {shown(root)} is not there",
            hint="mount it, or where the data lies elsewhere on this machine: "
            "git config dsv.MANIFEST.root PATH",
        )
    if isinstance(error, NotADirectoryError):
        return InputError(f"the data root {shown(root)} is not a folder")
    return InputError(f"cannot read the data root {shown(root)}: {error.strerror or error}")


def _not_utf8(paths: list[str]) -> InputError:
    bad = [path for path in paths if not _is_utf8(path)]
    more = f" (and {len(bad) - 1:,} more)" if len(bad) > 1 else ""
    return InputError(
        f"the file name '{_bytes_shown(bad[0])}' is not UTF-8{more}",
        hint="rename it (convmv -f latin1 -t utf8 converts many), or use data.exclude",
    )


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _bytes_shown(path: str) -> str:
    """The name with the bytes that are not UTF-8 as `\\xNN`."""
    return shown(os.fsencode(path).decode("utf-8", "backslashreplace"))
