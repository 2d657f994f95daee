"""Many blobs in a row: git unpacks the next ones while we look at the first."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from typing import Final

from dsv_git.gitrepo.command import Git, clean_environment

_BUFFER: Final = 1 << 20
"""Bytes that are taken from the pipe at once."""


def read_ahead(git: Git, blobs: Sequence[str]) -> Iterator[bytes]:
    """The bytes of blobs, by their ids, in that order. Raises KeyError for one that is not here."""
    if not blobs:
        return
    with tempfile.TemporaryFile() as wanted:
        wanted.write("".join(f"{blob}\n" for blob in blobs).encode())
        wanted.seek(0)
        process = subprocess.Popen(
            ["git", "cat-file", "--batch", "--buffer"],
            cwd=git.directory,
            env=clean_environment(),
            stdin=wanted,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=_BUFFER,
        )
    assert process.stdout is not None  # noqa: S101
    try:
        for blob in blobs:
            fields = process.stdout.readline().split()
            if len(fields) != 3 or fields[1] != b"blob":
                raise KeyError(blob)
            data = process.stdout.read(int(fields[2]))
            process.stdout.read(1)
            yield data
    finally:
        process.stdout.close()
        process.wait()
