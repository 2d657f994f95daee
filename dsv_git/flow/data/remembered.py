"""What this clone remembers of data roots: the hash of every file, by manifest and root."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from dsv_git.errors import InputError
from dsv_git.flow.data.roots import declared_roots
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.statindex import StatIndex
from dsv_git.scan.hashing import DISPROVEN
from dsv_git.scan.statcache import Row, Rows, Update
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


def forget_disproven(workspace: Workspace, root: Location, wrong: Mapping[str, str]) -> None:
    """Forgets of files below a root, in the memory of every manifest, that they have the hashes
    that `wrong` gives by path: somebody read them, and they have not. Sizes and times cannot tell.
    """
    for name in workspace.names if wrong else ():
        with suppress(InputError):  # the trouble of another manifest is not ours
            data = workspace.manifest(name).declaration.data
            for one in declared_roots(workspace, name, data):
                if _whole(one.location) == _whole(root):
                    _disprove(memory(workspace, name, one.mount, root, data.algorithm), wrong)


def _disprove(one: StatIndex, wrong: Mapping[str, str]) -> None:
    known, since = one.known, one.journal
    committed = Rows.of(_disproven(wrong, {path: known.get(path) for path in wrong}))
    hashed_since = Rows.of(_disproven(wrong, {path: since.get(path) for path in wrong}))
    if committed.paths:
        one.touch(Update(known.token, committed, (), known.marks))
    one.append(hashed_since)


def _disproven(
    wrong: Mapping[str, str], rows: Mapping[str, Row | None]
) -> Iterator[tuple[str, int, int, str]]:
    for path in sorted(wrong):
        row = rows[path]
        if row is not None and _may_say(row[2], wrong[path]):
            yield path, row[0], DISPROVEN, row[2]


def _may_say(remembered: str, wrong: str) -> bool:
    """Whether a remembered hash may be of the content that is wrong: hashes of two algorithms
    cannot be compared."""
    return remembered == wrong or remembered.partition(":")[0] != wrong.partition(":")[0]


def _whole(root: Location) -> Path | str:
    return root.absolute() if isinstance(root, Path) else str(root)
