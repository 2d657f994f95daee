"""`dsv show`: one version, whole."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal

from dsv_git.diff.stats import Stats, stats
from dsv_git.errors import InputError
from dsv_git.flow.copies.held import Restorable, restorable
from dsv_git.flow.data.roots import Root, declared_roots
from dsv_git.flow.history.catalogue import Ancestor, Catalogue, Version, catalogue, not_committed
from dsv_git.flow.history.contents import kept_by_id
from dsv_git.flow.history.named import find_past, find_version, is_named
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.commits import CommitFacts, describe
from dsv_git.gitrepo.refs import head
from dsv_git.manifest.annotation_files import annotation_files
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import printable
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.record import RecordStats

DRAFT: Final = "draft"


@dataclass(frozen=True)
class Shown:
    """A version and everything that is known of it here.

    `numbers` are what its record states, or will state; None where a parent's lists are missing.
    `stats`, of the whole version, and `declaration` are None where its lists are not in this
    clone; `missing` says so. `restorable` is how much of it `dsv restore --to` should find.
    `children` name this version as a parent. `draft` is the version that the working tree holds
    of the manifest, where a manifest was asked for and what HEAD holds of it is another content.
    """

    name: str
    state: Literal["registered", "pending", "conflicting", "draft"]
    id: str | None
    former_ids: tuple[str, ...]
    registry: str | None
    key: str | None
    digest: str
    reason: str | None
    parents: tuple[Ancestor, ...]
    children: tuple[Ancestor, ...]
    numbers: RecordStats | None
    commit: CommitFacts | None
    declaration: Declaration | None
    stats: Stats | None
    roots: tuple[Root, ...]
    missing: str | None = None
    restorable: Restorable | None = None
    draft: str | None = None


def show(workspace: Workspace, reference: str) -> Shown:
    """The version that `reference` names: `N` (as HEAD has it), `N@V`, `N@V#8hex`, or an ID.

    A manifest or version that is in the working tree alone is shown as a draft. Raises InputError
    where there is none, or several have the name.
    """
    tip = head(workspace.repository).commit
    found = catalogue(workspace, tip) if tip is not None else None
    version = find_version(workspace, found, reference) if found is not None else None
    if found is None or version is None:
        try:
            return _draft(workspace, found, reference)
        except InputError:
            known = find_past(workspace, reference)
            if known is None:
                raise
            found, version = known
    version = found.with_stats(version)
    missing = None
    manifest: Manifest | None = None
    try:
        manifest = found.manifest(version)
    except InputError as error:
        missing = f"the lists of {version.name} are not in this clone: {error.hint or error}"
    return Shown(
        name=version.name,
        state=version.state,
        id=version.id,
        former_ids=version.former_ids,
        registry=version.registry,
        key=version.key,
        digest=version.digest,
        reason=version.reason,
        parents=version.parents,
        children=_children(found, version.name),
        numbers=version.stats,
        commit=describe(workspace.repository, version.made_by) if version.made_by else None,
        declaration=manifest.declaration if manifest is not None else None,
        stats=_stats(manifest) if manifest is not None else None,
        roots=declared_roots(workspace, version.manifest, manifest.declaration.data)
        if manifest is not None
        else (),
        missing=missing,
        restorable=restorable(workspace, manifest) if manifest is not None else None,
        draft=_newer(workspace, version) if reference == version.manifest else None,
    )


def _newer(workspace: Workspace, version: Version) -> str | None:
    """The version of the working tree, where it is another content than the one of HEAD."""
    if version.manifest not in workspace.names:
        return None
    with suppress(InputError):  # a manifest that is being edited may be broken
        there = workspace.manifest(version.manifest)
        if (there.declaration.version, there.digest) != (version.version, version.digest):
            return there.declaration.version
    return None


def _draft(workspace: Workspace, found: Catalogue | None, reference: str) -> Shown:
    name, at, version = reference.partition("@")
    names: Iterable[str] = found.records.trees if found is not None else ()
    if name not in workspace.names:
        if found is not None and not at and ":" in name:
            kept = kept_by_id(workspace, reference)
            if kept is not None:
                raise InputError(
                    f"no record at HEAD names {printable(reference)}, but its manifest is kept",
                    hint=f"git show {kept}:manifest.yaml, or dsv_git.load(NAME, id=…)",
                )
            raise InputError(f"no version has the ID {printable(reference)}", hint="dsv log")
        if name in names:
            raise InputError(f"no version {printable(reference)}", hint=f"dsv log {name}")
        raise not_committed(workspace, name, names)
    manifest = workspace.manifest(name)
    declaration = manifest.declaration
    if at and declaration.version != version:
        raise InputError(f"no version {printable(reference)}", hint=f"dsv log {name}")
    return Shown(
        name=f"{name}@{declaration.version}",
        state=DRAFT,
        id=None,
        former_ids=(),
        registry=None,
        key=None,
        digest=manifest.digest,
        reason=None,
        parents=tuple(_ancestor(parent, found) for parent in declaration.parents),
        children=(),
        numbers=None,
        commit=None,
        declaration=declaration,
        stats=_stats(manifest),
        roots=declared_roots(workspace, name, declaration.data),
        restorable=restorable(workspace, manifest),
    )


def _ancestor(parent: Parent, found: Catalogue | None) -> Ancestor:
    if parent.foreign:
        return Ancestor(parent.foreign, parent.foreign)
    versions = found.versions if found is not None else ()
    same = next((v for v in versions if is_named(v, parent)), None)
    return Ancestor(str(parent), same.id if same is not None else None)


def _children(found: Catalogue, name: str) -> tuple[Ancestor, ...]:
    return tuple(
        Ancestor(v.name, v.id) for v in found.versions if name in (p.name for p in v.parents)
    )


def _stats(manifest: Manifest) -> Stats:
    rows = (row for path in manifest.lists for row in manifest.rows(path))
    return stats(rows, annotation_files(manifest.declaration))
