"""Whether git would take the data into the repository, and how to keep it out."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from dsv_git.gitrepo.files import write_file
from dsv_git.gitrepo.repository import Repository
from dsv_git.manifest.url import is_url


def is_ignored(repository: Repository, path: str) -> bool:
    """Whether git ignores a folder of the working tree (or a link to one), or what lies in it."""
    return any(
        # Behind a link git refuses to look: the link itself is what counts then.
        repository.git.attempt("check-ignore", "--quiet", "--no-index", "--", name).returncode == 0
        for name in (path, f"{path}/x")
    )


def tracked_files(repository: Repository, path: str) -> int:
    """How many files of a folder git tracks."""
    return len(repository.git.fields("ls-files", "-z", "--", f":(literal){path}"))


def untracked(repository: Repository, folders: Sequence[str]) -> list[str]:
    """The files of some folders that git does not track."""
    literal = [f":(literal){folder}" for folder in folders]
    return repository.git.fields("ls-files", "--others", "-z", "--", *literal)


def keep_out(repository: Repository, root: str, files: int) -> tuple[bool, str | None]:
    """Adds a data root inside the working tree to `.gitignore`, unless git ignores it already, or
    tracks it itself: most of its `files`, and not just a `.gitkeep`. A manifest has `root` so.

    Gives whether git tracks it, and the line that was added.
    """
    if is_url(root) or Path(root).is_absolute() or Path(root).parts[0] == "..":
        return False, None
    if 2 * tracked_files(repository, root) >= files:
        return True, None
    if is_ignored(repository, root):
        return False, None
    return False, ignore(repository, root)


def ignore(repository: Repository, path: str) -> str:
    """Adds a folder (or a link to one) to the `.gitignore` at the top. Gives the line."""
    place = repository.top / ".gitignore"
    text = place.read_bytes() if place.exists() else b""
    if text and not text.endswith(b"\n"):
        text += b"\n"
    # No escape says a line break; a question mark stands for any character.
    line = "/" + re.sub(r"[\r\n]", "?", re.sub(r"([\\*?\[ #!])", r"\\\1", path))
    write_file(place, text + os.fsencode(line) + b"\n")
    return line


def inside(top: Path, place: Path) -> str | None:
    """`place` as a path from the top, `/` separated; None where it is not below it."""
    try:
        return place.relative_to(top).as_posix()
    except ValueError:
        return None
