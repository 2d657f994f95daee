"""The pictures of a change: which images are shown, and their bytes where this machine has them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import xxhash

from dsv_git.diff.change import Change, Kind
from dsv_git.diff.sampling import can_be_shown, kind_of, sample
from dsv_git.errors import InputError
from dsv_git.flow.diff import Comparison
from dsv_git.flow.history.sides import Sides
from dsv_git.flow.register.content import StoredContent
from dsv_git.flow.reporting.boxes import Boxes
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest
from dsv_git.review.report.model import PICTURED, Gallery, Picture

MOST_BYTES: Final = 5_000_000
"""Bytes of all thumbnails as they stand in the page (base64)."""
SIDE: Final = 280
"""Pixels of a thumbnail's longer side: twice what is shown, for dense screens."""
TRIES: Final = 4
"""How many images are tried for one that is shown, where others cannot be read."""

_HASHES: Final[dict[str, Callable[[bytes], str]]] = {
    "xxh3": xxhash.xxh3_128_hexdigest,
    "sha256": lambda data: hashlib.sha256(data).hexdigest(),
    "md5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
}


def gather(workspace: Workspace, asked: Sides, found: Comparison, limit: int) -> Gallery:
    """At most `limit` thumbnails (a pair counts twice) of at most MOST_BYTES.

    The kinds take turns, of each kind the manifests; of one manifest's images those come first that
    `diff.sampling.sample` chooses, stratified by label. A content is shown only if its bytes are
    what the hash says; what is not on this machine is counted.
    """
    turns = [
        (kind, diff.manifest, found.renamed.get(diff.manifest, diff.manifest), changes)
        for kind in PICTURED
        for diff in found.manifests
        if (changes := _images(diff.diff.changes, kind))
    ]
    images = sum(len(changes) for *_, changes in turns)
    if limit <= 0 or not turns:
        return Gallery()
    sources = {
        name: _Source.of(workspace, asked, former, name)
        for name, former in {name: former for _, name, former, _ in turns}.items()
    }
    chosen = [(kind, name, _chosen(changes, limit * TRIES)) for kind, name, _, changes in turns]
    elsewhere = _Elsewhere.of(workspace, asked, (c for *_, some in chosen for c in some))
    queues = [_pictures(kind, name, some, sources[name], elsewhere) for kind, name, some in chosen]
    return take_turns(queues, images, limit)


