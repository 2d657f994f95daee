"""The files below a folder, as a commit, an index or the working tree has them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError
from dsv_git.gitrepo.files import FolderFiles
from dsv_git.gitrepo.objects import Objects
from dsv_git.gitrepo.repository import Repository

_ODD: Final = {"120000": "symbolic link", "160000": "git repository of its own"}
_EMPTY: Final = frozenset(
    {
        "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
        "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
    }
)
"""The empty blob, in repositories of either object format."""


@dataclass(frozen=True)
class Listing:
    """Files below a folder, by their paths below it.

    `blobs` has each with its blob's id (empty in the working tree), `odd` what is no plain file,
    with what it is, `unmerged` what the index has in conflict.
    """

    blobs: Mapping[str, str]
    read: Callable[[str], bytes]
    odd: Mapping[str, str] = field(default_factory=dict)
    unmerged: tuple[str, ...] = ()


def in_commit(repository: Repository, objects: Objects, commit: str, folder: str) -> Listing:
    """What a commit holds below `folder`."""
    out = repository.git.fields(
        "--literal-pathspecs", "ls-tree", "-r", "-z", "--full-tree", commit, "--", f"{folder}/"
    )
    items = []
    for line in out:
        head, _, path = line.partition("\t")
        mode, _, blob = head.split(" ")
        items.append((path, mode, blob))
    return _listing(objects, folder, items)


def in_index(repository: Repository, objects: Objects, folder: str, index: Path | None) -> Listing:
    """What an index (`index`, None for the usual one) would put into a commit below `folder`."""
    env = {"GIT_INDEX_FILE": str(index)} if index is not None else {}

    def ask(*args: str) -> list[str]:
        out = repository.git.run("--literal-pathspecs", *args, "-z", "--", f"{folder}/", env=env)
        return os.fsdecode(out).split("\0")[:-1]

    items: list[tuple[str, str, str]] = []
    unmerged: dict[str, None] = {}
    for line in ask("ls-files", "-s"):
        head, _, path = line.partition("\t")
        mode, blob, stage = head.split(" ")
        if stage == "0":
            items.append((path, mode, blob))
        else:
            unmerged[path.removeprefix(f"{folder}/")] = None
    if any(blob in _EMPTY for _, _, blob in items):
        # A file that `git add -N` only announced is empty here, and left out of a commit. For git
        # it is the working tree that adds it.
        announced = set(ask("diff-files", "--name-only", "--diff-filter=A"))
        items = [item for item in items if item[0] not in announced]
    found = _listing(objects, folder, items)
    return Listing(found.blobs, found.read, found.odd, tuple(unmerged))


def in_folder(repository: Repository, folder: str) -> Listing:
    """What the working tree has below `folder`, tracked or not. Links are not followed, and hidden
    ones are not told of: editors leave such (`.#name`)."""
    top = repository.top / folder
    files = FolderFiles(top, folder)
    odd = {}
    for base, folders, names in os.walk(top):
        for name in (*folders, *names):
            place = Path(base, name)
            if not name.startswith(".") and place.is_symlink():
                odd[place.relative_to(top).as_posix()] = _ODD["120000"]
    return Listing(files.blobs(), files.read, odd)


def _listing(objects: Objects, folder: str, items: list[tuple[str, str, str]]) -> Listing:
    blobs: dict[str, str] = {}
    odd: dict[str, str] = {}
    for path, mode, blob in items:
        inner = path.removeprefix(f"{folder}/")
        if mode in _ODD:
            odd[inner] = _ODD[mode]
        else:
            blobs[inner] = blob

    def read(path: str) -> bytes:
        blob = blobs[path]
        try:
            return objects.blob(blob)
        except KeyError:
            raise InputError(
                f"its blob {blob} is not in this clone",
                where=f"{folder}/{path}",
                hint="git fetch --refetch",
            ) from None

    return Listing(blobs, read, odd)


def index_blob(repository: Repository, path: str, index: Path | None) -> str | None:
    """The blob that an index has at a path, None where there is none."""
    env = {"GIT_INDEX_FILE": str(index)} if index is not None else {}
    out = repository.git.run("--literal-pathspecs", "ls-files", "-s", "-z", "--", path, env=env)
    fields = os.fsdecode(out).partition("\t")[0].split(" ")
    return fields[1] if len(fields) == 3 and fields[2] == "0" else None
