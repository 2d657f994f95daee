"""The merges that `dsv check` judges: the commits of a range, and one under way. A squash is one
too, whose second side git remembers in the message alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dsv_git.checks.content import Content
from dsv_git.checks.merged import Manifests, Merged
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.merges import bases_of, merges_below, squash_under_way, squashes_below

ManifestsOf = Callable[[str], Manifests]
"""The manifests of a commit."""


def of_range(
    workspace: Workspace, tip: str, base: str | None, manifests_of: ManifestsOf
) -> Iterator[Merged]:
    """The merge commits up to `tip` and not up to `base`, wherever they were made."""
    folder = workspace.config.manifests
    for commit, *sides in merges_below(workspace.repository, tip, base, folder):
        yield _merged(
            workspace, f"the merge {commit[:8]}", tuple(sides), manifests_of(commit), manifests_of
        )
    for commit, *both in squashes_below(workspace.repository, workspace.objects, tip, base):
        what = f"the squash {commit[:8]}"
        yield _merged(workspace, what, tuple(both), manifests_of(commit), manifests_of)


def under_way(
    workspace: Workspace, sides: tuple[str, ...], content: Content, manifests_of: ManifestsOf
) -> Iterator[Merged]:
    """The merge that the content will be, where there is more than one side, or the squash."""
    now = {subject.name: subject.manifest for subject in content.subjects}
    unfinished = frozenset(content.unmerged.values())
    if len(sides) > 1:
        yield _merged(workspace, "this merge", sides, now, manifests_of, unfinished)
    squashed = squash_under_way(workspace.repository, workspace.objects)
    if squashed and sides:
        both = (sides[0], squashed)
        yield _merged(workspace, "this squash", both, now, manifests_of, unfinished)


def _merged(
    workspace: Workspace,
    what: str,
    sides: tuple[str, ...],
    result: Manifests,
    manifests_of: ManifestsOf,
    unfinished: frozenset[str] = frozenset(),
) -> Merged:
    bases = bases_of(workspace.repository, sides)
    return Merged(
        what,
        tuple(manifests_of(side) for side in sides),
        tuple(manifests_of(base) for base in bases),
        result,
        unfinished,
    )