def take_turns(queues: Sequence[Iterator[Picture | None]], images: int, limit: int) -> Gallery:
    """One picture of each queue in turn, until the limits; None is an image without its bytes."""
    pictures: list[Picture] = []
    unreadable = count = size = 0
    waiting = list(queues)
    while waiting:
        for queue in list(waiting):
            if count >= limit or unreadable >= limit * TRIES:
                return Gallery(tuple(pictures), images, unreadable, limit)
            found = next(queue, _END)
            if isinstance(found, _End):
                waiting.remove(queue)
            elif found is None:
                unreadable += 1
            elif count + (frames := (found.before is not None) + (found.after is not None)) > limit:
                waiting.remove(queue)  # one place is left, and a pair takes two
            else:
                count += frames
                size += sum(4 * len(data) // 3 for data in (found.before, found.after) if data)
                if size > MOST_BYTES:
                    return Gallery(tuple(pictures), images, unreadable, limit, full=True)
                pictures.append(found)
    return Gallery(tuple(pictures), images, unreadable, limit)


class _End:
    """The end of a queue."""


_END: Final = _End()


def _images(changes: Iterable[Change], kind: Kind) -> dict[str, Change]:
    """The changes of one kind that are of images, by path; a file that moved and has another label
    is relabelled here, for that is what a reviewer must see."""
    found = {}
    for change in changes:
        entry = change.after or change.before
        if entry is None or kind_of(entry.path) != "image":
            continue
        of = change.kind
        if of is Kind.RENAMED and change.flags:
            of = change.flags[0]
        if of is kind and can_be_shown(entry.path, entry.size):
            found[entry.path] = change
    return found


def _chosen(changes: dict[str, Change], count: int) -> list[Change]:
    entries = (change.after or change.before for change in changes.values())
    return [changes[one.path] for one in sample((e for e in entries if e), count)]


@dataclass(frozen=True)
class _Source:
    """One manifest's data on both sides."""

    before: StoredContent | None
    after: StoredContent | None
    boxes_before: Boxes | None
    boxes_after: Boxes | None

    @classmethod
    def of(cls, workspace: Workspace, asked: Sides, former: str, name: str) -> _Source:
        old, new = asked.before.manifests.get(former), asked.after.manifests.get(name)
        return cls(
            StoredContent(workspace, old) if old else None,
            StoredContent(workspace, new) if new else None,
            Boxes(workspace, old, asked.before.commit) if old else None,
            Boxes(workspace, new, asked.after.commit) if new else None,
        )


@dataclass
class _Elsewhere:
    """Where contents of the earlier side are on the later one, under any path of any manifest: a
    removed file may have a copy, a modified one may have moved."""

    places: dict[str, list[tuple[StoredContent, Entry]]] = field(default_factory=dict)

    @classmethod
    def of(cls, workspace: Workspace, asked: Sides, changes: Iterable[Change]) -> _Elsewhere:
        wanted = {c.before.hash for c in changes if c.before is not None and c.kind in _LOSING}
        found: dict[str, list[tuple[StoredContent, Entry]]] = {}
        if wanted:
            every = [*asked.after.manifests.values(), *asked.before.manifests.values()]
            for manifest in every:
                content = StoredContent(workspace, manifest)
                for entry in _rows(manifest):
                    if entry.hash in wanted:
                        found.setdefault(entry.hash, []).append((content, entry))
        return cls(found)

    def read(self, wanted: Entry) -> bytes | None:
        places = self.places.get(wanted.hash, ())[:20]
        return next(
            (data for one, entry in places if (data := _read(one, entry)) is not None), None
        )


_LOSING: Final = (Kind.MODIFIED, Kind.REMOVED)


def _rows(manifest: Manifest) -> Iterator[Entry]:
    with suppress(InputError):  # another manifest that is broken keeps no picture from this one
        for path in manifest.lists:
            yield from manifest.rows(path)


def _pictures(
    kind: Kind, name: str, changes: Iterable[Change], source: _Source, elsewhere: _Elsewhere
) -> Iterator[Picture | None]:
    """The picture of every change in order, None for one without any content here."""
    for change in changes:
        before = after = None
        boxes = False
        if change.after is not None:
            data = _read(source.after, change.after)
            after, drawn = _thumbnail(data, change.after, source.boxes_after)
            boxes |= drawn
        if change.before is not None and change.kind is Kind.REANNOTATED:
            # The same bytes: only what is drawn on them differs.
            data = _read(source.after, change.after) if change.after else None
            before, drawn = _thumbnail(data, change.before, source.boxes_before)
            before = before if drawn else None
        elif change.before is not None and change.kind in _LOSING:
            data = _read(source.before, change.before) or elsewhere.read(change.before)
            before, drawn = _thumbnail(data, change.before, source.boxes_before)
            boxes |= drawn
        yield Picture(kind, name, change, before, after, boxes) if before or after else None


def _read(content: StoredContent | None, entry: Entry) -> bytes | None:
    """The bytes of an entry, if they are what its hash says."""
    data = content.read(entry) if content is not None else None
    algorithm, _, value = entry.hash.partition(":")
    proved = data is not None and algorithm in _HASHES and _HASHES[algorithm](data) == value
    return data if proved else None


def _thumbnail(data: bytes | None, entry: Entry, boxes: Boxes | None) -> tuple[bytes | None, bool]:
    """A thumbnail, and whether the entry's boxes are drawn in it."""
    if data is None:
        return None, False
    from dsv_git.scan.thumbnail import thumbnail

    found = boxes.of(entry) if boxes is not None else ()
    return thumbnail(data, side=SIDE, boxes=found), bool(found)
