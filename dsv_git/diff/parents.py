"""What a version changed against all its parents: none, one, or several as after a merge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from dsv_git.diff.change import same_content, same_entry
from dsv_git.diff.changes import Diff, by_path, diff_entries
from dsv_git.manifest.entry import Entry


def mounted(entries: Iterable[Entry], mount: str) -> Iterator[Entry]:
    """A parent's entries as a merged manifest names them: below the root `mount` ("" for none)."""
    if not mount:
        yield from entries
        return
    for entry in entries:
        yield msgspec.structs.replace(entry, path=f"{mount}/{entry.path}")


def diff_against_parents(parents: Sequence[Iterable[Entry]], after: Iterable[Entry]) -> Diff:
    """The difference of a version from the union of its parents (`mounted` where it mounts them).

    So an entry is added where no parent has its path, removed where some parent had a path that
    the version has not, and modified where parents have the path but none of them that content
    there. Of several parents that have a path, the one counts that has the very entry of `after`,
    else one with its content, else the first. Without parents everything is added.

    A list may be left out only where all the parents and the version have the same one.
    """
    new = by_path(after)
    union: dict[str, Entry] = {}
    for parent in parents:
        for path, entry in by_path(parent).items():
            held = union.get(path)
            if held is None or _likeness(entry, new.get(path)) > _likeness(held, new.get(path)):
                union[path] = entry
    return diff_entries(union.values(), new.values())


def _likeness(entry: Entry, other: Entry | None) -> int:
    if other is None or not same_content(entry, other):
        return 0
    return 2 if same_entry(entry, other) else 1
