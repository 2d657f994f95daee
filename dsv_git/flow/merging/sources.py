"""The manifests that are merged: each must be in git as it stands, for a child names it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dsv_git.errors import InputError
from dsv_git.flow.history.published import Publication
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.mounting import Source
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.succession import recorded, reference, registered


@dataclass(frozen=True)
class MergeSource:
    """A source: what it declares, what it holds, and how the merged version names it."""

    declaration: Declaration
    content: Source
    reference: Parent


def read_sources(
    workspace: Workspace, names: Sequence[str], *, drafts: bool = False
) -> tuple[MergeSource, ...]:
    """The sources, in their order. Raises InputError for one that is unknown, or no parent yet;
    with `drafts` one may be the version that the same commit will make."""
    manifests = [workspace.manifest(name) for name in names]
    has_commit = refs.head(workspace.repository).commit is not None
    committed = workspace.manifests_at("HEAD") if has_commit else {}
    publication = Publication(workspace)
    held = {one.name: one for one in manifests} if drafts else committed
    return tuple(_source(workspace, one, held, publication) for one in manifests)


def _source(
    workspace: Workspace,
    manifest: Manifest,
    committed: Mapping[str, Manifest],
    publication: Publication,
) -> MergeSource:
    parent = _reference(workspace, manifest, committed, publication)
    declaration = manifest.declaration
    content = Source(
        manifest.name,
        declaration.version,
        declaration.data,
        manifest.entries,
        manifest.dropped,
    )
    return MergeSource(declaration, content, parent)


def _reference(
    workspace: Workspace,
    manifest: Manifest,
    committed: Mapping[str, Manifest],
    publication: Publication,
) -> Parent:
    """How the merged version names a source: registered, or at least committed as it stands."""
    record = registered(manifest)
    if record is not None:
        return reference(manifest, record)
    name, version = manifest.name, manifest.declaration.version
    there = committed.get(name)
    if there is None or _content(there) != _content(manifest):
        path = workspace.path_of(name)
        raise InputError(
            f"{name}@{version} is not committed as it stands, and a parent must be in git",
            hint=f"git add {path} && git commit -m '{name} {version}', then merge again",
        )
    if any(publication(name, record) for record in recorded(manifest)):
        raise InputError(
            f"{name}@{version} is published with another content",
            hint=f"dsv bump {name}, commit, then merge again",
        )
    return Parent(name, version)


def _content(manifest: Manifest) -> tuple[object, ...]:
    d = manifest.declaration
    return d.project, d.dataset, d.version, d.parents, manifest.digest
