"""What a diff is good for, by definition: it leads from one side to the other, and back."""

from __future__ import annotations

from collections.abc import Iterable

from dsv_git.diff.change import Change, same_entry
from dsv_git.diff.changes import Diff, by_path
from dsv_git.manifest.entry import Entry


def apply(before: Iterable[Entry], diff: Diff) -> list[Entry]:
    """The other side: `before` with every change made, sorted by path.

    Fails where an entry that a change starts from is not there, or another one is in the place of
    a new one.
    """
    entries = by_path(before)
    for change in diff.changes:
        if change.before is not None:
            found = entries.pop(change.before.path, None)
            assert found is not None
            assert same_entry(found, change.before)
    # Only now the new ones: a path may be left by one change and taken by another.
    for change in diff.changes:
        if change.after is not None:
            assert change.after.path not in entries
            entries[change.after.path] = change.after
    return [entries[path] for path in sorted(entries)]


def reverse(diff: Diff) -> Diff:
    """The difference the other way: `reverse(diff_entries(a, b)) == diff_entries(b, a)`."""
    return Diff(tuple(sorted(map(_reversed, diff.changes), key=lambda change: change.path)))


def _reversed(change: Change) -> Change:
    """The change that undoes another."""
    return Change(change.after, change.before, change.successor, change.source, change.moved)
