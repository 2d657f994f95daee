"""`dsv resolve`: finishes a git merge of manifests, each as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dsv_git.errors import InputError
from dsv_git.flow.resolving.edits import ByHand
from dsv_git.flow.resolving.manifest import Merged, Trio, merge_manifest
from dsv_git.flow.resolving.memory import edited_by_hand, remember, remembered
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.files import refuse_links, remove_empty, write_file
from dsv_git.gitrepo.lock import exclusive
from dsv_git.gitrepo.unmerged import STASH, Index, Sides, read_index, sides, stage
from dsv_git.manifest.declaration import FILE as DECLARATION
from dsv_git.manifest.manifest import DROPPED, Manifest, is_list
from dsv_git.manifest.record import VERSIONS


@dataclass(frozen=True)
class Resolved:
    """One manifest: what it is now, and the conflicts that are left for a person."""

    manifest: str
    version: str
    parents: tuple[str, ...]
    is_new: bool
    """Whether the version is new, because contents of registered ones came together."""
    conflicts: tuple[str, ...]


@dataclass(frozen=True)
class Resolution:
    """All of it: `following` is what to type once nothing is left."""

    manifests: tuple[Resolved, ...]
    left: tuple[str, ...]
    """Files below the manifests folder that are still unmerged, and are no part of a manifest that
    both sides have."""
    following: str


def resolve(workspace: Workspace) -> Resolution:
    """Merges every manifest that git left unmerged, by entry and by key, in our layout; stages what
    is clear and leaves conflict marks in what is not.

    What a person edited meanwhile stays as it is, and is staged where no conflict mark is left in
    it; a list that a person staged counts as their answer to its conflicts. Raises InputError where
    git is not merging anything.
    """
    with exclusive(workspace.repository, wait=True):
        folder = workspace.config.manifests
        index = read_index(workspace.repository, folder)
        found = sides(workspace.repository)
        if found and found.following == STASH and not _is_of(workspace, index, found.theirs):
            found = None  # an older stash, and git is at something else (merge --squash, am)
        if found is None and index.unmerged:
            raise InputError(
                "cannot tell what git was merging",
                hint="git mergetool, or edit the conflicts, then: git add and dsv check --staged",
            )
        if found is None or not index.unmerged:
            raise InputError("no manifest is unmerged", hint="git status")
        return _resolve(workspace, found, index)


def _is_of(workspace: Workspace, index: Index, commit: str) -> bool:
    """Whether what the index has of the other side is of this commit."""
    blobs = workspace.objects.blobs_below(f"{commit}:{workspace.config.manifests}")
    return index.theirs <= set(blobs.values())


def _resolve(workspace: Workspace, found: Sides, index: Index) -> Resolution:
    base = workspace.manifests_at(found.base) if found.base else {}
    ours, theirs = workspace.manifests_at(found.ours), workspace.manifests_at(found.theirs)
    done: list[Resolved] = []
    handled: set[str] = set()
    written, now = remembered(workspace, found), dict[str, bytes]()
    for name in sorted(ours.keys() & theirs.keys()):
        prefix = f"{workspace.path_of(name)}/"
        inside = {path for path in index.unmerged if path.startswith(prefix)}
        if not inside:
            continue
        handled |= {path for path in inside if _known(path.removeprefix(prefix))}
        trio = Trio(name, base.get(name), ours[name], theirs[name])
        by_hand = edited_by_hand(workspace, trio, index, written, _known)
        resolved, files = _finish(workspace, trio, index, prefix, by_hand)
        done.append(resolved)
        now.update({prefix + path: data for path, data in files.items()})
    remember(workspace, found, now)
    left = tuple(sorted(index.unmerged - handled))
    return Resolution(tuple(done), left, found.following)


def _known(path: str) -> bool:
    return is_list(path) or path in {DECLARATION, DROPPED} or path.startswith(f"{VERSIONS}/")


def _finish(
    workspace: Workspace, trio: Trio, index: Index, prefix: str, by_hand: ByHand
) -> tuple[Resolved, Mapping[str, bytes]]:
    staged = {
        path.removeprefix(prefix): blob
        for path, blob in index.clear.items()
        if path.startswith(prefix)
    }
    unmerged = {path.removeprefix(prefix) for path in index.unmerged if path.startswith(prefix)}
    merged = merge_manifest(workspace, trio, staged, by_hand)
    _write(workspace, trio.ours, merged, {*staged, *unmerged}, prefix)
    made = merged.decision
    parents = tuple(str(parent) for parent in made.parents)
    resolved = Resolved(trio.name, made.version, parents, made.is_new, merged.conflicts)
    return resolved, merged.files


def _write(
    workspace: Workspace, ours: Manifest, merged: Merged, there: set[str], prefix: str
) -> None:
    folder = workspace.folder / ours.name
    gone = {path for path in there if _known(path) and path not in merged.files}
    refuse_links(workspace.repository.top, [folder / path for path in merged.files])
    last = sorted(merged.files, key=lambda path: (path == DECLARATION, path))
    for path in last:
        place = folder / path
        if not place.is_file() or place.read_bytes() != merged.files[path]:
            write_file(place, merged.files[path])
    for path in sorted(gone):
        (folder / path).unlink(missing_ok=True)
        remove_empty((folder / path).parent)
    stages = {path: merged.stages.get(path, {0: data}) for path, data in merged.files.items()}
    stages.update({path: {} for path in gone})
    stage(
        workspace.repository,
        workspace.objects,
        {prefix + path: stages[path] for path in sorted(stages)},
    )
