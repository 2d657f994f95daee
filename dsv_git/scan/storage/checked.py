"""Whether files of a folder have the content that they should have. Runs in worker processes."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Literal, NamedTuple

from dsv_git.scan.hashing import BIG, BLOCK, FIRST
from dsv_git.scan.storage.digests import Proof, new_digest

Trouble = Literal["missing", "damaged", "unreadable", "unproven"]


class Wanted(NamedTuple):
    """A file that should be there: its path in the storage, size in bytes, hash."""

    path: str
    size: int
    hash: str


class Flaw(NamedTuple):
    """A file that is not as it should be; `detail` says how where the kind does not."""

    path: str
    trouble: Trouble
    detail: str = ""


def wrong_size(wanted: Wanted, size: int) -> Flaw | None:
    """The flaw of a file of that size, or None."""
    if size == wanted.size:
        return None
    return Flaw(wanted.path, "damaged", f"{size:,} bytes in place of {wanted.size:,}")


def wrong_content(path: str, holds: bool | None) -> Flaw | None:
    """The flaw of a file whose hash holds, or not, or could not be asked (None)."""
    if holds is None:
        return Flaw(path, "unproven", "the hash is a store's own")
    return None if holds else Flaw(path, "damaged", "other content")


class Checked(NamedTuple):
    """What checking a row of files gave: the flaws, the bytes that were read, and the big files
    that were left for a stream of their own."""

    flaws: list[Flaw]
    size: int
    big: list[Wanted]


_FLAGS: Final = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


def check_files(root: str, files: Sequence[Wanted], big: int = BIG) -> Checked:
    """Checks files below `root`, one after the other; those above `big` bytes are left out."""
    place = Inside(root)
    done = Checked([], 0, [])
    flaws, later, size = done.flaws, done.big, 0
    for wanted in files:
        if wanted.size > big:
            later.append(wanted)
            continue
        flaw = check_file(place, wanted)
        size += wanted.size
        if flaw is not None:
            flaws.append(flaw)
    return Checked(flaws, size, later)


def check_file(
    place: Inside, wanted: Wanted, report: Callable[[int], object] = lambda _: None
) -> Flaw | None:
    """What is wrong with a file, or None. `report` is called with the bytes of every block."""
    path = wanted.path
    try:
        file = place.open(path)
    except (FileNotFoundError, NotADirectoryError):
        return Flaw(path, "missing")
    except OSError as error:
        return Flaw(path, "unreadable", error.strerror or str(error))
    try:
        size = os.fstat(file).st_size
        flaw = wrong_size(wanted, size)
        if flaw is not None:
            return flaw
        proof = Proof(wanted.hash)
        block = os.read(file, FIRST)
        while block:
            proof.update(block)
            report(len(block))
            block = os.read(file, BLOCK) if proof.size < size else b""
    except OSError as error:
        return Flaw(path, "unreadable", error.strerror or str(error))
    finally:
        os.close(file)
    return wrong_content(path, proof.holds())


class Inside:
    """Opens regular files below a root, as a scan sees them: a symbolic link to a file inside
    counts as that file, and nothing leads out."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._real = os.path.realpath(root)
        self._folders: dict[str, bool] = {"": True}

    def open(self, path: str) -> int:
        """A descriptor for reading. Raises OSError; FileNotFoundError for what is no such file."""
        file = os.open(self.place(path), _FLAGS)
        if not stat.S_ISREG(os.fstat(file).st_mode):
            os.close(file)
            raise FileNotFoundError(path)
        return file

    def place(self, path: str) -> str:
        """Where the file is that a path means. Raises FileNotFoundError where that is outside."""
        folder, _, _ = path.rpartition("/")
        if not self._is_real(folder):
            raise FileNotFoundError(path)
        place = f"{self.root}/{path}"
        if os.path.islink(place):  # noqa: PTH114 - a Path each would cost the double
            place = os.path.realpath(place)
            if not place.startswith(f"{self._real}/"):
                raise FileNotFoundError(path)
        return place

    def _is_real(self, folder: str) -> bool:
        """Whether a folder is one below the root, through no symbolic link."""
        known = self._folders.get(folder)
        if known is None:
            real = f"{self._real}/{folder}"
            known = self._folders[folder] = os.path.realpath(f"{self.root}/{folder}") == real
        return known


def contents(root: str, paths: Sequence[str], algorithms: Sequence[str]) -> list[tuple[str, str]]:
    """The hashes of files below `root` by each of the algorithms, as (hash, path). What cannot be
    read is left out."""
    place = Inside(root)
    found = []
    for path in paths:
        with suppress(OSError):
            file = place.open(path)
            try:
                digests = {algorithm: new_digest(algorithm) for algorithm in algorithms}
                while block := os.read(file, BLOCK):
                    for digest in digests.values():
                        digest.update(block)
            finally:
                os.close(file)
            found += [(f"{name}:{digest.hexdigest()}", path) for name, digest in digests.items()]
    return found
