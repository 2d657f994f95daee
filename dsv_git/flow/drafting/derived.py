"""A version that leaves out some entries of the one before it: what dedupe and filter share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dsv_git.flow.drafting.draft import (
    NextVersion,
    next_text,
    next_version,
    refuse_taken,
    write_draft,
)
from dsv_git.flow.history.published import Publication
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.composing import editor
from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.made_by import after
from dsv_git.manifest.manifest import Manifest


@dataclass(frozen=True)
class Derivation:
    """What is asked of a derived version. `usual` is the description of a new version that a person
    gave none; `made_by` the command. Without `writes` everything is tried, and nothing written."""

    version: str | None
    description: str | None
    usual: str
    made_by: str
    writes: bool = True


def derive(
    workspace: Workspace,
    manifest: Manifest,
    kept: Iterable[Entry],
    gone: Iterable[Dropped],
    wanted: Derivation,
) -> NextVersion:
    """Writes the next version of a manifest with the entries `kept`; `dropped.jsonl` gets `gone`
    beside what it has, so that a later update leaves them out again.

    Raises InputError for a version that has a record already.
    """
    declaration = manifest.declaration
    published = Publication(workspace)
    following = next_version(manifest, wanted.version, published, published.took)
    line = after(declaration.made_by, wanted.made_by, is_new=following.is_new)
    text = next_text(manifest.text, following, line)
    said = wanted.description
    if said is None and following.is_new:
        said = wanted.usual
    if said is not None:
        text = editor(text).set_text("description", said).text
    if following.version != declaration.version:
        refuse_taken(workspace, replace(declaration, version=following.version))
    if wanted.writes:
        write_draft(workspace, manifest.name, text, kept, (*manifest.dropped, *gone))
    return following


def unchanged(manifest: Manifest) -> NextVersion:
    """The version that is there, where nothing is left out."""
    declaration = manifest.declaration
    return NextVersion(declaration.version, declaration.parents, is_new=False)
