"""Versions that are registered again: in another registry, or because the registry lost them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dsv_git.errors import InputError
from dsv_git.flow.history.contents import Contents
from dsv_git.flow.history.origins import Origins
from dsv_git.flow.history.view import View
from dsv_git.flow.register.order import Order
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.parent import FOREIGN
from dsv_git.manifest.record import Record, record_path

Named = tuple[str, Record]
"""A manifest's name and the record of one of its versions."""


def unlike(workspace: Workspace, view: View) -> tuple[Order, ...]:
    """The orders for versions of the tip whose records are of another registry than the configured
    one, parents first: so a whole history moves. Raises InputError where lists are not here."""
    wanted = workspace.config.registry
    found = recorded(view)
    return orders(workspace, view, [one for one in found if one[1].registry != wanted])


def recorded(view: View) -> tuple[Named, ...]:
    """Every record of the tip, with its manifest's name."""
    return tuple((name, r) for name in view.records.trees for r in view.records.all(name))


def orders(workspace: Workspace, view: View, versions: Iterable[Named]) -> tuple[Order, ...]:
    """The orders that register recorded versions once more, parents before children. A version
    that is in the configured registry already takes the place of its former self there."""
    versions = list(versions)
    if not versions:
        return ()
    keys = {one: (name, r) for name, r in recorded(view) for one in (r.id, *r.former_ids)}
    contents = Contents(workspace, view.records, view.resolver.seen)
    origins = Origins(workspace, view.tip.id)
    made = {}
    for name, record in versions:
        same = record.registry == workspace.config.registry
        made[record.key] = Order(
            manifest=name,
            version=record.version,
            tree=_current(view, name, record) or contents.tree_of_key(name, record),
            key=record.key,
            digest=record.digest,
            commit=origins.of(name, record) or view.tip.id,
            parents=_parents(name, record, keys),
            file=_file(view, name, record),
            former_ids=(*record.former_ids, record.id),
            replaces=(record.id,) if same else (),
        )
    return tuple(_parents_first(made))


def _parents(name: str, record: Record, known: Mapping[str, Named]) -> tuple[tuple[str, str], ...]:
    found = []
    for parent in record.parents:
        if parent.manifest is None:
            found.append(("", parent.id))
            continue
        if parent.id not in known:
            raise InputError(
                f"the parent {parent.manifest}@{parent.version} of {name}@{record.version} has no "
                "record",
                hint="dsv check HEAD",
            )
        found.append((parent.manifest, known[parent.id][1].key))
    return tuple(found)


def current_parents(record: Record, known: Mapping[str, Record]) -> tuple[str, ...]:
    """The IDs that a version's parents have now, which may be others than it was registered with;
    `known` has every record by each of its IDs."""
    return tuple(
        known[parent.id].id if parent.id in known else parent.id.removeprefix(FOREIGN)
        for parent in record.parents
    )


def _current(view: View, name: str, record: Record) -> str | None:
    """The tip's own tree, where it has that version: what it says of it is the newest."""
    tree = view.records.trees[name]
    snapshot = view.snapshots.one(name, tree)
    own = snapshot is not None and snapshot.name[1] == record.version
    return tree if own and snapshot is not None and snapshot.digest == record.digest else None


def _file(view: View, name: str, record: Record) -> str:
    """The record's own file: of two versions of one name, one has a mark of its key."""
    plain = record_path(record.version)
    first = next(iter(view.records.of(name, record.version)), None)
    marked = first is not None and first.key != record.key
    return record_path(record.version, record.key) if marked else plain


def _parents_first(made: Mapping[str, Order]) -> list[Order]:
    ordered: dict[str, Order] = {}

    def visit(order: Order) -> None:
        todo = [(order, False)]
        while todo:
            one, expanded = todo.pop()
            if expanded:
                ordered.setdefault(one.key, one)
            elif one.key not in ordered:
                todo.append((one, True))
                todo += [(made[key], False) for _, key in one.parents if key in made]

    for order in made.values():
        visit(order)
    return list(ordered.values())
