"""What is kept in the common git directory: it can all be derived again."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final

from dsv_git.gitrepo.files import write_file
from dsv_git.gitrepo.repository import Repository

QUIET: Final = 15 * 60
"""Seconds that hooks stay quiet after a failure, unless a manifest changed."""


def mark_pending(repository: Repository) -> None:
    """Makes hooks of later commits try again, though not before the quiet time has passed."""
    write_file(repository.state_dir / "pending", f"{int(time.time()) + QUIET}\n".encode())


def clear_pending(repository: Repository) -> None:
    """Nothing is pending."""
    (repository.state_dir / "pending").unlink(missing_ok=True)


def clone_id(repository: Repository) -> str:
    """A random text that tells this clone from all others; it says nothing of the machine."""
    path = repository.state_dir / "clone"
    with suppress(FileNotFoundError):
        found = path.read_text().strip()
        if found:
            return found
    made = secrets.token_hex(16)
    write_file(path, f"{made}\n".encode())
    return made


def read_told(repository: Repository) -> bytes:
    """What this clone told its registry of versions, as it was written; else an empty document."""
    try:
        return (repository.state_dir / "told.json").read_bytes()
    except FileNotFoundError:
        return b"{}"


def write_told(repository: Repository, data: bytes) -> None:
    """Remembers it."""
    write_file(repository.state_dir / "told.json", data)


def read_alike(repository: Repository) -> dict[str, tuple[str, ...]]:
    """Which hashes are of one content, as far as it was ever computed here: hash → others."""
    try:
        lines = (repository.state_dir / "alike").read_text().splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        return {}
    rows = (line.split(" ") for line in lines)
    return {row[0]: tuple(row[1:-1]) for row in rows if len(row) > 2 and row[-1] == "."}


def add_alike(repository: Repository, hashes: Mapping[str, Iterable[str]]) -> None:
    """Remembers some more. A torn line has no end mark, and is ignored when it is read."""
    if not hashes:
        return
    known = read_alike(repository)
    with suppress(OSError):
        repository.state_dir.mkdir(parents=True, exist_ok=True)
        with (repository.state_dir / "alike").open("a") as file:
            for content, others in hashes.items():
                every = dict.fromkeys((*known.get(content, ()), *others))
                file.write(f"\n{content} {' '.join(every)} .")


def read_digests(repository: Repository) -> dict[str, str]:
    """The SHA-256 of file lists by their blobs' ids, as far as they were ever computed here."""
    try:
        lines = (repository.state_dir / "list-digests").read_text().splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        return {}
    pairs = (line.split(" ") for line in lines)
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2 and len(pair[1]) == 64}


def add_digests(repository: Repository, digests: dict[str, str]) -> None:
    """Remembers some more. A torn line is ignored when it is read."""
    if not digests:
        return
    with suppress(OSError):
        repository.state_dir.mkdir(parents=True, exist_ok=True)
        with (repository.state_dir / "list-digests").open("a") as file:
            file.write("".join(f"\n{blob} {digest}" for blob, digest in digests.items()))
