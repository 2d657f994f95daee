"""What a scan leaves out or finds odd, and says; names as a terminal may show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

from dsv_git.manifest.entry import Entry
from dsv_git.manifest.names import printable

SAMPLE: Final = 5

Kind = Literal[
    "link-dangling",
    "link-outside",
    "link-folder",
    "special-file",
    "unsafe-name",
    "folder-too",
    "unmatched-label",
    "several-splits",
    "split-elsewhere",
    "other-name",
]

_MESSAGES: Final[dict[Kind, tuple[str, str]]] = {
    "link-dangling": (
        "symbolic link leads nowhere and is left out",
        "symbolic links lead nowhere and are left out",
    ),
    "link-outside": (
        "symbolic link leads out of the data root and is left out",
        "symbolic links lead out of the data root and are left out",
    ),
    "link-folder": (
        "symbolic link to a folder is not followed",
        "symbolic links to folders are not followed",
    ),
    "special-file": (
        "device, socket or pipe is left out",
        "devices, sockets or pipes are left out",
    ),
    "unsafe-name": (
        "name is no safe path and is left out",
        "names are no safe paths and are left out",
    ),
    "folder-too": (
        "object is a folder of others too and is left out",
        "objects are folders of others too and are left out",
    ),
    "unmatched-label": (
        "labelled path is no file of the data",
        "labelled paths are no files of the data",
    ),
    "several-splits": (
        "image is named by several splits, and is in the first of train, val and test",
        "images are named by several splits, and are in the first of train, val and test",
    ),
    "split-elsewhere": (
        "split names no place in the data",
        "splits name no place in the data",
    ),
    "other-name": (
        "name is neither label nor split and becomes a property",
        "names are neither label nor split and become properties",
    ),
}


@dataclass(frozen=True)
class Notice:
    """Something a person should know that is no error.

    `message` begins with the count and names no path; `paths` are the first few of `count`, as
    they are on the disk (pass them through `shown` before a terminal sees them).
    """

    kind: Kind
    message: str
    paths: tuple[str, ...]
    count: int


def notice(kind: Kind, paths: Iterable[str], count: int) -> Notice:
    """The notice of this kind about `count` paths."""
    one, many = _MESSAGES[kind]
    return Notice(
        kind, f"{count:,} {one if count == 1 else many}", tuple(islice(paths, SAMPLE)), count
    )


def other_names(entries: Iterable[Entry]) -> tuple[Notice, ...]:
    """What a source of labels, that a person just named, says beside label and split: a mistyped
    name would be among it."""
    names = sorted({key for entry in entries for key in entry.props})
    return (notice("other-name", names, len(names)),) if names else ()


def shown(path: str) -> str:
    """A path for a message: what no terminal should get (controls, bytes not UTF-8) is escaped."""
    return path if path.isprintable() else printable(path)
