"""Where contents are: the places that this clone knows, and those that a person names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dsv_git.errors import DsvError, InputError
from dsv_git.flow.copies.keeping import Keep
from dsv_git.flow.data.places import Place, places
from dsv_git.flow.data.roots import declared_roots, streams
from dsv_git.flow.data.standing import standing
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.statplaces import remembered
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.url import is_url, parse_url
from dsv_git.scan.progress import Progress
from dsv_git.scan.storage.checked import Wanted
from dsv_git.scan.storage.finding import find
from dsv_git.scan.storage.folder import Folder
from dsv_git.scan.storage.opening import open_storage, parse_location
from dsv_git.scan.storage.port import Storage

COPIES: Final = 4
"""How many places of one content are remembered, should the first ones be damaged."""

Copy = tuple[Storage, str]
"""Where a content may be: a storage, and a path in it."""


@dataclass
class Sources:
    """The places that may hold the contents of a version, what is remembered of them by hash, and
    what could not be looked at."""

    own: tuple[Place, ...]
    given: tuple[Storage, ...]
    keep: Keep | None
    others: dict[str, Storage] = field(default_factory=dict)
    by_hash: dict[str, list[Copy]] = field(default_factory=dict)
    known: dict[str, set[str]] = field(default_factory=dict)
    """Paths by place whose content is known."""
    skipped: dict[str, str] = field(default_factory=dict)
    """Places that could not be looked at, with why."""

    @classmethod
    def of(cls, workspace: Workspace, manifest: Manifest, given: Sequence[str]) -> Sources:
        """The places for a version's contents; `given` are folders and URLs that a person named.

        Raises InputError for one of those that is not there.
        """
        at_once = streams(workspace)
        more = [open_storage(parse_location(text, workspace.start), at_once) for text in given]
        for one in more:
            if isinstance(one, Folder) and not one.base.is_dir():
                raise InputError(f"there is no folder {one.where}")
        found = cls((), tuple(more), Keep.of(workspace))
        try:
            found.own = places(workspace, manifest.name, manifest.declaration.data)
        except InputError as error:  # a store whose package is missing: other places may do
            found.skipped[manifest.name] = error.message
        found._remember(workspace, at_once, {entry.hash for entry in manifest.entries})
        for name in workspace.names:
            with suppress(InputError):  # another manifest's trouble is its own
                data = workspace.manifest(name).declaration.data
                for root in declared_roots(workspace, name, data):
                    if root.folder is not None:
                        found.others.setdefault(str(root.folder), Folder(root.folder))
        return found

    def _remember(self, workspace: Workspace, at_once: int, wanted: Collection[str]) -> None:
        """Takes what this clone remembers of roots, former ones too."""
        for _, root, memory in remembered(workspace.repository.state_dir):
            storage: Storage
            if is_url(root):
                with suppress(InputError):
                    storage = open_storage(parse_url(root), at_once)
                    paths, sizes, _, hashes = memory.known.rows()
                    rows = map(Wanted, paths, sizes, hashes)
                    self._take(root, storage, rows, wanted)
            else:
                storage = self.others.setdefault(root, Folder(Path(root)))
                self._take(root, storage, standing(memory, Path(root)), wanted)

    def _take(
        self, root: str, storage: Storage, rows: Iterable[Wanted], wanted: Collection[str]
    ) -> None:
        known = self.known.setdefault(root, set())
        for row in rows:
            known.add(row.path)
            if row.hash in wanted:
                copies = self.by_hash.setdefault(row.hash, [])
                if len(copies) < COPIES:
                    copies.append((storage, row.path))

    def likely(self, entry: Entry) -> Iterator[Copy]:
        """Where an entry's content should be, nothing having been read: what is remembered on this
        machine, then under its own path, then the kept copies, at last what is elsewhere."""
        seen = set()
        elsewhere: list[Copy] = []
        for storage, path in self._by_name(entry):
            place = storage.local(path)
            if place is None:
                elsewhere.append((storage, path))
            elif str(place) not in seen:
                seen.add(str(place))
                yield storage, path
        if self.keep is not None:
            kept = self.keep.path(entry.hash)
            if kept is not None:
                yield self.keep.storage, kept
        yield from elsewhere

    def _by_name(self, entry: Entry) -> Iterator[Copy]:
        yield from self.by_hash.get(entry.hash, ())
        for place in self.own:
            if entry.path.startswith(place.prefix):
                inner = entry.path[len(place.prefix) :]
                yield from _if_there(place.storage, inner, entry)
                for storage in self.given if place.prefix else ():
                    yield from _if_there(storage, inner, entry)
        for storage in self.given:
            yield from _if_there(storage, entry.path, entry)

    def search(self, entries: Sequence[Entry], progress: Progress) -> dict[str, Copy]:
        """The places of contents that are nowhere likely, by hash: every file of a wanted size is
        read, in the roots that this clone knows and in the places that a person named."""
        left = {entry.hash: Wanted(entry.path, entry.size, entry.hash) for entry in entries}
        found: dict[str, Copy] = {}
        for storage in self._everywhere():
            if not left:
                break
            known = self.known.get(str(getattr(storage, "base", "")), set())
            try:
                there = find(storage, left.values(), known, progress)
            except DsvError as error:
                self.skipped[storage.where] = error.message
                continue
            found |= {text: (storage, path) for text, path in there.items()}
            for text in there:
                del left[text]
        return found

    def _everywhere(self) -> Iterator[Storage]:
        seen: set[str] = set()
        for storage in (*self.given, *(p.storage for p in self.own), *self.others.values()):
            if storage.where not in seen:
                seen.add(storage.where)
                if not isinstance(storage, Folder) or storage.base.is_dir():
                    yield storage
                elif storage in [place.storage for place in self.own]:
                    self.skipped[storage.where] = "not there"


def _if_there(storage: Storage, path: str, entry: Entry) -> Iterator[Copy]:
    """A path of a folder if a file of that size is there; one that is elsewhere in any case."""
    place = storage.local(path)
    if place is None:
        yield storage, path
        return
    with suppress(OSError):
        if place.stat().st_size == entry.size:
            yield storage, path
