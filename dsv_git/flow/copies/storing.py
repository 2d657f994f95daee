"""Storing contents in the place that keeps copies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import BinaryIO, cast

from dsv_git.errors import InputError
from dsv_git.flow.copies.keeping import Keep, Kept, OtherContent, Proven, keep_out_of_git
from dsv_git.flow.data.places import Place, by_place, places
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.entry import Entry
from dsv_git.scan.progress import Progress
from dsv_git.scan.storage.bringing import STREAMS, bring
from dsv_git.scan.storage.orders import Order
from dsv_git.scan.storage.target import Target
from dsv_git.scan.workers import threads


def keep_new(
    workspace: Workspace,
    declaration: Declaration,
    entries: Iterable[Entry],
    progress: Progress,
    keep: Keep,
) -> Kept:
    """Keeps the contents that a manifest is about to name, from its own roots; see `keep_contents`.
    A content that is kept already is not read."""
    wanted, before, unkept = missing(keep, entries)
    roots = places(workspace, declaration.name, declaration.data)
    refuse_inside(keep, roots)
    orders = [
        Order(place.storage, file.path, path, file.size, file.hash)
        for place, files in by_place(roots, wanted)
        for file in files
        if (path := keep.path(file.hash)) is not None
    ]
    names = {order.target: entry.path for order, entry in _paired(orders, wanted, keep)}
    ignored = keep_out_of_git(workspace, keep) if orders else None
    size, failed = store_contents(keep, orders, progress)
    lost = tuple(sorted(names[target] for target in failed))
    where = keep.storage.where
    return Kept(where, len(orders) - len(lost), size, before, lost, unkept, ignored)


def refuse_inside(keep: Keep, roots: Iterable[Place]) -> None:
    """Raises InputError for a folder of copies inside a data root: they would be data."""
    if keep.folder is None:
        return
    for place in roots:
        root = place.root.folder
        if root is not None and keep.folder.resolve().is_relative_to(root.resolve()):
            raise InputError(
                f"copies cannot be kept inside the data of {place.manifest}",
                where=".dsv.yaml: keep",
                hint="keep: a folder of its own",
            )


def missing(keep: Keep, entries: Iterable[Entry]) -> tuple[tuple[Entry, ...], int, int]:
    """One entry for each content that is not kept yet; how many are, and how many cannot be."""
    contents = {entry.hash: entry for entry in entries}
    able = {text for text in contents if keep.path(text) is not None}
    there = keep.has(able)
    keep.freshen(there)
    wanted = sorted((contents[text] for text in able - there), key=lambda entry: entry.path)
    return tuple(wanted), len(there), len(contents) - len(able)


def _paired(
    orders: Sequence[Order], wanted: Sequence[Entry], keep: Keep
) -> Iterable[tuple[Order, Entry]]:
    by_target = {keep.path(entry.hash): entry for entry in wanted}
    return ((order, by_target[order.target]) for order in orders)


def store_contents(keep: Keep, orders: Sequence[Order], progress: Progress) -> tuple[int, set[str]]:
    """Copies contents into the place; gives the bytes, and the targets of those that failed.
    Raises OSError where it cannot be written."""
    if not orders:
        return 0, set()
    if keep.folder is None:
        return _upload(keep, orders, progress)
    with Target(keep.folder) as target:
        done = bring(orders, target, "auto", progress, replace=False)
    return done.size, {order.target for order, _ in done.failed}


def _upload(keep: Keep, orders: Sequence[Order], progress: Progress) -> tuple[int, set[str]]:
    progress.expect(len(orders))
    size, failed = 0, set()
    with threads(lambda: None, STREAMS) as streams:
        for order, done in zip(orders, streams.map(partial(_put, keep), orders), strict=True):
            progress.advance(1, order.size)
            if done:
                size += order.size
            else:
                failed.add(order.target)
    return size, failed


def _put(keep: Keep, order: Order) -> bool:
    """Stores one content in a place that is elsewhere; False where its file is not what it was."""
    assert order.storage is not None  # noqa: S101
    there = order.storage.stat(order.path)
    if there is None or there.size != order.size:
        return False
    try:
        with order.storage.open(order.path) as stream:
            proven = Proven(stream, order.hash, order.path)
            keep.storage.put(order.target, cast("BinaryIO", proven))
    except OtherContent:
        return False
    return True
