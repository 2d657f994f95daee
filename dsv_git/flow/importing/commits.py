"""Versions that were made elsewhere, as commits of their own on the current branch.

All commits are made first, with plumbing alone; then the branch, the index and the working tree
move to the last of them in one step. What is cut short before leaves nothing behind, and what was
under way otherwise in the working tree stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dsv_git.errors import InputError
from dsv_git.flow.drafting.draft import refuse_taken
from dsv_git.flow.importing.series import Series
from dsv_git.flow.importing.version import CLEARML, Imported, Written
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.gitrepo.ignore import is_ignored, tracked_files
from dsv_git.gitrepo.journal import recover
from dsv_git.gitrepo.landing import Target, land
from dsv_git.gitrepo.lock import exclusive
from dsv_git.gitrepo.operation import in_the_middle
from dsv_git.gitrepo.series import uncommitted
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.layout import choose
from dsv_git.manifest.names import printable
from dsv_git.manifest.url import is_url
from dsv_git.registry.clearml.place import place


def refuse_unready(workspace: Workspace) -> Target:
    """Where the commits go. Raises InputError where the current branch cannot take them now."""
    repository = workspace.repository
    head = refs.head(repository)
    if head.branch is None:
        raise InputError("HEAD is detached, so there is no branch to import on", hint="git switch")
    if head.commit is None:
        raise InputError(
            "there is no commit yet to import onto",
            hint='git add -A && git commit -m "Set up dsv"',
        )
    busy = in_the_middle(repository, "")
    busy = "a merge" if (repository.git_dir / "MERGE_HEAD").exists() else busy
    if busy is not None:
        raise InputError(f"git is in the middle of {busy}", hint="finish it first")
    dirty = uncommitted(repository, workspace.config.manifests)
    if dirty:
        raise InputError(
            f"{printable(dirty[0])} is not committed: an import makes commits of its own",
            hint=f"git add {workspace.config.manifests} && git commit, or git stash",
        )
    return Target(head.commit)


def write_history(
    workspace: Workspace, name: str, versions: Sequence[Imported], source: str
) -> tuple[Written, ...]:
    """Makes a commit for each version, parents before children, and moves the current branch to
    the last. `source` is for the log of the branch.

    Raises InputError, Unreachable, with nothing changed.
    """
    with exclusive(workspace.repository, wait=True):
        recover(workspace.repository)
        target = refuse_unready(workspace)
        for version in versions:
            _refuse_names(workspace, version)
        layout = choose(entry.path for entry in versions[-1].load())
        series = Series(workspace, name, layout, target.commit)
        for version in versions:
            series.add(version)
        files, blobs = series.last()
        land(workspace.repository, target, series.tip, files, blobs, f"import {source} as {name}")
        for one in series.made:
            if one.record is not None:
                refs.keep_tree(workspace.repository, one.record.key, one.tree)
    return tuple(one.written for one in series.made)


def _refuse_names(workspace: Workspace, version: Imported) -> None:
    """Raises InputError for a version that another manifest has, and for one that is still to be
    registered under a name that ClearML refuses."""
    refuse_taken(workspace, version.declaration)
    if version.id is None and workspace.config.registry == CLEARML:
        place(version.declaration)


def unignored(workspace: Workspace, declaration: Declaration) -> tuple[str, ...]:
    """What is to be said of a data root inside the working tree that git would take."""
    root = declaration.data.roots.get("", "")
    inside = not is_url(root) and not Path(root).is_absolute()
    if not inside or not (workspace.repository.top / root).is_dir():
        return ()
    if is_ignored(workspace.repository, root) or tracked_files(workspace.repository, root):
        return ()
    return (f"git does not ignore {printable(root)} yet: a line /{printable(root)} in .gitignore",)
