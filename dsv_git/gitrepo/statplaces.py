"""Which data roots this clone remembers: also those that no manifest and no override names now."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from dsv_git.gitrepo.statfile import index_identity
from dsv_git.gitrepo.statindex import StatIndex
from dsv_git.manifest.url import is_url


class Remembered(NamedTuple):
    """A root (a folder, or a URL) that was scanned to its end here: for which manifest (and mount:
    `manifest/mount`), and what is remembered of it."""

    name: str
    root: str
    memory: StatIndex


def remembered(state_dir: Path) -> Iterator[Remembered]:
    """Every root that this clone remembers. What is damaged is left out."""
    for place in sorted((state_dir / "scan").glob("*/index")):
        with suppress(OSError, ValueError, SyntaxError):
            identity = index_identity(place.read_bytes())
            if identity is not None:
                _, name, root, algorithm = identity.split("\n")
                known, of = str(ast.literal_eval(root)), str(ast.literal_eval(name))
                where = known if is_url(known) else Path(known)
                yield Remembered(of, known, StatIndex(state_dir, of, where, algorithm))
