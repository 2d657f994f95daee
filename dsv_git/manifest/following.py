"""What a merged manifest holds once its sources have advanced: their new entries, with what was
decided in the merged one kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec

from dsv_git.manifest.entry import Entry
from dsv_git.manifest.merging import same_entry

_SAID = ("label", "split", "ann", "props")
"""What an entry says of its content, each by itself."""


def followed(
    base: Mapping[str, Entry],
    ours: Mapping[str, Entry],
    theirs: Mapping[str, Entry],
    out: Collection[tuple[str, str]] = (),
) -> tuple[Entry, ...]:
    """The entries after the sources went from `base` to `theirs`; `ours` is the merged manifest.

    What the sources did not change stays as `ours` has it: also what it left out, and what it alone
    has. A content that they changed comes, under what `ours` says of it where that was corrected.
    What they removed goes. What `ours` left out comes back with another content alone, and not
    where `out`, by path and hash, names it.
    """
    found = []
    for path in {**ours, **theirs}:
        entry = _entry(base.get(path), ours.get(path), theirs.get(path))
        if entry is not None and (entry.path, entry.hash) not in out:
            found.append(entry)
    return tuple(sorted(found, key=lambda entry: entry.path))


def by_path(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Entries by their paths."""
    return {entry.path: entry for entry in entries}


def _entry(was: Entry | None, mine: Entry | None, new: Entry | None) -> Entry | None:
    if _same(was, new):
        return mine
    if new is None or _same(was, mine):
        return new
    if mine is None:
        return None if was is not None and was.hash == new.hash else new
    if was is None:
        return mine if (mine.hash, mine.size) == (new.hash, new.size) else new
    corrected = {
        name: getattr(mine, name)
        for name in _SAID
        if repr(getattr(mine, name)) != repr(getattr(was, name))  # a prop `true` is not `1`
    }
    moved = (was.hash, was.size) != (new.hash, new.size)
    content = new if moved else mine
    return msgspec.structs.replace(new, hash=content.hash, size=content.size, **corrected)


def _same(one: Entry | None, other: Entry | None) -> bool:
    if one is None or other is None:
        return one is other
    return same_entry(one, other)
