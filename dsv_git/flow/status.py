"""`dsv status`: the data against the manifests, the manifests against git and the registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsv_git.flow.data.state import DataLook
from dsv_git.flow.history.manifest_state import ManifestState
from dsv_git.flow.merging.merged_from import behind
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.background import Background
from dsv_git.gitrepo.unmerged import has_conflicts
from dsv_git.scan.progress import Progress

if TYPE_CHECKING:
    from dsv_git.flow.history.pending import Problem
    from dsv_git.flow.history.version_state import History


@dataclass(frozen=True)
class Status:
    """Everything that `dsv status` says. Problems are of versions that cannot be registered."""

    manifests: tuple[ManifestState, ...]
    pending: tuple[str, ...]
    problems: tuple[Problem, ...]
    missing_hooks: tuple[str, ...]
    unresolved: bool
    """Whether git stopped in a merge, and manifests have conflicts."""


def status(workspace: Workspace, names: tuple[str, ...], progress: Progress) -> Status:
    """Looks at some manifests, or at all. One that cannot be read does not hide the others.

    Raises InputError for a name that is none.
    """
    manifests = [workspace.manifest(name) for name in names or workspace.names]

    def versions() -> History:
        from dsv_git.flow.history.version_state import (
            version_states,  # loaded while git looks at the data
        )

        return version_states(workspace, manifests)

    history = Background(versions)
    looks = [DataLook(workspace, manifest, progress) for manifest in manifests]
    quick = [one.quick() for one in looks]
    found = history.result()
    data = [state or one.thorough() for state, one in zip(quick, looks, strict=True)]
    return Status(
        tuple(
            ManifestState(
                **vars(found.versions[manifest.name]),
                data=state,
                behind=behind(workspace, manifest),
            )
            for manifest, state in zip(manifests, data, strict=True)
        ),
        tuple("@".join(item.seen.snapshot.name) for item in found.waiting),
        found.problems,
        found.missing_hooks,
        has_conflicts(workspace.repository, workspace.config.manifests),
    )
