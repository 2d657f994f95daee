"""Which versions the commits of a history name, and with what content.

Pure but for what it is given: snapshots of manifests, commit by commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dsv_git.manifest.declaration import Declaration

Name = tuple[str, str]
"""A manifest's name and a version."""


@dataclass(frozen=True)
class Snapshot:
    """A manifest as one commit holds it; `tree` is the id of its folder's tree."""

    manifest: str
    tree: str
    declaration: Declaration
    digest: str

    @property
    def name(self) -> Name:
        """The manifest and the version."""
        return self.manifest, self.declaration.version

    @property
    def content(self) -> tuple[object, ...]:
        """What tells this version from another of the same name."""
        d = self.declaration
        return d.project, d.dataset, d.version, self.digest, tuple(sorted(d.parents))


@dataclass(frozen=True)
class Seen:
    """A version in the history: its content by the last commit that names it, the commit that
    made that content, and other contents of commits on parallel branches."""

    snapshot: Snapshot
    made_by: str
    last: str
    rivals: tuple[str, ...] = ()


def collect(
    commits: Iterable[tuple[str, Sequence[Snapshot]]], is_ancestor: Callable[[str, str], bool]
) -> dict[Name, Seen]:
    """The versions that some commits name, parents before children.

    The content of a version is that of the last commit that names it; a commit that is no
    descendant of another that names it with other content is its rival.
    """
    seen: dict[Name, Seen] = {}
    for commit, snapshots in commits:
        for snapshot in snapshots:
            former = seen.get(snapshot.name)
            if former is None:
                seen[snapshot.name] = Seen(snapshot, commit, commit)
            elif former.snapshot.content == snapshot.content:
                seen[snapshot.name] = Seen(snapshot, former.made_by, commit, former.rivals)
            elif is_ancestor(former.last, commit):
                rivals = tuple(r for r in former.rivals if not is_ancestor(r, commit))
                seen[snapshot.name] = Seen(snapshot, commit, commit, rivals)
            elif not is_ancestor(commit, former.last):
                rivals = (*former.rivals, commit)
                seen[snapshot.name] = Seen(former.snapshot, former.made_by, former.last, rivals)
    return seen
