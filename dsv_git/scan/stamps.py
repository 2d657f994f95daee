"""What proves that a folder holds the names it held, without reading them: its own stat data.

On the file systems named here every name that comes or goes gives its folder another modification
time. A folder whose inode and both times are those of the time when its names were read, and were
old already then, has the same names. Everywhere else the names are read.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

Stamp = tuple[int, ...]
"""The mark of a folder when it was read, then device, inode, mtime (ns) and ctime (ns)."""

Stamps = Mapping[str, Stamp]
"""Stamps by the folder's path below the root."""

_EXACT: Final = {"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "tmpfs", "xfs"}
"""File systems that keep a folder's times as POSIX demands. The mounts of object stores and the
like often do not, and a client of NFS may hold old times for a minute."""

_CALM_NS: Final = 2_000_000_000
"""So old a time has to be: a change in the same tick of the file system's clock would not show."""

_MOUNTS: Final = "/proc/self/mountinfo"


def exact_devices() -> frozenset[int]:
    """The devices whose folders have times that prove something; none where it cannot be told."""
    found: set[int] = set()
    doubtful: set[int] = set()
    with suppress(OSError, ValueError, IndexError):
        for line in Path(_MOUNTS).read_bytes().splitlines():
            before, _, after = line.partition(b" - ")
            major, minor = before.split(b" ", 3)[2].split(b":")
            device = os.makedev(int(major), int(minor))
            kind = after.split(b" ", 1)[0].decode("ascii", "replace")
            (found if kind in _EXACT else doubtful).add(device)
        return frozenset(found - doubtful)
    return frozenset()


def stamp(mark: int, status: os.stat_result) -> Stamp:
    """The stamp of a folder that has this mark, with its stat data of before it was read."""
    return mark, status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns


def lasts(status: os.stat_result, now_ns: int) -> bool:
    """Whether any change of the folder after `now_ns` is sure to give it other times."""
    return max(status.st_mtime_ns, status.st_ctime_ns) < now_ns - _CALM_NS
