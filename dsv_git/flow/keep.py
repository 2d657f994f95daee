"""`dsv keep`: a copy of each content of versions, before it can be lost."""

from __future__ import annotations

from collections.abc import Sequence

from dsv_git.errors import InputError
from dsv_git.flow.copies.keeping import Keep, Kept, keep_out_of_git
from dsv_git.flow.copies.sources import Copy, Sources
from dsv_git.flow.copies.storing import missing, refuse_inside, store_contents
from dsv_git.flow.copies.taking import Taking, from_likely
from dsv_git.flow.history.named import named
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.entry import Entry
from dsv_git.scan.progress import Progress
from dsv_git.scan.storage.orders import Order


def keep_versions(workspace: Workspace, references: Sequence[str], progress: Progress) -> Kept:
    """Keeps the contents of versions (none given: of every manifest as the working tree has it),
    from wherever this clone knows them to be. Raises InputError where no `keep` is configured."""
    keep = Keep.asked(workspace)
    if keep is None:
        raise InputError(
            "there is no place to keep copies in", hint="keep: FOLDER or URL, in .dsv.yaml"
        )
    versions = [named(workspace, reference) for reference in references or workspace.names]
    entries = [entry for version in versions for entry in version.manifest.entries]
    wanted, before, unkept = missing(keep, entries)
    ignored = keep_out_of_git(workspace, keep) if wanted else None
    left, size = list(wanted), 0
    for version in versions:
        sources = Sources.of(workspace, version.manifest, ())
        sources.keep = None
        refuse_inside(keep, sources.own)
        left, more = _take(keep, sources, left, progress)
        size += more
    lost = tuple(sorted(entry.path for entry in left))
    where = keep.storage.where
    return Kept(where, len(wanted) - len(left), size, before, lost, unkept, ignored)


def _take(
    keep: Keep, sources: Sources, wanted: Sequence[Entry], progress: Progress
) -> tuple[list[Entry], int]:
    """Keeps contents from the likely places of a version; gives what none had, and the bytes."""
    total = 0

    def store(orders: Sequence[Order]) -> set[str]:
        nonlocal total
        size, failed = store_contents(keep, orders, progress)
        total += size
        return failed

    def order(entry: Entry, copy: Copy | None) -> Order:
        path = keep.path(entry.hash)
        assert path is not None  # noqa: S101
        storage, at = copy if copy is not None else (None, "")
        return Order(storage, at, path, entry.size, entry.hash)

    return from_likely(Taking(store, order), sources, wanted), total
