"""The manifest that a merge writes: a new one, or the next version of one that is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dsv_git.errors import InputError
from dsv_git.flow.drafting.draft import (
    NextVersion,
    first_text,
    next_text,
    next_version,
    refuse_taken,
    registered,
)
from dsv_git.flow.history.published import Publication
from dsv_git.flow.merging.sources import MergeSource
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.agreement import agree, data_value
from dsv_git.manifest.bump import check_version
from dsv_git.manifest.composing import editor
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.dropped import Dropped, leave_out
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.merging import Union
from dsv_git.manifest.mounting import Mounting, normal_root
from dsv_git.manifest.names import printable
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.parsing import parse_declaration


@dataclass(frozen=True)
class Wanted:
    """What a person asks of the merged version; None stands for the usual."""

    version: str | None = None
    project: str | None = None
    dataset: str | None = None
    description: str | None = None
    made_by: str = ""


@dataclass(frozen=True)
class Target:
    """What to write. `unchanged`: the target is registered as this very union of these parents."""

    version: str
    parents: tuple[Parent, ...]
    text: str
    entries: tuple[Entry, ...]
    dropped: tuple[Dropped, ...]
    notes: tuple[str, ...] = ()
    unchanged: bool = False


def new_target(
    workspace: Workspace,
    name: str,
    sources: Sequence[MergeSource],
    found: Union,
    mounting: Mounting,
    wanted: Wanted,
) -> Target:
    """A manifest that is not there yet: project and dataset of the first source, unless wanted."""
    if wanted.version is None:
        raise InputError(f"{name} is new and needs a version", hint="--version 1.0")
    first = sources[0].declaration
    agreed = agree([source.declaration for source in sources], mounting.roots)
    declaration = Declaration(
        name=name,
        version=check_version(wanted.version),
        data=agreed.data,
        dataset=wanted.dataset or first.dataset,
        project=wanted.project or first.project,
        description=_description(sources, wanted),
        parents=tuple(source.reference for source in sources),
        made_by=wanted.made_by,
        tags=agreed.tags,
        labels=agreed.labels,
        samples=agreed.samples,
        properties=agreed.properties,
    )
    refuse_taken(workspace, declaration, f"--dataset {name}, or another --version")
    return Target(
        declaration.version,
        declaration.parents,
        first_text(declaration, found.entries),
        found.entries,
        found.dropped,
        (*agreed.notes, *_first_dataset(sources, wanted)),
    )


def existing_target(
    workspace: Workspace,
    manifest: Manifest,
    sources: Sequence[MergeSource],
    found: Union,
    mounting: Mounting,
    wanted: Wanted,
) -> Target:
    """The next version of a manifest: what its `manifest.yaml` says stays, but for version,
    parents, description and roots; what it left out on purpose stays out."""
    former = manifest.declaration
    merged = tuple(source.reference for source in sources)
    in_place = places_of(former.data.roots) == places_of(mounting.roots)
    out = manifest.dropped if in_place else ()
    entries = leave_out(found.entries, out)
    dropped = (*found.dropped, *out)
    held = len(found.entries) - len(entries)
    notes = (f"{manifest.name} leaves out {held:,} files on purpose; they stay out",) * bool(held)
    again = (
        wanted == Wanted(made_by=wanted.made_by) and in_place and set(merged) <= set(former.parents)
    )
    if again and registered(manifest) is not None and entries == manifest.entries:
        text = manifest.text
        return Target(former.version, former.parents, text, entries, dropped, notes, unchanged=True)
    published = Publication(workspace)
    following = next_version(manifest, wanted.version, published, published.took)
    own = tuple(parent for parent in following.parents if parent.manifest == manifest.name)
    following = NextVersion(following.version, (*merged, *own), following.is_new)
    text = next_text(manifest.text, following, wanted.made_by)
    text = editor(text).set_text("description", _description(sources, wanted)).text
    for key, value in (("project", wanted.project), ("dataset", wanted.dataset)):
        text = editor(text).set_text(key, value).text if value else text
    if not in_place:
        text, lost = with_roots(text, former, mounting)
        notes = (*notes, *lost)
    refuse_taken(workspace, parse_declaration(text, manifest.name, manifest.files.where))
    return Target(following.version, following.parents, text, entries, dropped, notes)


def with_roots(text: str, former: Declaration, mounting: Mounting) -> tuple[str, tuple[str, ...]]:
    """`manifest.yaml` with a mounting's roots, and what had to go with the former ones."""
    data, notes = replace(former.data, roots=mounting.roots), []
    edit = editor(text)
    if "" in former.data.roots and "" not in mounting.roots:
        if data.url:
            notes.append("data.url is left out: one address cannot stand for several roots")
        if former.labels is not None:
            notes.append("labels: is left out; the entries keep the labels that they have")
        data, edit = replace(data, url=None), edit.remove("labels")
    return edit.set_flow("data", data_value(data)).text, tuple(notes)


def places_of(roots: Mapping[str, str]) -> dict[str, str]:
    """The roots by mount, as they are compared."""
    return {name: normal_root(root) for name, root in roots.items()}


def _first_dataset(sources: Sequence[MergeSource], wanted: Wanted) -> tuple[str, ...]:
    names = [source.declaration.dataset for source in sources]
    if wanted.dataset or len(set(names)) == 1:
        return ()
    return (f"dataset: {printable(names[0])}, as the first source has it (--dataset NAME)",)


def _description(sources: Sequence[MergeSource], wanted: Wanted) -> str:
    if wanted.description is not None:
        return wanted.description
    return "merge of " + ", ".join(str(source.reference) for source in sources)
