"""A person's reports as bytes: from a commit, else from the working tree, from nowhere else."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.files import linked_folder
from dsv_git.manifest.names import unsafe_path

_LFS: Final = b"version https://git-lfs.github.com/spec/"
_LONGEST_POINTER: Final = 1024
"""Bytes: the Git LFS specification has pointer files below that."""


@dataclass(frozen=True)
class ReportFiles:
    """The files of the repository at `commit`, and beside them those that git does not track: a
    report may be ignored. Paths come from a manifest, so anybody may have written them."""

    workspace: Workspace
    commit: str

    def read(self, path: str, limit: int) -> bytes:
        """A file's bytes. Raises InputError, whose message goes on after the path, for a path that
        leaves the repository or is none, a symbolic link, and more than `limit` bytes."""
        reason = _unusable(path)
        if reason is not None:
            raise InputError(reason)
        data = self._tracked(path, limit)
        if data is None or _is_pointer(data):
            data = self._untracked(path, limit)
        if _is_pointer(data):
            raise InputError("is a Git LFS pointer here: git lfs pull")
        if not data:
            raise InputError("is empty")
        return data

    @cached_property
    def _top(self) -> str | None:
        return self.workspace.objects.resolve(f"{self.commit}^{{tree}}")

    def _tracked(self, path: str, limit: int) -> bytes | None:
        """The file in the commit; None where it has none. Its modes are read on the way, for the
        blob of a symbolic link looks like any other."""
        objects, at = self.workspace.objects, self._top
        *folders, name = path.split("/")
        for part in folders:
            items = objects.tree(at) if at else ()
            at = next((i.id for i in items if i.name == part and i.kind == "tree"), None)
        items = objects.tree(at) if at else ()
        found = next((i for i in items if i.name == name and i.mode in {"100644", "100755"}), None)
        if found is None:
            return None
        asked = self.workspace.repository.git.attempt("cat-file", "-s", found.id)
        if asked.returncode:  # a partial clone without its remote
            return None
        if int(asked.stdout) > limit:
            raise _too_large(limit)
        return objects.blob(found.id)

    def _untracked(self, path: str, limit: int) -> bytes:
        """The file in the working tree. No link is followed, and nothing but a file is opened for
        longer than it takes to see what it is: a pipe would keep us for ever."""
        top = self.workspace.repository.top
        place = Path(top, path)
        try:
            if linked_folder(top, [place]) is not None:
                raise InputError("is behind a symbolic link")
            with open(place, "rb", opener=_open_itself) as opened:
                if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                    raise InputError("is not a file")
                data = opened.read(limit + 1)
        except OSError as error:
            raise InputError(_why(error)) from None
        if len(data) > limit:
            raise _too_large(limit)
        return data


def _open_itself(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _unusable(path: str) -> str | None:
    try:
        path.encode()
    except UnicodeEncodeError:
        return "is not UTF-8"
    return unsafe_path(path)


def _is_pointer(data: bytes) -> bool:
    return len(data) < _LONGEST_POINTER and data.startswith(_LFS)


def _too_large(limit: int) -> InputError:
    return InputError(f"is larger than {limit // 10**6} MB")


def _why(error: OSError) -> str:
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return "is neither in the commit nor in the working tree"
    if error.errno == errno.ELOOP:
        return "is a symbolic link"
    if error.errno == errno.EISDIR:
        return "is not a file"
    return f"cannot be read: {error.strerror}"
