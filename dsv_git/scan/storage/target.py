"""A folder of this machine that proven files are put into, through no symbolic link."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final

from dsv_git.errors import InputError
from dsv_git.scan.notices import shown
from dsv_git.scan.storage.copying import sync

STAGING: Final = ".dsv-new"
"""The folder in the target that holds what is under way; each process has one of its own in it."""

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Target:
    """A folder that files are put into. Within the context there is a place to write them at first,
    on the same file system; what a killed process left there goes."""

    def __init__(self, base: Path, staging: str = STAGING) -> None:
        self.base = base
        self._name = staging
        self._folders: list[tuple[str, int]] = []

    def __enter__(self) -> Target:
        self.base.mkdir(parents=True, exist_ok=True)
        self._base = os.open(self.base, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        with suppress(FileExistsError):
            os.mkdir(self._name, dir_fd=self._base)
        try:
            above = os.open(self._name, _FOLDER, dir_fd=self._base)
        except OSError as error:
            os.close(self._base)
            raise _in_the_way(self.base, self._name, error) from None
        _sweep(self.base / self._name)
        mine = secrets.token_hex(8)
        os.mkdir(mine, dir_fd=above)
        self._staging = os.open(mine, _FOLDER, dir_fd=above)
        os.close(above)
        self.staging = self.base / self._name / mine
        self._lock = os.open("lock", os.O_WRONLY | os.O_CREAT, dir_fd=self._staging)
        with suppress(OSError):  # a file system without locks: what a kill leaves stays there
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for _, folder in self._folders:
            os.close(folder)
        self._folders.clear()
        _remove(self.staging)
        os.close(self._lock)
        os.close(self._staging)
        with suppress(OSError):
            os.rmdir(self._name, dir_fd=self._base)
        os.close(self._base)

    def staged(self, number: int) -> str:
        """The temporary name of a file."""
        return f"{self.staging}/{number}"

    def settle(self, files: Iterable[tuple[int, str]], *, replace: bool) -> list[str]:
        """Gives staged files their names, when all of them are on the disk. Gives those names that
        are taken: without `replace` a file that is there stays as it is.

        Raises InputError where a symbolic link, or a file, is in a folder's place.
        """
        rows = sorted(files, key=lambda row: row[1])
        sync(self._staging, [str(number) for number, _ in rows])
        return [path for number, path in rows if not self._put(number, path, replace=replace)]

    def drop(self, numbers: Sequence[int]) -> None:
        """Removes staged files."""
        for number in numbers:
            with suppress(FileNotFoundError):
                os.unlink(str(number), dir_fd=self._staging)

    def _put(self, number: int, path: str, *, replace: bool) -> bool:
        folder_path, _, name = path.rpartition("/")
        folder = self._open(folder_path)
        if not replace and _is_there(name, folder):
            self.drop([number])
            return False
        try:
            os.rename(str(number), name, src_dir_fd=self._staging, dst_dir_fd=folder)
        except IsADirectoryError:
            self.drop([number])
            return False
        return True

    def _open(self, path: str) -> int:
        """A folder, made where it is not there. The last one and those around it stay open: files
        come in the order of their paths."""
        parts = path.split("/") if path else []
        same = 0
        for (part, _), wanted in zip(self._folders, parts, strict=False):
            if part != wanted:
                break
            same += 1
        for _, folder in self._folders[same:]:
            os.close(folder)
        del self._folders[same:]
        for part in parts[same:]:
            above = self._folders[-1][1] if self._folders else self._base
            with suppress(FileExistsError):
                os.mkdir(part, dir_fd=above)
            try:
                self._folders.append((part, os.open(part, _FOLDER, dir_fd=above)))
            except OSError as error:
                raise _in_the_way(self.base, path, error) from None
        return self._folders[-1][1] if self._folders else self._base


def _is_there(name: str, folder: int) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _in_the_way(base: Path, path: str, error: OSError) -> InputError:
    return InputError(
        f"{shown(path)} in {shown(str(base))} is no folder that can be written into "
        f"({error.strerror})",
        hint="move it away, or choose another folder",
    )


def _remove(folder: Path) -> None:
    """Removes a folder into which a worker that nobody waits for may still write for a moment."""
    for _ in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)


def _sweep(folder: Path) -> None:
    """Removes what processes left that live no more."""
    for left in folder.iterdir():
        try:
            if not stat.S_ISDIR(left.lstat().st_mode):
                continue
            with (left / "lock").open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(left, ignore_errors=True)
        except FileNotFoundError:
            with suppress(OSError):
                left.rmdir()  # killed before its lock was there
        except OSError:
            continue  # at work, or no locks here
