"""Which list a file's row is in: declared by depth and fans, never computed from sizes.

A split that followed the number of rows would move rows between lists when it changes, and a clean
git merge of such a move brings deleted rows back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import msgspec
import xxhash

from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.names import LONGEST_PART, decode_part, encode_part

LISTS: Final = "files"
ROOT_STEM: Final = "_"
SUFFIX: Final = ".jsonl"
MOST_ROWS: Final = 4000
"""Rows that a list holds comfortably: more make slow diffs, far fewer make too many files."""
FEWEST_ROWS: Final = 250
DEEPEST: Final = 8
WIDEST: Final = 4
"""Hexadecimal digits of a fan: 65,536 lists."""
LONGEST_STEM: Final = 500
"""Bytes of a list's path that `choose` goes up to: macOS ends paths at 1,024, YAML keys too."""

_FAN = re.compile(r"(.+)~([0-9a-f]{1,4})")


class Rows(NamedTuple):
    """The entries of one list, their paths from the data root; all of them begin with `prefix`,
    which the list leaves out."""

    prefix: str
    entries: list[Entry]


@dataclass(frozen=True)
class Layout:
    """`depth` folder parts name a list; `fans` splits a list by `k` hex digits of each row's path.

    A fan's key is the list's path below `files/` without its ending, as it is on disk.
    """

    depth: int = 0
    fans: Mapping[str, int] = field(default_factory=dict)

    def stem(self, folder: str) -> tuple[str, int]:
        """The list that stands for a data folder (`a/b`, or empty for the root), without its
        ending, and how many parts of the folder it takes."""
        if not folder or self.depth == 0:
            return ROOT_STEM, 0
        parts = []
        for part in folder.split("/")[: self.depth]:
            encoded = encode_part(part)
            if len(encoded) > LONGEST_PART:
                break
            parts.append(encoded)
        return ("/".join(parts), len(parts)) if parts else (ROOT_STEM, 0)

    def place(self, path: str) -> tuple[str, str]:
        """The list file (`files/…jsonl`) of an entry's path, and the path as that list has it."""
        folder, _, _ = path.rpartition("/")
        stem, taken = self.stem(folder)
        inner = path if taken == 0 else path.split("/", taken)[taken]
        return self._file(stem, inner), inner

    def _file(self, stem: str, inner: str) -> str:
        digits = self.fans.get(stem, 0)
        if digits:
            stem = f"{stem}~{xxhash.xxh3_64_hexdigest(inner.encode())[:digits]}"
        return f"{LISTS}/{stem}{SUFFIX}"

    def lists(self, entries: Iterable[Entry]) -> dict[str, Rows]:
        """The lists of a whole manifest, by their file. Entries of one list stay in their order.

        Raises InputError where two list names differ by case alone.
        """
        stems: dict[str, Rows] = {}
        folders: dict[str, list[Entry]] = {}
        last, rows = None, list[Entry]()
        for entry in entries:
            path = entry.path
            folder = path[: path.rfind("/") + 1]
            if folder != last:  # neighbours are mostly of one folder
                last = folder
                known = folders.get(folder)
                if known is None:
                    stem, taken = self.stem(folder[:-1])
                    prefix = path[: len(path) - len(path.split("/", taken)[taken])]
                    known = folders[folder] = stems.setdefault(stem, Rows(prefix, [])).entries
                rows = known
            rows.append(entry)
        lists: dict[str, Rows] = {}
        for stem, found in stems.items():
            if stem in self.fans:
                start = len(found.prefix)
                for entry in found.entries:
                    file = self._file(stem, entry.path[start:])
                    lists.setdefault(file, Rows(found.prefix, [])).entries.append(entry)
            else:
                lists[f"{LISTS}/{stem}{SUFFIX}"] = found
        refuse_case_collisions(lists)
        return lists

    def split(self, entries: Iterable[Entry]) -> dict[str, list[Entry]]:
        """As `lists`, with the paths as the lists have them."""
        replace = msgspec.structs.replace
        return {
            file: [replace(entry, path=entry.path[len(rows.prefix) :]) for entry in rows.entries]
            for file, rows in self.lists(entries).items()
        }

    def prefix(self, file: str) -> str:
        """The data folder (with its `/`, or empty) that the paths of a list are relative to.

        Raises ValueError for a name that no folder encodes to, or that this layout does not have.
        """
        stem = file.removeprefix(f"{LISTS}/").removesuffix(SUFFIX)
        if f"{LISTS}/{stem}{SUFFIX}" != file:
            raise ValueError(f"not a file list: {file}")
        fanned = _FAN.fullmatch(stem)
        plain = fanned.group(1) if fanned else stem
        if self.fans.get(plain, 0) != (len(fanned.group(2)) if fanned else 0):
            raise ValueError(f"the layout has no list {file}")
        if plain == ROOT_STEM:
            return ""
        parts = [decode_part(part) for part in plain.split("/")]
        if any(part in {"", ".", ".."} or "\0" in part for part in parts):
            raise ValueError(f"no data folder can be meant by {file}")
        folder = "/".join(parts)
        if self.stem(folder) != (plain, len(parts)):
            raise ValueError(f"the layout has no list {file}")
        return f"{folder}/"


def refuse_case_collisions(names: Iterable[str]) -> None:
    """Two file names, or folders of theirs, that a file system which folds cases would take for one
    are an error."""
    seen: dict[str, str] = {}
    for name in names:
        place = name
        while place:
            other = seen.get(place.casefold())
            if other == place:
                break
            if other is not None:
                raise InputError(
                    f"{other} and {place} differ by case alone: one file on macOS and Windows",
                    hint="rename one of the data folders, or use a layout of depth 0",
                )
            seen[place.casefold()] = place
            place = place.rpartition("/")[0]


def choose(paths: Iterable[str]) -> Layout:
    """The layout for a first write: the shallowest whose lists are comfortable, fans for the rest.

    Small data stays in one list. A level deeper is taken while it still splits a list above
    MOST_ROWS and the lists keep FEWEST_ROWS rows on average.
    """
    folders = Counter([path[: path.rfind("/") + 1] for path in paths])
    total = folders.total()
    if total <= MOST_ROWS:
        return Layout()
    chosen, rows = Layout(), Counter({ROOT_STEM: total})
    for depth in range(1, DEEPEST + 1):
        layout, deeper = Layout(depth), Counter[str]()
        for folder, count in folders.items():
            deeper[layout.stem(folder[:-1])[0]] += count
        if not _sensible(deeper) or total / len(deeper) < FEWEST_ROWS or deeper == rows:
            break
        chosen, rows = layout, deeper
        if max(rows.values()) <= MOST_ROWS:
            break
    fans = {stem: _digits(count) for stem, count in sorted(rows.items()) if count > MOST_ROWS}
    return Layout(chosen.depth, fans)


def _sensible(stems: Iterable[str]) -> bool:
    """Whether lists of these names can be written anywhere, and their fans declared in YAML."""
    names = list(stems)
    folded = {stem.casefold() for stem in names}
    return len(folded) == len(names) and max(map(len, names)) <= LONGEST_STEM


def _digits(rows: int) -> int:
    digits = 1
    while digits < WIDEST and rows / 16**digits > MOST_ROWS:
        digits += 1
    return digits
