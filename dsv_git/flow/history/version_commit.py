"""The commit that made a version, where a person names the version and a commit is wanted."""

from __future__ import annotations

from dsv_git.errors import InputError
from dsv_git.flow.history.catalogue import catalogue
from dsv_git.flow.history.named import find_version, no_version
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.refs import head
from dsv_git.manifest.names import is_manifest_name, printable


def manifest_of(workspace: Workspace, word: str) -> str | None:
    """The manifest of a word that reads as `N@V`, N being one of HEAD or of the working tree; None
    for any other word."""
    name, at, version = word.partition("@")
    if not at or version.startswith("{") or ".." in word or not is_manifest_name(name):
        return None
    tip = head(workspace.repository).commit
    known = name in workspace.names or (tip is not None and name in workspace.manifests_at(tip))
    return name if known else None


def version_commit(workspace: Workspace, reference: str) -> str:
    """The commit that made the version `N@V` or `N@V#8hex`. Raises InputError where HEAD knows no
    such version, or not what made it."""
    tip = head(workspace.repository).commit
    found = find_version(workspace, catalogue(workspace, tip), reference) if tip else None
    if found is None:
        raise no_version(workspace, reference, tip)
    if found.made_by is None:
        raise InputError(
            f"the commit that made {printable(reference)} is not in this clone",
            hint="git fetch --unshallow",
        )
    return found.made_by
