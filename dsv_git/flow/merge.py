"""`dsv merge`: the union of manifests, with all of them as parents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dsv_git.errors import InputError
from dsv_git.flow.drafting.draft import new_name, write_draft
from dsv_git.flow.merging.sources import MergeSource, read_sources
from dsv_git.flow.merging.target import Wanted, existing_target, new_target
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.made_by import command
from dsv_git.manifest.merging import Conflict, Union, union
from dsv_git.manifest.mounting import mount

OnConflict = Literal["first", "last", "fail"]


@dataclass(frozen=True)
class MergedSource:
    """A source as the union has it. `mounts`: its own mounts, each with the one it became."""

    version: str
    files: int
    mounts: Mapping[str, str]


@dataclass(frozen=True)
class Merged:
    """What `merge` did. `bytes` counts the union. Nothing is written where `refused`, for
    conflicts, or where the target is that union already."""

    manifest: str
    version: str
    parents: tuple[str, ...]
    roots: Mapping[str, str]
    sources: tuple[MergedSource, ...]
    files: int
    bytes: int
    conflicts: tuple[Conflict, ...]
    on_conflict: OnConflict
    refused: bool
    written: bool
    notes: tuple[str, ...]


def merge(
    workspace: Workspace,
    names: Sequence[str],
    into: str,
    wanted: Wanted,
    on_conflict: OnConflict = "fail",
) -> Merged:
    """Writes the union of the manifests `names` as the next version of `into`.

    Sources of one and the same root merge path by path; others are mounted, so that they never
    collide. Raises InputError for sources that git does not hold as they are, for names that
    cannot be, and for a version that has a record.
    """
    _refuse_names(names, into)
    wanted = replace(wanted, made_by=_made_by(names, into, on_conflict))
    sources = read_sources(workspace, names)
    former = workspace.manifest(into) if into in workspace.names else None
    roots_before = former.declaration.data.roots if former else {}
    mounting = mount([source.content for source in sources], roots_before)
    placed = [mounting.placed(number, s.content) for number, s in enumerate(sources)]
    found = union(placed, "last" if on_conflict == "last" else "first")
    if former is None:
        target = new_target(workspace, new_name(workspace, into), sources, found, mounting, wanted)
    else:
        target = existing_target(workspace, former, sources, found, mounting, wanted)
    refused = bool(found.conflicts) and on_conflict == "fail"
    written = not refused and not target.unchanged
    if written:
        write_draft(workspace, into, target.text, target.entries, target.dropped)
    return Merged(
        manifest=into,
        version=target.version,
        parents=tuple(str(parent) for parent in target.parents),
        roots=mounting.roots,
        sources=tuple(map(_source, sources, mounting.moves)),
        files=len(target.entries),
        bytes=sum(entry.size for entry in target.entries),
        conflicts=found.conflicts,
        on_conflict=on_conflict,
        refused=refused,
        written=written,
        notes=(*target.notes, *_returned(found)),
    )


def _refuse_names(names: Sequence[str], into: str) -> None:
    if len(names) < 2:
        raise InputError(
            "merge needs at least two manifests", hint=f"dsv merge A B --into {into} --version V"
        )
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"the manifest {twice} is named twice")
    if into in names:
        raise InputError(
            f"{into} cannot be merged into itself",
            hint="name another manifest: --into NAME",
        )


def _made_by(names: Sequence[str], into: str, on_conflict: OnConflict) -> str:
    choice = () if on_conflict == "fail" else ("--on-conflict", on_conflict)
    return command("merge", *names, "--into", into, *choice)


def _source(source: MergeSource, moves: Mapping[str, str]) -> MergedSource:
    return MergedSource(str(source.reference), len(source.content.entries), moves)


def _returned(found: Union) -> tuple[str, ...]:
    if not found.returned:
        return ()
    return (f"{found.returned:,} files that one source leaves out on purpose are in another: in",)
