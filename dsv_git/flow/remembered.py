"""What this clone remembers of data roots: the hash of every file, by manifest and root."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from dsv_git.errors import InputError
from dsv_git.flow.roots import declared_roots
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.statindex import StatIndex
from dsv_git.scan.storage.opening import Location

Columns = tuple[Sequence[str], Sequence[int], Sequence[int], Sequence[str]]
"""Paths, sizes (bytes), modification times (ns) and hashes, as a memory holds them."""


def memory(
    workspace: Workspace, manifest: str, mount: str, root: Location, algorithm: str
) -> StatIndex:
    """The memory that a manifest has of one of its roots."""
    name = f"{manifest}/{mount}" if mount else manifest
    return StatIndex(workspace.repository.state_dir, name, _whole(root), algorithm)


def known_elsewhere(workspace: Workspace, manifest: str, root: Location, algorithm: str) -> Columns:
    """What the memory of another manifest has of the same root; no rows where none has any."""
    for name in workspace.names:
        if name == manifest:
            continue
        with suppress(InputError):  # the trouble of another manifest is not ours
            data = workspace.manifest(name).declaration.data
            for one in declared_roots(workspace, name, data):
                if _whole(one.location) == _whole(root):
                    rows = memory(workspace, name, one.mount, root, algorithm).known.rows()
                    if rows[0]:
                        return rows
    return (), (), (), ()


def _whole(root: Location) -> Path | str:
    return root.absolute() if isinstance(root, Path) else str(root)
