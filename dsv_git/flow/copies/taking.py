"""Taking contents from the places that may have them, the likely ones first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from dsv_git.flow.copies.sources import Copy, Sources
from dsv_git.manifest.entry import Entry
from dsv_git.scan.progress import Progress
from dsv_git.scan.storage.orders import Order


class Taking(NamedTuple):
    """How contents are taken: `bring` does it, and gives the targets of those that failed; `order`
    is what it needs for an entry, from a place (None: the content is empty)."""

    bring: Callable[[Sequence[Order]], set[str]]
    order: Callable[[Entry, Copy | None], Order]


def from_likely(taking: Taking, sources: Sources, wanted: Sequence[Entry]) -> list[Entry]:
    """Takes each content from the next likely place until one had it; gives what none had."""
    todo: list[tuple[Entry, Iterator[Copy]]] = [(e, sources.likely(e)) for e in wanted]
    nowhere: list[Entry] = []
    while todo:
        asked: list[tuple[Entry, Iterator[Copy], Order]] = []
        for entry, copies in todo:
            copy = next(copies, None) if entry.size else None
            if copy is None and entry.size:
                nowhere.append(entry)
            else:
                asked.append((entry, copies, taking.order(entry, copy)))
        failed = taking.bring([order for _, _, order in asked]) if asked else set()
        again = [(entry, copies) for entry, copies, order in asked if order.target in failed]
        nowhere += [entry for entry, _ in again if not entry.size]
        todo = [(entry, copies) for entry, copies in again if entry.size]
    return sorted(nowhere, key=lambda entry: entry.path)


def from_anywhere(
    taking: Taking, sources: Sources, wanted: Sequence[Entry], progress: Progress
) -> list[Entry]:
    """Searches for contents by size and hash, and takes them; gives those that are nowhere."""
    found = sources.search(wanted, progress) if wanted else {}
    orders = {e.path: taking.order(e, found[e.hash]) for e in wanted if e.hash in found and e.size}
    failed = taking.bring(list(orders.values())) if orders else set()
    return [
        entry for entry in wanted if entry.path not in orders or orders[entry.path].target in failed
    ]
