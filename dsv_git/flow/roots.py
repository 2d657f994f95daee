"""Where a manifest's data lies on this machine.

A root is relative to the top of the repository, or absolute. Per clone `git config
dsv.<manifest>.root PATH` overrides it, for old versions too; of several roots each has its own,
`git config dsv.<manifest>/<mount>.root PATH` (no manifest is inside another, so the name is clear).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.declaration import Data
from dsv_git.manifest.names import printable, unsafe_path


@dataclass(frozen=True)
class Root:
    """A data root: its mount (empty for a single one), as the manifest declares it, this clone's
    override, and the folder on this machine; None for a root that is a URL."""

    mount: str
    declared: str
    override: str | None
    folder: Path | None


_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def override_name(manifest: str, mount: str = "") -> str:
    """The name in git's configuration of a root's override."""
    return f"dsv.{manifest}/{mount}.root" if mount else f"dsv.{manifest}.root"


def declared_roots(workspace: Workspace, manifest: str, data: Data) -> tuple[Root, ...]:
    """Every root with its override, in the order of the manifest.

    Whether a folder is there is not looked at, and no symbolic link is resolved.
    """
    found = []
    for mount, declared in data.roots.items():
        override = workspace.repository.config(override_name(manifest, mount)) or None
        # As git does with a path in its configuration; in a manifest `~` is a name like others.
        root = os.path.expanduser(override) if override else declared  # noqa: PTH111
        folder = None if _URL.match(root) else workspace.repository.top / root
        found.append(Root(mount, declared, override, folder))
    return tuple(found)


def roots(workspace: Workspace, manifest: str, data: Data) -> dict[str, Path]:
    """The folder of every root, by its mount; a manifest of one root has it under the empty mount.

    Raises InputError for a root that is a URL.
    """
    found: dict[str, Path] = {}
    for root in declared_roots(workspace, manifest, data):
        if root.folder is None:
            place = printable(root.override or root.declared)
            name = override_name(manifest, root.mount)
            raise InputError(
                f"the data of {manifest} is at {place}; this release reads folders only",
                hint=f"git config {name} FOLDER, where the data is mounted or copied",
            )
        found[root.mount] = root.folder
    return found


def locate(roots: Mapping[str, Path], path: str) -> Path:
    """Where an entry's file is, below its root. Raises InputError for a path that is not safe, and
    for one below no mount."""
    reason = unsafe_path(path)
    if reason is not None:
        raise InputError(f"the path {printable(path)!r} {reason}", hint="dsv check")
    if "" in roots:
        return roots[""] / path
    mount, _, inner = path.partition("/")
    if mount not in roots or not inner:
        raise InputError(
            f"the path {printable(path)!r} is below none of the roots: {', '.join(roots)}",
            hint="dsv check",
        )
    return roots[mount] / inner
