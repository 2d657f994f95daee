"""Whether git would take the data into the repository, and how to keep it out."""

from __future__ import annotations

import re
from pathlib import Path

from dsv_git.gitrepo.files import write_file
from dsv_git.gitrepo.repository import Repository


def is_ignored(repository: Repository, path: str) -> bool:
    """Whether git ignores what lies in a folder of the working tree."""
    asked = repository.git.attempt("check-ignore", "--quiet", "--no-index", "--", f"{path}/x")
    return asked.returncode == 0


def is_tracked(repository: Repository, path: str) -> bool:
    """Whether git tracks a file of a folder."""
    listed = repository.git.run("ls-files", "-z", "--", f":(literal){path}")
    return bool(listed)


def ignore(repository: Repository, path: str) -> None:
    """Adds a folder (or a symbolic link to one) to the `.gitignore` at the top."""
    place = repository.top / ".gitignore"
    text = place.read_text(encoding="utf-8", errors="surrogateescape") if place.exists() else ""
    if text and not text.endswith("\n"):
        text += "\n"
    line = "/" + re.sub(r"([\\*?\[ #!])", r"\\\1", path)
    write_file(place, f"{text}{line}\n".encode(errors="surrogateescape"))


def inside(top: Path, place: Path) -> str | None:
    """`place` as a path from the top, `/` separated; None where it is not below it."""
    try:
        return place.relative_to(top).as_posix()
    except ValueError:
        return None
