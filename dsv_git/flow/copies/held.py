"""Which contents are somewhere on this machine, told without reading them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from dsv_git.flow.copies.keeping import Keep
from dsv_git.flow.data.standing import held_in
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.statplaces import remembered
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.url import is_url


@dataclass(frozen=True)
class Held:
    """Those of some contents that are remembered in a file that was not touched since, or kept.

    `roots` are the roots that anything is remembered of, each as manifest or manifest/mount;
    `elsewhere` is a place that keeps copies and was not asked, for it is not on this machine.
    """

    contents: frozenset[str]
    roots: frozenset[str]
    kept_here: bool
    elsewhere: str | None

    def knows(self, manifest: str) -> bool:
        """Whether anything is remembered of a manifest's data."""
        return any(root == manifest or root.startswith(f"{manifest}/") for root in self.roots)


@dataclass(frozen=True)
class Restorable:
    """How many of a version's files `dsv restore` should find; None where nothing is known."""

    files: int | None
    of: int
    elsewhere: str | None


def held(workspace: Workspace, contents: Collection[str]) -> Held:
    """Looks for contents by their hashes. No file is opened and no network is asked."""
    wanted, found, roots = set(contents), set[str](), set[str]()
    for one in remembered(workspace.repository.state_dir):
        if not is_url(one.root):
            roots.add(one.name)
            there = held_in(one.memory, Path(one.root), wanted)
            found |= there
            wanted -= there
    keep = Keep.of(workspace) if workspace.config.keep else None
    if keep is not None and keep.folder is not None:
        found |= keep.has(wanted)
    elsewhere = keep.storage.where if keep is not None and keep.folder is None else None
    kept_here = keep is not None and elsewhere is None
    return Held(frozenset(found), frozenset(roots), kept_here, elsewhere)


def restorable(workspace: Workspace, manifest: Manifest) -> Restorable:
    """How much of a version is somewhere on this machine."""
    hashes = [row.hash for path in manifest.lists for row in manifest.rows(path)]
    known = held(workspace, set(hashes))
    files = sum(text in known.contents for text in hashes)
    looked_at = known.roots or known.kept_here
    return Restorable(files if looked_at else None, len(hashes), known.elsewhere)
