"""What to say of data that cannot be read as it lies."""

from __future__ import annotations

import os
from collections.abc import Sequence

from dsv_git.errors import InputError
from dsv_git.scan.notices import shown


class RootMissing(InputError):
    """The data root is not there: not mounted, or elsewhere on this machine."""


def unreadable(path: str, error: OSError) -> InputError:
    """What to say when the file at `path` cannot be read."""
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return InputError(
            f"{shown(path)} vanished while the data was read",
            hint="run again when nothing changes the data",
        )
    return InputError(
        f"cannot read {shown(path)}: {error.strerror or error}",
        hint="make it readable, or leave it out with data.exclude",
    )


def no_folder(root: str, folder: str, error: OSError) -> InputError:
    """What to say when a folder cannot be read; the empty one is the root."""
    if folder:
        return unreadable(f"{folder}/", error)
    if isinstance(error, FileNotFoundError):
        return RootMissing(
            f"the data root {shown(root)} is not there",
            hint="mount it, or where the data lies elsewhere on this machine: "
            "git config dsv.MANIFEST.root PATH",
        )
    if isinstance(error, NotADirectoryError):
        return InputError(f"the data root {shown(root)} is not a folder")
    return InputError(f"cannot read the data root {shown(root)}: {error.strerror or error}")


def not_utf8(bad: Sequence[str]) -> InputError:
    """What to say of names that are not UTF-8."""
    more = f" (and {len(bad) - 1:,} more)" if len(bad) > 1 else ""
    return InputError(
        f"the file name '{_bytes_shown(bad[0])}' is not UTF-8{more}",
        hint="rename it (convmv -f latin1 -t utf8 converts many), or use data.exclude",
    )


def is_utf8(path: str) -> bool:
    """Whether the name on the disk is UTF-8."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _bytes_shown(path: str) -> str:
    """The name with the bytes that are not UTF-8 as `\\xNN`."""
    return shown(os.fsencode(path).decode("utf-8", "backslashreplace"))
