"""One file of a dataset, as its manifest knows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Final

import msgspec

PropValue = str | bool | int | float
Label = str | tuple[str, ...]
"""One label, or for an image with many objects a sorted tuple with repeats (never one)."""

HASH_PATTERN: Final = (
    r"\A(?:xxh3:[0-9a-f]{32}|sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}|etag:[!-~]{1,200})\Z"
)
"""`algorithm:hex`; an `etag` is the store's own text."""

_match_hash = re.compile(HASH_PATTERN).match
_Text = Annotated[str, msgspec.Meta(min_length=1)]
_Texts = Annotated[tuple[_Text, ...], msgspec.Meta(min_length=2)]


class Entry(
    msgspec.Struct,
    frozen=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    gc=False,  # no cycle can form, and the collector's walks over a million rows double a read
):
    """A row of a file list.

    `path` is relative to the manifest's data root (inside a list: to the folder the list stands
    for), `/` separates. `size` is in bytes. `hash` is `algorithm:hex`. `ann` is the hash of the
    image's own annotations. The order of the fields is the order of the keys in the file.
    """

    path: _Text
    size: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    hash: str
    label: _Text | _Texts | None = None
    split: _Text | None = None
    ann: _Text | None = None
    props: dict[str, str | bool | int | float] = {}

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label, one an object: empty, one, or many."""
        if self.label is None:
            return ()
        return (self.label,) if isinstance(self.label, str) else self.label


def as_label(labels: list[str] | tuple[str, ...]) -> Label | None:
    """The one form of a set of object labels: none, a text, or a sorted tuple of at least two."""
    if not labels:
        return None
    return labels[0] if len(labels) == 1 else tuple(sorted(labels))


def is_hash(text: str) -> bool:
    """Whether `text` is a content hash that a file list may hold."""
    return _match_hash(text) is not None


def are_hashes(texts: Iterable[str]) -> bool:
    """Whether each of `texts` is one; a call of `is_hash` each would take twice as long."""
    return all(map(_match_hash, texts))


def same_props(a: Mapping[str, PropValue], b: Mapping[str, PropValue]) -> bool:
    """Equality of props as they are written: `true` is not `1`, though Python says so."""
    if not a and not b:
        return True
    return a == b and all(isinstance(a[key], bool) == isinstance(b[key], bool) for key in a)
