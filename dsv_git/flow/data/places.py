"""The places that hold a manifest's data, as storages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dsv_git.errors import InputError
from dsv_git.flow.data.roots import Root, declared_roots, override_name, streams
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.declaration import Data
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.names import printable
from dsv_git.scan.refusals import RootMissing
from dsv_git.scan.storage.checked import Wanted
from dsv_git.scan.storage.opening import open_storage
from dsv_git.scan.storage.port import Storage


@dataclass(frozen=True)
class Place:
    """One data root of a manifest."""

    manifest: str
    root: Root
    storage: Storage

    @property
    def prefix(self) -> str:
        """What the paths of its entries begin with."""
        return f"{self.root.mount}/" if self.root.mount else ""

    def missing(self) -> RootMissing:
        """What to say where the root is not there."""
        return RootMissing(
            f"the data of {self.manifest} is not at {self.storage.where}",
            hint="mount it, or say where it is on this machine: "
            f"git config {override_name(self.manifest, self.root.mount)} FOLDER",
        )


def places(workspace: Workspace, manifest: str, data: Data) -> tuple[Place, ...]:
    """Every root of a manifest. Raises InputError for a URL that data cannot be read from."""
    return tuple(
        Place(manifest, root, open_storage(root.location, streams(workspace)))
        for root in declared_roots(workspace, manifest, data)
    )


def by_place(
    places: Iterable[Place], entries: Iterable[Entry]
) -> tuple[tuple[Place, tuple[Wanted, ...]], ...]:
    """The files of each root that entries speak of. Raises InputError for one below no root."""
    known = tuple(places)
    if len(known) == 1 and not known[0].prefix:
        return ((known[0], tuple(Wanted(e.path, e.size, e.hash) for e in entries)),)
    found: dict[str, list[Wanted]] = {place.prefix: [] for place in known}
    for entry in entries:
        mount, _, inner = entry.path.partition("/")
        if not inner or f"{mount}/" not in found:
            raise InputError(
                f"the path {printable(entry.path)!r} is below none of the roots", hint="dsv check"
            )
        found[f"{mount}/"].append(Wanted(inner, entry.size, entry.hash))
    return tuple((place, tuple(found[place.prefix])) for place in known)
