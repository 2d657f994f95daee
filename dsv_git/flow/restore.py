"""`dsv restore N@V --to DIR`: a version's files, rebuilt by hash from wherever they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from dsv_git.flow.copies.sources import Copy, Sources
from dsv_git.flow.copies.taking import Taking, from_anywhere, from_likely
from dsv_git.flow.copies.target import look, refuse_paths, refuse_place, staging_name
from dsv_git.flow.history.named import named
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.entry import Entry
from dsv_git.scan.progress import Progress
from dsv_git.scan.storage.bringing import bring
from dsv_git.scan.storage.copying import Link, Way
from dsv_git.scan.storage.folder import Folder
from dsv_git.scan.storage.orders import Brought, Order
from dsv_git.scan.storage.target import Target


@dataclass(frozen=True)
class RestoreRequest:
    """What a person typed. `force`: into a folder that holds other files, which stay, and over
    files of the version that have another content."""

    reference: str
    to: str
    given: tuple[str, ...] = ()
    link: Link = "auto"
    force: bool = False


@dataclass(frozen=True)
class Restored:
    """What became of a version's files: `restored` came now, by the `ways`; `there` were right
    already. `missing` are nowhere; `taken` are paths in the folder that hold another content.
    `damaged` are places that should have had a content and have another; `skipped` are places that
    could not be looked at."""

    version: str
    folder: str
    files: int
    there: int
    restored: int
    bytes: int
    ways: dict[Way, int]
    missing: tuple[Entry, ...]
    taken: tuple[str, ...]
    damaged: tuple[str, ...]
    skipped: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether every file of the version is there now."""
        return not self.missing and not self.taken


@dataclass
class _Work:
    """Restoring under way."""

    target: Target
    link: Link
    replace: bool
    progress: Progress
    ways: Counter[Way] = field(default_factory=Counter)
    size: int = 0
    taken: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)

    def bring(self, orders: Sequence[Order]) -> set[str]:
        """Brings files; gives the targets of those that failed."""
        done: Brought = bring(orders, self.target, self.link, self.progress, replace=self.replace)
        self.ways += done.ways
        self.size += done.size
        self.skipped |= done.down
        self.taken += [order.target for order in done.taken]
        self.damaged += [
            f"{order.storage.where}/{order.path}"
            for order, flaw in done.failed
            if order.storage is not None and flaw.trouble == "damaged"
        ]
        for order, flaw in done.failed:
            if order.storage is not None and flaw.trouble == "unreadable":
                away = not isinstance(order.storage, Folder)
                name = order.storage.where if away else f"{order.storage.where}/{order.path}"
                self.skipped.setdefault(name, flaw.detail)
        return {order.target for order, _ in done.failed}


def restore(workspace: Workspace, request: RestoreRequest, progress: Progress) -> Restored:
    """Rebuilds a version in a folder. What is there and right stays, so that a run that was cut
    short goes on; a content is proven by its hash before its file gets its name.

    Raises InputError with nothing written for an unknown version, a folder with other files, and
    paths that the folder's file system cannot tell apart.
    """
    version = named(workspace, request.reference)
    entries = version.manifest.entries
    base = workspace.start / request.to
    refuse_place(workspace, base)
    refuse_paths(base, entries)
    sources = Sources.of(workspace, version.manifest, request.given)
    ground = look(base, version.manifest, progress, beside=request.force)
    wanted = [entry for entry in entries if entry.path not in ground.right]
    taken = [] if request.force else sorted(ground.other)
    wanted = [entry for entry in wanted if entry.path not in set(taken)]
    with Target(base, staging_name(entries)) as target:
        work = _Work(target, request.link, request.force, progress)
        taking = Taking(work.bring, _order)
        left = from_likely(taking, sources, wanted)
        left = from_anywhere(taking, sources, left, progress)
    return Restored(
        version.name,
        str(base.resolve()),
        len(entries),
        len(ground.right),
        sum(work.ways.values()),
        work.size,
        dict(work.ways),
        tuple(left),
        tuple(sorted({*taken, *work.taken})),
        tuple(dict.fromkeys(work.damaged)),
        tuple(
            why if why.startswith(where) else f"{where}: {why}"
            for where, why in (work.skipped | sources.skipped).items()
        ),
    )


def _order(entry: Entry, copy: Copy | None) -> Order:
    if copy is None:
        return Order(None, "", entry.path, entry.size, entry.hash)
    return Order(copy[0], copy[1], entry.path, entry.size, entry.hash)
