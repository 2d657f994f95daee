"""Which version the merge of two versions is."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from dsv_git.errors import InputError
from dsv_git.manifest.bump import bump
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.parent import Parent
from dsv_git.manifest.parsing import parse_declaration
from dsv_git.manifest.record import Record
from dsv_git.manifest.succession import registered


@dataclass(frozen=True)
class Decision:
    """The version and the parents. `is_new`: contents of registered versions came together."""

    version: str
    parents: tuple[Parent, ...]
    is_new: bool


def decide(
    base: Manifest | None,
    ours: Manifest,
    theirs: Manifest,
    records: Collection[Record],
    digest: str | None,
    text: str | None,
) -> Decision:
    """The version of a merge whose lists have this `digest` (None: not known yet), and whose
    `manifest.yaml` a person resolved to `text`.

    Where one side's content is the result, so is its version. Else a registered side makes a new
    version, a child of every registered side. Drafts stay one draft. Raises InputError where the
    name that follows ours cannot be told.
    """
    hand = parse_declaration(text, ours.name, ours.name).version if text else None
    for side in (ours, theirs):
        if side.digest == digest and hand in {None, side.declaration.version}:
            return Decision(side.declaration.version, side.declaration.parents, is_new=False)
    mine, other = registered(ours), registered(theirs)
    if mine is None and other is None:
        parents = _together(ours.declaration.parents, theirs.declaration.parents)
        return Decision(hand or ours.declaration.version, parents, is_new=False)
    named = [_reference(ours, mine, records), _reference(theirs, other, records)]
    if mine and other and other.id in _ancestors(mine, records):
        named[1] = ()  # a revert, or a pick of what ours grew from
    known = set(base.declaration.parents if base else ()) | {Parent(ours.name, _version(base))}
    fresh = [p for p in named[1] if other or p not in known]
    parents = _together(named[0], tuple(fresh))
    return Decision(_free_name(ours, theirs, records, hand), parents, is_new=True)


def _version(base: Manifest | None) -> str:
    return base.declaration.version if base else ""


def _together(ours: tuple[Parent, ...], theirs: tuple[Parent, ...]) -> tuple[Parent, ...]:
    return tuple(dict.fromkeys((*ours, *theirs)))


def _reference(
    side: Manifest, record: Record | None, records: Collection[Record]
) -> tuple[Parent, ...]:
    """A registered side as a child names it; a draft stands for its own parents."""
    if record is None:
        return side.declaration.parents
    unique = sum(other.version == record.version for other in records) == 1
    return (Parent(side.name, record.version, "" if unique else record.key[:8]),)


def _ancestors(record: Record, records: Collection[Record]) -> frozenset[str]:
    """The IDs of what a version grew from, as far as this manifest's records tell."""
    by_id = {other.id: other for other in records}
    found: set[str] = set()
    todo = [record]
    while todo:
        new = {parent.id for parent in todo.pop().parents} - found
        found |= new
        todo += [by_id[one] for one in new if one in by_id]
    return frozenset(found)


def _free_name(
    ours: Manifest, theirs: Manifest, records: Collection[Record], hand: str | None
) -> str:
    taken = {record.version.casefold() for record in records}
    if hand is not None and hand.casefold() not in taken:
        return hand
    name = ours.declaration.version
    taken |= {name.casefold()}
    with suppress(InputError):
        taken |= {theirs.declaration.version.casefold()}
    try:
        while name.casefold() in taken:
            name = bump(name)
    except InputError as error:
        raise InputError(
            error.message,
            where=f"{ours.files.where}/manifest.yaml",
            hint="write another version there, git add it, then: dsv resolve",
        ) from None
    return name
