"""`dsv bump`: the next version's name and parents, without a scan."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dsv_git.errors import InputError
from dsv_git.flow.drafting.description import described
from dsv_git.flow.drafting.draft import next_text, next_version, refuse_taken, write_part
from dsv_git.flow.history.published import Publication
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.bump import bump as next_name
from dsv_git.manifest.made_by import command, renamed


@dataclass(frozen=True)
class Bumped:
    """What became of a version's name. `is_new`: a version beside the registered `former`; else
    the draft `former` has another name now."""

    manifest: str
    former: str
    version: str
    parents: tuple[str, ...]
    is_new: bool
    changed: bool
    """Whether `manifest.yaml` was written."""


def bump(
    workspace: Workspace, name: str, wanted: str | None = None, description: str | None = None
) -> Bumped:
    """Writes the next version, or `wanted`, into a manifest; its lists stay as they are.

    Raises InputError for a version that has a record, and where no next name is known.
    """
    manifest = workspace.manifest(name)
    former = manifest.declaration.version
    published = Publication(workspace)
    try:
        version = wanted if wanted is not None else next_name(former)
        while wanted is None and published.took(name, version):
            version = next_name(version)
    except InputError as error:
        raise InputError(error.message, hint=f"dsv bump {name} VERSION") from None
    draft = version == former and manifest.record(former) is None
    following = next_version(
        manifest,
        None if draft else version,
        None if draft else published,
        published.took,
    )
    line = command("bump", name, *([wanted] if wanted is not None else []))
    if not following.is_new:
        line = manifest.declaration.made_by
        line = line if following.version == former else renamed(line, name, following.version)
    text = next_text(manifest.text, following, line)
    text = described(workspace, manifest, text, following, description)
    changed = text != manifest.text
    if changed:
        refuse_taken(workspace, replace(manifest.declaration, version=following.version))
        write_part(workspace, name, text)
    parents = tuple(str(parent) for parent in following.parents)
    return Bumped(name, former, following.version, parents, following.is_new, changed)
