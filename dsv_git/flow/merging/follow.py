"""A merged manifest follows its sources: merged anew, with what was decided in it kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dsv_git.diff.changes import diff_entries
from dsv_git.errors import InputError
from dsv_git.flow.drafting.draft import (
    next_text,
    next_version,
    refuse_taken,
    same_version,
    write_draft,
)
from dsv_git.flow.history.published import Publication
from dsv_git.flow.merging.follow_base import former_state
from dsv_git.flow.merging.follow_content import Content, as_declared, followed_content
from dsv_git.flow.merging.sources import MergeSource, read_sources
from dsv_git.flow.merging.target import places_of, with_roots
from dsv_git.flow.updated import Updated, UpdateRequest
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.composing import editor
from dsv_git.manifest.layout import choose
from dsv_git.manifest.made_by import after, command
from dsv_git.manifest.manifest import Manifest, with_layout
from dsv_git.manifest.mounting import mount
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.parsing import parse_declaration

MERGE_OF = "merge of "
"""How the description of a merge begins that nobody wrote."""


def follow(workspace: Workspace, request: UpdateRequest, parents: Sequence[Parent]) -> Updated:
    """Merges a manifest anew from the manifests that `parents` name, as they are now.

    What the merged manifest decided stays: what it leaves out, corrected labels, which side counted
    where sources of one root differed, mounts, include and exclude. Raises InputError, with nothing
    written, for a path on which sources differ anew, unless `request.on_conflict` decides.
    """
    manifest = workspace.manifest(request.name)
    sources = read_sources(workspace, [p.manifest for p in parents], drafts=True)
    mounting = mount([source.content for source in sources], manifest.declaration.data.roots)
    names = [source.content.manifest for source in sources]
    new = [mounting.placed(number, source.content) for number, source in enumerate(sources)]
    former = former_state(workspace, manifest)
    inherited = former.inherited(mounting, names)
    own = [item for item in manifest.dropped if (item.path, item.hash) not in inherited]
    old = former.placed(mounting, names)
    content = followed_content(manifest, former, (old, new), own, request)
    content = as_declared(workspace, manifest.declaration, content)
    if not content.entries:
        raise InputError(f"there is no file left in what {request.name} is merged from")
    references = tuple(source.reference for source in sources)
    text, changed = manifest.text, _differs(manifest, content, references, parents)
    if places_of(manifest.declaration.data.roots) != places_of(mounting.roots):
        text, _ = with_roots(text, manifest.declaration, mounting)
    if request.relayout:
        text = with_layout(text, choose(entry.path for entry in content.entries))
    if request.description is not None:
        text = editor(text).set_text("description", request.description).text
    is_new = False
    if changed or request.version is not None:
        text, is_new = _next(workspace, manifest, text, request, sources)
    declared = parse_declaration(text, manifest.name, manifest.files.where)
    if text != manifest.text or changed:
        refuse_taken(workspace, declared)
        write_draft(workspace, request.name, text, content.entries, content.dropped)
    return Updated(
        manifest=request.name,
        former=manifest.declaration.version,
        version=declared.version,
        parents=tuple(map(str, declared.parents)),
        is_new=is_new,
        changed=text != manifest.text or changed,
        diff=diff_entries(manifest.entries, content.entries),
        merged=tuple(map(str, references)),
    )


def _differs(
    manifest: Manifest,
    content: Content,
    references: Sequence[Parent],
    parents: Sequence[Parent],
) -> bool:
    """Whether the sources have advanced, or what they give is not what the manifest holds."""
    now = {(p.manifest, p.version) for p in references}
    return now != {(p.manifest, p.version) for p in parents} or content.entries != manifest.entries


def _next(
    workspace: Workspace,
    manifest: Manifest,
    text: str,
    request: UpdateRequest,
    sources: Sequence[MergeSource],
) -> tuple[str, bool]:
    """`manifest.yaml` of the next version, with the sources as parents; whether it is a new one."""
    published = Publication(workspace)
    if request.same_version:
        following = same_version(manifest, published)
    else:
        following = next_version(manifest, request.version, published, published.took)
    merged = tuple(source.reference for source in sources)
    names = {parent.manifest for parent in merged}
    others = tuple(p for p in following.parents if p.foreign or p.manifest not in names)
    former = manifest.declaration
    line = after(former.made_by, command("update", request.name), is_new=following.is_new)
    parents = tuple(dict.fromkeys((*merged, *others)))
    text = next_text(text, replace(following, parents=parents), line)
    if request.description is None and (
        following.is_new or former.description.startswith(MERGE_OF)
    ):
        said = MERGE_OF + ", ".join(map(str, merged))
        text = editor(text).set_text("description", said).text
    return text, following.is_new
