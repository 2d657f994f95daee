"""What this clone remembers of data roots: the hash of every file, by manifest and root."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from dsv_git.errors import InputError
from dsv_git.flow.roots import declared_roots
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.statindex import StatIndex

Columns = tuple[Sequence[str], Sequence[int], Sequence[int], Sequence[str]]
"""Paths, sizes (bytes), modification times (ns) and hashes, as a memory holds them."""


def memory(
    workspace: Workspace, manifest: str, mount: str, root: Path, algorithm: str
) -> StatIndex:
    """The memory that a manifest has of one of its roots."""
    name = f"{manifest}/{mount}" if mount else manifest
    return StatIndex(workspace.repository.state_dir, name, root.absolute(), algorithm)


def known_elsewhere(workspace: Workspace, manifest: str, root: Path, algorithm: str) -> Columns:
    """What the memory of another manifest has of the same root; no rows where none has any."""
    for name in workspace.names:
        if name == manifest:
            continue
        with suppress(InputError):  # the trouble of another manifest is not ours
            data = workspace.manifest(name).declaration.data
            for one in declared_roots(workspace, name, data):
                if one.folder is not None and one.folder.absolute() == root.absolute():
                    rows = memory(workspace, name, one.mount, one.folder, algorithm).known.rows()
                    if rows[0]:
                        return rows
    return (), (), (), ()
