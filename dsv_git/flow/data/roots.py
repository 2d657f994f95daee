"""Where a manifest's data lies: a folder of this machine, or a URL.

A root is relative to the top of the repository, absolute, or a URL. Per clone `git config
dsv.<manifest>.root PLACE` overrides it, for old versions too; of several roots each has its own,
`git config dsv.<manifest>/<mount>.root PLACE` (no manifest is inside another, so the name is
clear).
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from dsv_git.errors import InputError
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.declaration import Data
from dsv_git.manifest.names import printable, unsafe_path
from dsv_git.manifest.url import is_url, parse_url, without_credentials
from dsv_git.scan.storage.opening import STREAMS, Location


@dataclass(frozen=True)
class Root:
    """A data root: its mount (empty for a single one), as the manifest declares it, this clone's
    override, and the folder on this machine; None for a root that is a URL."""

    mount: str
    declared: str
    override: str | None
    folder: Path | None

    @property
    def location(self) -> Location:
        """The folder, or the URL. Raises InputError for a URL that data cannot be read from."""
        return self.folder if self.folder is not None else parse_url(self.text)

    @property
    def text(self) -> str:
        """The override, or what is declared."""
        return self.override or self.declared

    @property
    def where(self) -> str:
        """The same for a message: printable, without credentials."""
        return printable(without_credentials(self.text))


def override_name(manifest: str, mount: str = "") -> str:
    """The name in git's configuration of a root's override."""
    return f"dsv.{manifest}/{mount}.root" if mount else f"dsv.{manifest}.root"


def declared_roots(workspace: Workspace, manifest: str, data: Data) -> tuple[Root, ...]:
    """Every root with its override, in the order of the manifest.

    Whether anything is there is not looked at, and no symbolic link is resolved.
    """
    found = []
    for mount, declared in data.roots.items():
        override = workspace.repository.config(override_name(manifest, mount)) or None
        # As git does with a path in its configuration; in a manifest `~` is a name like others.
        root = os.path.expanduser(override) if override else declared  # noqa: PTH111
        folder = None if is_url(root) else workspace.repository.top / root
        found.append(Root(mount, declared, override, folder))
    return tuple(found)


def locations(workspace: Workspace, manifest: str, data: Data) -> dict[str, Location]:
    """Where every root is, by its mount; a manifest of one root has it under the empty mount.

    Raises InputError for a URL that data cannot be read from.
    """
    found = declared_roots(workspace, manifest, data)
    return {root.mount: _location(root, manifest) for root in found}


def _location(root: Root, manifest: str) -> Location:
    try:
        return root.location
    except InputError as error:
        error.where = f"the root of {manifest}: {error.where or root.where}"
        raise


def roots(workspace: Workspace, manifest: str, data: Data) -> dict[str, Path]:
    """The folder of every root, by its mount. Raises InputError for a root that is a URL."""
    found: dict[str, Path] = {}
    for root in declared_roots(workspace, manifest, data):
        if root.folder is None:
            name = override_name(manifest, root.mount)
            raise InputError(
                f"the data of {manifest} is at {root.where}, in no folder of this machine",
                hint=f"where it is mounted or copied: git config {name} FOLDER",
            )
        found[root.mount] = root.folder
    return found


def streams(workspace: Workspace) -> int:
    """How many files of a remote root are read at once: `git config dsv.streams N`.

    Raises InputError for what is no such number.
    """
    text = workspace.repository.config("dsv.streams")
    if not text:
        return STREAMS
    if not text.isdecimal() or not 0 < int(text) <= 1000:
        raise InputError(
            f"dsv.streams is no number from 1 to 1000: {printable(text)}",
            hint=f"git config dsv.streams {STREAMS}",
        )
    return int(text)


def locate(roots: Mapping[str, Path], path: str) -> Path:
    """Where an entry's file is, below its root. Raises InputError for a path that is not safe, and
    for one below no mount."""
    mount, inner = inside(roots, path)
    return roots[mount] / inner


def inside(roots: Collection[str], path: str) -> tuple[str, str]:
    """The mount that an entry's path is below, one of these, and the path below that root.

    Raises InputError for a path that is not safe, and for one below no mount.
    """
    reason = unsafe_path(path)
    if reason is not None:
        raise InputError(f"the path {printable(path)!r} {reason}", hint="dsv check")
    if "" in roots:
        return "", path
    mount, _, inner = path.partition("/")
    if mount not in roots or not inner:
        raise InputError(
            f"the path {printable(path)!r} is below none of the roots: {', '.join(roots)}",
            hint="dsv check",
        )
    return mount, inner
