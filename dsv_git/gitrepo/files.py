"""A manifest's files in a commit's tree, in the index, or in the working tree."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError
from dsv_git.gitrepo.background import for_each
from dsv_git.gitrepo.objects import Objects

_REFUSED: Final = (errno.EACCES, errno.EPERM, errno.EROFS)
DRAFT: Final = ".dsv-"
"""What the names of our temporary files begin with, and no list's."""


@dataclass(frozen=True)
class TreeFiles:
    """The files below one tree object."""

    objects: Objects
    tree: str
    where: str

    @cached_property
    def _blobs(self) -> Mapping[str, str]:
        return self.objects.blobs_below(self.tree)

    def blobs(self) -> Mapping[str, str]:
        """Every file with its blob's id."""
        return self._blobs

    def read(self, path: str) -> bytes:
        """A file's bytes. Raises KeyError."""
        return self.objects.blob(self._blobs[path])


@dataclass(frozen=True)
class FolderFiles:
    """The files of a folder of the working tree. Symbolic links are not followed, and what another
    dsv has begun to write is not there yet."""

    folder: Path
    where: str

    @cached_property
    def _names(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        todo = [("", self.folder)]
        while todo:
            prefix, folder = todo.pop()
            with suppress(FileNotFoundError), os.scandir(folder) as items:
                for item in items:
                    if item.is_dir(follow_symlinks=False):
                        todo.append((f"{prefix}{item.name}/", Path(item.path)))
                    elif item.is_file(follow_symlinks=False) and not item.name.startswith(DRAFT):
                        found[prefix + item.name] = ""
        return found

    def blobs(self) -> Mapping[str, str]:
        """Every file; a folder knows no ids."""
        return self._names

    def read(self, path: str) -> bytes:
        """A file's bytes. Raises KeyError where it is not, InputError where it is unreadable."""
        if path not in self._names:
            raise KeyError(path)
        try:
            return (self.folder / path).read_bytes()
        except OSError as error:
            raise InputError(
                f"cannot be read: {error.strerror}", where=str(self.folder / path)
            ) from None


def draft_of(path: Path) -> Path:
    """The temporary file beside a file that is being written."""
    return path.with_name(f"{DRAFT}{path.name}"[:250])


def write_file(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all: a temporary one beside it, fsync, rename.

    The temporary file's name follows from the path, so what a kill leaves is taken by the next
    write and never piles up. An OSError names the file itself, and says where its folder is what
    may not be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = draft_of(path)
    try:
        with draft.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    except OSError as error:
        if error.errno in _REFUSED:  # a person knows the file, and not the temporary one
            error.strerror = f"its folder may not be written ({error.strerror})"
        error.filename, error.filename2 = str(path), None
        with suppress(OSError):  # a folder that is read-only says that of what is not there too
            draft.unlink()
        raise
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def write_folder(folder: Path, files: Mapping[str, bytes], keep: tuple[str, ...]) -> list[str]:
    """Makes a folder hold `files`, and beside them only what starts with one of `keep`.

    Unchanged files are left alone. Lists are written before `manifest.yaml`, which is last, so an
    interrupted write is seen as a change of the same version, never as a new one. Gives the paths
    that changed.
    """
    existing = FolderFiles(folder, str(folder))
    changed = [
        path
        for path in sorted(files, key=lambda name: (name == "manifest.yaml", name))
        if path not in existing.blobs() or existing.read(path) != files[path]
    ]
    for_each(lambda path: write_file(folder / path, files[path]), changed[:-1])
    for path in changed[-1:]:
        write_file(folder / path, files[path])
    for path in existing.blobs():
        if path not in files and not path.startswith(keep):
            (folder / path).unlink()
            changed.append(path)
            remove_empty((folder / path).parent)
    for base, _, names in os.walk(folder):  # what a kill left
        for name in names:
            if name.startswith(DRAFT):
                Path(base, name).unlink()
                remove_empty(Path(base))
    return changed


def linked_folder(top: Path, places: Iterable[Path]) -> Path | None:
    """A symbolic link among the folders between `top` and some places below it, or None.

    Such a link may have come with the repository, and lead a write anywhere.
    """
    folders = {parent for place in places for parent in place.parents if top in parent.parents}
    return next((folder for folder in sorted(folders) if folder.is_symlink()), None)


def refuse_links(top: Path, places: Iterable[Path]) -> None:
    """Raises InputError where a symbolic link would lead a write to one of the places elsewhere."""
    link = linked_folder(top, places)
    if link is not None:
        where = str(link.relative_to(top))
        raise InputError("a symbolic link cannot hold a manifest", where=where)


def remove_empty(folder: Path) -> None:
    """Removes a folder and those around it, as far as they are empty; a repository is not."""
    while True:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
