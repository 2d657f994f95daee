"""`dsv dedupe`: a version without content duplicates. The files themselves are not touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dsv_git.errors import InputError
from dsv_git.flow.drafting.derived import Derivation, derive, unchanged
from dsv_git.flow.drafting.draft import NextVersion
from dsv_git.flow.history.named import named
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.annotation_files import annotation_files
from dsv_git.manifest.dedupe import Deduplication, Other, across, algorithms, deduplicate
from dsv_git.manifest.entry import Entry, Label
from dsv_git.manifest.made_by import command
from dsv_git.manifest.manifest import Manifest

DESCRIPTION: Final = "drop duplicates"
"""What a new version says of itself, unless a person says something else."""


@dataclass(frozen=True)
class DroppedCopy:
    """A file that the version leaves out, and the copy that stays: in the version itself, or in the
    version `of` that was asked for."""

    path: str
    kept: str
    hash: str
    size: int
    of: str | None = None


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
    others: Sequence[str] = (),
    description: str | None = None,
) -> Deduped:
    """Leaves out every copy of a content that is there under another path, and every content that
    one of the versions `others` has; see `deduplicate` and `across` for which one stays.
    `dropped.jsonl` keeps what went, so that a later update leaves it out again.

    Raises InputError for a version that has a record already, for one of `others` that is nowhere
    or hashed in another way, and where nothing would stay.
    """
    manifest = workspace.manifest(name)
    declaration = manifest.declaration
    spared = annotation_files(declaration)
    against = _others(workspace, manifest, others)
    rest, elsewhere = across(manifest.entries, against, spared)
    if elsewhere and all(spared(entry) for entry in rest):
        raise InputError(f"no file of {name} would stay: the other versions have every content")
    found = deduplicate(rest, any_label=any_label, spared=spared)
    gone = tuple(sorted((*elsewhere, *found.gone), key=lambda copy: copy.entry.path))
    found = replace(found, gone=gone)
    following = unchanged(manifest)
    if found.gone:
        named_ = [word for other in against for word in ("--across", other.name)]
        line = command("dedupe", name, *["--any-label"] * any_label, *named_)
        wanted = Derivation(version, description, DESCRIPTION, line)
        dropped = [copy.dropped for copy in gone]
        following = derive(workspace, manifest, found.kept, dropped, wanted)
    return _outcome(name, declaration.version, following, found)


def _others(
    workspace: Workspace, manifest: Manifest, references: Sequence[str]
) -> tuple[Other, ...]:
    """The versions whose contents shall not be in `manifest`, each comparable with it."""
    own = algorithms(manifest.entries)
    found = []
    for reference in references:
        if reference == manifest.name:
            raise InputError(
                f"{reference} is what is cleaned itself", hint="--across OTHER, or N@VERSION"
            )
        there = named(workspace, reference)
        other = Other(there.name, there.manifest.entries)
        if other.entries and not other.algorithms & own:
            raise InputError(
                f"contents of {manifest.name} ({', '.join(sorted(own))}) and {other.name} "
                f"({', '.join(sorted(other.algorithms))}) cannot be compared",
                hint="add one of them anew with the other's --hash",
            )
        found.append(other)
    return tuple(found)


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
            DroppedCopy(c.entry.path, c.kept, c.entry.hash, c.entry.size, c.of) for c in found.gone
        ),
        undecided=tuple(
            Undecided(one.copies[0].hash, one.about, tuple(map(_staying, one.copies)))
            for one in found.disagreements
        ),
    )


def _staying(entry: Entry) -> StayingCopy:
    return StayingCopy(entry.path, entry.label, entry.split, entry.ann)
