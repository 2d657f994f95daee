"""Reading the names below a data root, folder by folder, in the order of their UTF-8 bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from typing import Final

from dsv_git.scan.folders import mark, pattern_seed
from dsv_git.scan.notices import Kind, Notice, notice
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.refusals import is_utf8, no_folder, not_utf8

_AT_ONCE: Final = 4096
"""Entries of a folder that are looked at together."""


class Reader:
    """One reading of a data root. `links`, `marks` and `notices` are complete when `blocks` ends.

    `links` maps the paths that are symbolic links to regular files inside the root to the place
    (below the root) where the content is. `marks` are of all folders, or empty where something
    below the root is neither a file of the data nor a folder that was read.
    """

    def __init__(self, root: str, patterns: Patterns) -> None:
        self.links: dict[str, str] = {}
        self._root = root
        self._real_root = os.path.realpath(root)
        self._matcher = patterns.matcher()
        self._seed = pattern_seed(patterns)
        self._marks: dict[str, int] = {}
        self._left_out: dict[Kind, list[str]] = {}
        self._only_data = True
        self._only_utf8 = True

    @property
    def marks(self) -> dict[str, int]:
        """The marks of the folders."""
        return self._marks if self._only_data else {}

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What was left out."""
        kinds = sorted(self._left_out.items())
        return tuple(notice(kind, sorted(paths), len(paths)) for kind, paths in kinds)

    def blocks(self) -> Iterator[list[str]]:
        """The paths of the files, in blocks. All blocks in a row are sorted by UTF-8 bytes.

        Raises RootMissing, and InputError for what cannot be read or whose name is not UTF-8.
        """
        bad: list[str] = []
        stack = [("", *self._read(""))]
        while stack:
            prefix, items, has_folders = stack[-1]
            block = []
            if has_folders:
                while items and not items[-1].endswith("/"):
                    block.append(prefix + items.pop())
            else:
                block = [prefix + item for item in reversed(items)]
                items.clear()
            if not self._only_utf8:
                bad += [path for path in block if not is_utf8(path)]
            if block and not bad:
                yield block
            if items:
                folder = prefix + items.pop()
                stack.append((folder, *self._read(folder)))
            else:
                stack.pop()
        if bad:
            raise not_utf8(bad)

    def _read(self, prefix: str) -> tuple[list[str], bool]:
        """The names of the files in a folder, and of its folders with `/`, the last one first; and
        whether there are folders.

        With `/` at their ends the folders are in the order in which their files' paths are.
        """
        names: list[str] = []
        folders: list[str] = []
        others: list[os.DirEntry[str]] = []
        try:
            with os.scandir(f"{self._root}/{prefix}") as entries:
                while part := list(islice(entries, _AT_ONCE)):
                    plain = [] if self._matcher else _plain_files(part)
                    if len(plain) == len(part) and ".git" not in plain:
                        names += plain  # as in most folders of data
                    else:
                        self._sort(prefix, part, names, folders, others)
                left_out = {entry.name for entry in others if not self._takes_odd(entry, prefix)}
        except OSError as error:
            raise no_folder(self._root, prefix.rstrip("/"), error) from None
        self._mark(prefix, names)
        if folders or left_out:
            left_out.update(folders)
            names = [name for name in names if name not in left_out]
            names += [f"{name}/" for name in folders]
            names.sort()
        names.reverse()
        return names, bool(folders)

    def _sort(
        self,
        prefix: str,
        entries: list[os.DirEntry[str]],
        names: list[str],
        folders: list[str],
        others: list[os.DirEntry[str]],
    ) -> None:
        """Tells folders to read, and what may be odd, from files that are in."""
        takes = self._matcher.takes if self._matcher else None
        prunes = self._matcher.prunes if self._matcher else None
        for entry in entries:
            name = entry.name
            if name == ".git":
                continue
            names.append(name)
            if entry.is_file(follow_symlinks=False) and (not takes or takes(prefix + name)):
                continue
            if entry.is_dir(follow_symlinks=False) and not (prunes and prunes(prefix + name)):
                folders.append(name)
            else:
                others.append(entry)

    def _mark(self, prefix: str, names: list[str]) -> None:
        names.sort()
        text = "/".join(names)
        if not is_utf8(text):
            self._only_utf8 = False
        self._marks[prefix.rstrip("/")] = mark(text, self._seed)

    def _takes_odd(self, entry: os.DirEntry[str], prefix: str) -> bool:
        """Whether something that is no plain file of the data, and no folder to read, is a file."""
        self._only_data = False
        path = prefix + entry.name
        if entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False):
            return False
        if self._matcher and not self._matcher.takes(path):
            return False
        kind, target = _follow(self._real_root, path) if entry.is_symlink() else _SPECIAL
        if kind is not None:
            self._left_out.setdefault(kind, []).append(path)
            return False
        self.links[path] = target
        return True


def _plain_files(entries: list[os.DirEntry[str]]) -> list[str]:
    return [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]


_SPECIAL: Final[tuple[Kind, str]] = ("special-file", "")


def _follow(root: str, path: str) -> tuple[Kind | None, str]:
    """Why the symbolic link at `path` is left out, or the file below the root that it means."""
    target = os.path.realpath(f"{root}/{path}")
    if not os.path.exists(target):  # noqa: PTH110 - hot where a root is a farm of links
        return "link-dangling", ""
    inside = os.path.relpath(target, root)
    parts = inside.split("/")
    if parts[0] == ".." or ".git" in parts:
        return "link-outside", ""
    if os.path.isdir(target):  # noqa: PTH112
        return "link-folder", ""
    if not os.path.isfile(target):  # noqa: PTH113
        return _SPECIAL
    return None, inside
