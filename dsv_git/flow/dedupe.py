"""`dsv dedupe`: a version without content duplicates. The files themselves are not touched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dsv_git.flow.derived import Derivation, derive, unchanged
from dsv_git.flow.draft import NextVersion
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.annotation_files import annotation_files
from dsv_git.manifest.dedupe import Deduplication, deduplicate
from dsv_git.manifest.entry import Entry, Label
from dsv_git.manifest.made_by import command

DESCRIPTION: Final = "drop duplicates"
"""What a new version says of itself, unless a person says something else."""


@dataclass(frozen=True)
class DroppedCopy:
    """A file that the version leaves out, and the copy that stays."""

    path: str
    kept: str
    hash: str
    size: int


@dataclass(frozen=True)
class StayingCopy:
    """One of several copies that say different things."""

    path: str
    label: Label | None
    split: str | None
    ann: str | None


@dataclass(frozen=True)
class Undecided:
    """One content whose copies disagree; `about` has `label`, `split`, `annotations`."""

    hash: str
    about: tuple[str, ...]
    copies: tuple[StayingCopy, ...]


@dataclass(frozen=True)
class Deduped:
    """What `dedupe` did. `bytes` counts the dropped copies. Without a dropped copy nothing was
    written, and `version` is `former`."""

    manifest: str
    former: str
    version: str
    parents: tuple[str, ...]
    is_new: bool
    files: int
    """Files that stay."""
    bytes: int
    dropped: tuple[DroppedCopy, ...]
    undecided: tuple[Undecided, ...]


def dedupe(
    workspace: Workspace,
    name: str,
    *,
    version: str | None = None,
    any_label: bool = False,
    description: str | None = None,
) -> Deduped:
    """Leaves out every copy of a content that is there under another path; see `deduplicate` for
    which one stays. `dropped.jsonl` keeps what went, so that a later update leaves it out again.

    Raises InputError for a version that has a record already.
    """
    manifest = workspace.manifest(name)
    declaration = manifest.declaration
    found = deduplicate(manifest.entries, any_label=any_label, spared=annotation_files(declaration))
    following = unchanged(manifest)
    if found.gone:
        line = command("dedupe", name, *["--any-label"] * any_label)
        wanted = Derivation(version, description, DESCRIPTION, line)
        gone = [copy.dropped for copy in found.gone]
        following = derive(workspace, manifest, found.kept, gone, wanted)
    return _outcome(name, declaration.version, following, found)


def _outcome(name: str, former: str, following: NextVersion, found: Deduplication) -> Deduped:
    return Deduped(
        manifest=name,
        former=former,
        version=following.version,
        parents=tuple(str(parent) for parent in following.parents),
        is_new=following.is_new,
        files=len(found.kept),
        bytes=sum(copy.entry.size for copy in found.gone),
        dropped=tuple(
            DroppedCopy(c.entry.path, c.kept, c.entry.hash, c.entry.size) for c in found.gone
        ),
        undecided=tuple(
            Undecided(one.copies[0].hash, one.about, tuple(map(_staying, one.copies)))
            for one in found.disagreements
        ),
    )


def _staying(entry: Entry) -> StayingCopy:
    return StayingCopy(entry.path, entry.label, entry.split, entry.ann)
