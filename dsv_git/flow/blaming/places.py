"""Where a content is in a manifest of some commit."""

from __future__ import annotations

from dataclasses import dataclass

from dsv_git.diff.change import same_content
from dsv_git.flow.blaming.walk import holding, needle_of_hash
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest


@dataclass(frozen=True)
class Place:
    """A file of a manifest."""

    manifest: str
    path: str


def find(workspace: Workspace, manifest: Manifest, entry: Entry) -> Entry | None:
    """The row of a manifest that has the content of `entry`: that of the same path or of the
    longest common end of it, if there are several."""
    hits = {
        blob
        for blob, _ in holding(
            workspace.objects, manifest.lists.values(), (needle_of_hash(entry.hash),)
        )
    }
    rows = [
        row
        for path, blob in manifest.lists.items()
        if blob in hits
        for row in manifest.rows(path)
        if same_content(row, entry)
    ]
    return max(rows, key=lambda row: _common_end(row.path, entry.path), default=None)


def _common_end(one: str, other: str) -> int:
    pairs = zip(reversed(one.split("/")), reversed(other.split("/")), strict=False)
    return next(
        (n for n, (a, b) in enumerate(pairs) if a != b), min(one.count("/"), other.count("/")) + 1
    )


def manifest_trees(workspace: Workspace, commit: str) -> dict[str, str]:
    """The manifests of a commit: name → tree id."""
    root = workspace.objects.resolve(f"{commit}:{workspace.config.manifests}")
    return workspace.manifest_trees(root) if root is not None else {}
