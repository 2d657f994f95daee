"""One file list under check, read once for all rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from dsv_git.errors import InputError
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.filelist import read_entries
from dsv_git.manifest.layout import LISTS, ROOT_STEM, SUFFIX, Layout
from dsv_git.manifest.names import decode_part

_FAN = re.compile(r"(.+)~[0-9a-f]{1,4}")


@dataclass(frozen=True)
class ListFile:
    """A list's bytes. `path` is its place below the manifest (`files/…`), `layout` is None where
    `manifest.yaml` cannot be read."""

    manifest: str
    where: str
    path: str
    data: bytes
    layout: Layout | None

    @property
    def file(self) -> str:
        """The list's path from the top of the repository."""
        return f"{self.where}/{self.path}"

    @cached_property
    def reading(self) -> tuple[Entry, ...] | InputError:
        """The rows as they stand there, paths relative to the list's folder; or why they cannot be
        read."""
        try:
            return read_entries(self.data, self.file)
        except InputError as error:
            return error

    @property
    def rows(self) -> tuple[Entry, ...]:
        """The rows, none where the list cannot be read: `format` tells of that."""
        return () if isinstance(self.reading, InputError) else self.reading

    @cached_property
    def folder(self) -> str | None:
        """The data folder that the list's name stands for, with its `/`; None where it is none."""
        return folder_of(self.path)


def folder_of(path: str) -> str | None:
    """The data folder that a list's name encodes in any layout: empty, or with its `/`; or None."""
    stem = path.removeprefix(f"{LISTS}/").removesuffix(SUFFIX)
    fanned = _FAN.fullmatch(stem)
    plain = fanned.group(1) if fanned else stem
    if plain == ROOT_STEM:
        return ""
    try:
        parts = [decode_part(part) for part in plain.split("/")]
    except ValueError:
        return None
    real = all(part and "/" not in part for part in parts)
    return "/".join(parts) + "/" if real else None
