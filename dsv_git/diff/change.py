"""One difference between two sides of a manifest, and what to call it."""

from __future__ import annotations

from enum import Enum

import msgspec

from dsv_git.manifest.entry import Entry, same_props


class Kind(str, Enum):
    """What happened to an entry. Every change has one kind; the last three are also flags."""

    ADDED = "added"
    REMOVED = "removed"
    MODIFIED = "modified"
    """Other content under the same path."""
    RENAMED = "renamed"
    """Removed here and added there with the same content: also a move to another folder."""
    COPIED = "copied"
    """Added, with content that was there before."""
    RELABELLED = "relabelled"
    """Same content, other label or split."""
    REANNOTATED = "reannotated"
    """Same content, other annotations."""
    REDESCRIBED = "redescribed"
    """Same content, other props."""


FLAGS = (Kind.RELABELLED, Kind.REANNOTATED, Kind.REDESCRIBED)


class Change(msgspec.Struct, frozen=True, gc=False):
    """An entry before and after; one of the two may be missing, and they always differ.

    `source` is the earlier entry that already had the content of `after` under another path: what
    was copied, or what moved onto a path that was taken. `successor` is its mirror: the later entry
    that has the content of `before`, so the content of a removed file is not lost. `moved` says
    that the two are a pair: one left its path, the other arrived, and no other change claims
    either. Without it (a copy, a removed duplicate) the other one stayed where it was.
    """

    before: Entry | None
    after: Entry | None
    source: Entry | None = None
    successor: Entry | None = None
    moved: bool = False

    @property
    def path(self) -> str:
        """Where the entry is now, or for a removed one where it was."""
        entry = self.after or self.before
        return entry.path if entry else ""

    @property
    def kind(self) -> Kind:
        """The one kind of this change; label, annotations and props may differ besides."""
        before, after = self.before, self.after
        if before is None:
            return Kind.ADDED if self.source is None else Kind.COPIED
        if after is None:
            return Kind.REMOVED
        if not same_content(before, after):
            return Kind.MODIFIED
        if before.path != after.path:
            return Kind.RENAMED
        return self.flags[0]

    @property
    def origin(self) -> Entry | None:
        """The one earlier entry whose content this is now, if this change accounts for it.

        None where the content is new, gone, or a copy: a copy under another label changes the label
        of nothing, for its source keeps its own.
        """
        before, after = self.before, self.after
        if before is not None and after is not None and same_content(before, after):
            return before
        return self.source if self.moved else None

    @property
    def flags(self) -> tuple[Kind, ...]:
        """What else this content got: another label or split, other annotations, other props."""
        origin, after = self.origin, self.after
        if origin is None or after is None:
            return ()
        differs = (
            origin.label != after.label or origin.split != after.split,
            origin.ann != after.ann,
            not same_props(origin.props, after.props),
        )
        return tuple(kind for kind, yes in zip(FLAGS, differs, strict=True) if yes)


def same_content(a: Entry, b: Entry) -> bool:
    """Whether two entries stand for the same bytes (an `etag` alone does not prove it)."""
    return a.hash == b.hash and a.size == b.size


def same_entry(a: Entry, b: Entry) -> bool:
    """Whether two entries are the same row of a file list: a prop `true` is not a prop `1`."""
    return a == b and (not a.props or same_props(a.props, b.props))
