"""The manifests that a merged manifest comes from, and in which versions it has them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

from dsv_git.errors import InputError
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.mounting import normal_root
from dsv_git.manifest.parent import Parent


def merged_from(workspace: Workspace, manifest: Manifest) -> tuple[Parent, ...]:
    """The versions that a manifest was last merged from, in the order of the merge; none where it
    is no merge, or not all of the manifests are in the working tree any more.

    A merge has two parents or more in other manifests, or grew from a version of its own that has;
    and it shares a root with one of them (data that was added has a root of its own, whatever it
    was made from).
    """
    if len(workspace.names) < 3:  # itself, and two sources
        return ()
    sources = _parents(manifest, manifest.declaration.parents)
    if not sources or any(parent.manifest not in workspace.names for parent in sources):
        return ()
    own = _roots(manifest)
    shared = any(own & _roots(workspace.manifest(parent.manifest)) for parent in sources)
    return sources if shared else ()


def _parents(manifest: Manifest, parents: Sequence[Parent]) -> tuple[Parent, ...]:
    todo, seen = [tuple(parents)], set[Parent]()
    while todo:
        named = todo.pop(0)
        others = tuple(p for p in named if not p.foreign and p.manifest != manifest.name)
        if len({parent.manifest for parent in others}) > 1:
            return others
        for own in named:
            if own.manifest == manifest.name and own not in seen:
                seen.add(own)
                todo.append(_recorded(manifest, own))
    return ()


def _recorded(manifest: Manifest, version: Parent) -> tuple[Parent, ...]:
    """The parents of a version of the manifest, as its record names them."""
    record = manifest.record(version.version, version.key8)
    found = record.parents if record is not None else ()
    return tuple(Parent(p.manifest, p.version) for p in found if p.manifest and p.version)


def _roots(manifest: Manifest) -> set[str]:
    return set(map(normal_root, manifest.declaration.data.roots.values()))


def behind(workspace: Workspace, manifest: Manifest) -> tuple[str, ...]:
    """The sources of a merged manifest that have another version now than it was merged from; none
    for a manifest that cannot be read."""
    with suppress(InputError):
        now = {
            parent: workspace.manifest(parent.manifest).declaration.version
            for parent in merged_from(workspace, manifest)
        }
        return tuple(
            f"{parent.manifest}@{version}"
            for parent, version in now.items()
            if version != parent.version
        )
    return ()


def in_order(workspace: Workspace, names: Iterable[str]) -> tuple[str, ...]:
    """The manifests `names` and all that they are merged from, sources first."""
    found: dict[str, None] = {}
    open_: set[str] = set()

    def visit(name: str) -> None:
        if name in found or name in open_:
            return
        open_.add(name)
        for parent in merged_from(workspace, workspace.manifest(name)):
            visit(parent.manifest)
        found[name] = None

    for name in names:
        visit(name)
    return tuple(found)
