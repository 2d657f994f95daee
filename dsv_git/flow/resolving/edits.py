"""A merged manifest with what a person edited in it meanwhile, which counts as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dsv_git.diff.merged_files import contested
from dsv_git.errors import InputError
from dsv_git.manifest.filelist import CONFLICT_MARKS
from dsv_git.manifest.layout import Layout
from dsv_git.manifest.manifest import is_list

ByHand = Mapping[str, bytes | None]
"""Files that a person edited, by their paths below the manifest; None: removed."""


@dataclass(frozen=True)
class Lists:
    """The lists of a merge, what the index has of those that conflict (by stage), and the paths of
    the entries that do."""

    files: Mapping[str, bytes]
    stages: Mapping[str, Mapping[int, bytes]]
    conflicts: tuple[str, ...]


def has_marks(data: bytes) -> bool:
    """Whether a line begins as git's conflict marks do."""
    return any(line.startswith(CONFLICT_MARKS) for line in data.splitlines())


def with_edits(lists: Lists, by_hand: ByHand, layout: Layout) -> Lists:
    """The lists as a person left them. Of one that still has conflict marks the rows between them
    conflict; one without is the answer to all its conflicts."""
    files, stages, conflicts = dict(lists.files), dict(lists.stages), list(lists.conflicts)
    for file, data in by_hand.items():
        if not is_list(file):
            continue
        open_ = _open(file, data, layout) if data is not None and has_marks(data) else frozenset()
        conflicts = [
            p for p in conflicts if layout.place(p)[0] != file or open_ is None or p in open_
        ]
        if data is None:
            files.pop(file, None)
        else:
            files[file] = data
        if open_ is not None and not open_:
            stages.pop(file, None)
    return Lists(files, stages, tuple(conflicts))


def _open(file: str, data: bytes, layout: Layout) -> frozenset[str] | None:
    """The paths between the marks of a list; None where they cannot be read."""
    try:
        prefix = layout.prefix(file)
        return frozenset(prefix + path for path in contested(data))
    except (InputError, ValueError):
        return None
