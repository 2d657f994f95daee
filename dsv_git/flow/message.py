"""What a commit's message says of the data: a commented summary in the editor, and trailers."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from dsv_git.flow.checking.content import of_index, staged_workspace
from dsv_git.flow.diff import Comparison, compare
from dsv_git.flow.history.sides import Side, Sides
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import message_file
from dsv_git.gitrepo.operation import is_replaying
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import printable
from dsv_git.review.lines import plain
from dsv_git.review.text import diff_lines

KEY: Final = "Data-Version"
"""The trailer that names a version: `Data-Version: dataset@version`."""

LIMIT: Final = 5
"""Rows of a table and paths of a kind in a summary."""


def add_summary(start: Path, index: Path | None, file: Path) -> None:
    """Adds to the message in `file`, which is yet to be edited, what the index (None: the usual
    one) changes in the data, as comments. Raises DsvError, OSError."""
    workspace = staged_workspace(start, index)
    message = message_file.read(workspace.repository, file)
    if message.takes_comments:
        message_file.add_comments(message, _summary(_staged(workspace, index)[1]))


def add_versions(start: Path, index: Path | None, file: Path) -> None:
    """Adds to the message in `file`, which is written, the versions of the manifests that the index
    changes, as trailers, if `.dsv.yaml` asks for them. Raises DsvError, OSError.

    A message of another commit, which git is picking or replaying, stays as it is, and so does the
    one of a merge: its versions were named where they were made.
    """
    workspace = staged_workspace(start, index)
    if not workspace.config.trailers or is_replaying(workspace.repository):
        return
    message = message_file.read(workspace.repository, file)
    if not message.has_text:
        return
    staged, comparison = _staged(workspace, index)
    names = [diff.manifest for diff in comparison.manifests if diff.manifest in staged]
    declared = [staged[name].declaration for name in names]
    versions = dict.fromkeys(f"{one.dataset}@{one.version}" for one in declared)
    message_file.add_trailers(
        workspace.repository,
        message,
        KEY,
        {one.dataset for one in declared},
        [version for version in versions if "\n" not in version],
    )


def _staged(workspace: Workspace, index: Path | None) -> tuple[dict[str, Manifest], Comparison]:
    content = of_index(workspace, index, ())
    staged = {subject.manifest.name: subject.manifest for subject in content.subjects}
    sides = Sides(Side("HEAD", None, content.before), Side("the index", None, staged))
    return staged, compare(workspace, sides)


def _summary(comparison: Comparison) -> str:
    """The changes as text; empty where the data does not change."""
    parts: list[str] = []
    for diff in comparison.manifests:
        former = comparison.renamed.get(diff.manifest)
        renamed = f"{printable(former)} → {printable(diff.manifest)}\n" if former else ""
        parts.append(renamed + plain(diff_lines(diff, limit=LIMIT)))
    return "\n".join(parts)
