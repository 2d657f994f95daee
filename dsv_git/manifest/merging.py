"""The union of several manifests' entries, path by path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry, same_props
from dsv_git.manifest.mounting import Source

Side = Literal["first", "last"]
ConflictKind = Literal["content", "algorithm", "annotation"]


@dataclass(frozen=True)
class Conflict:
    """A path that sources (`manifest@version`, in their order) have differently.

    `content`: other bytes; `algorithm`: hashes that cannot be compared; `annotation`: one content
    with other labels, split, annotations or props. `taken` is the source whose entry counts.
    """

    path: str
    kind: ConflictKind
    sources: tuple[str, ...]
    taken: str


@dataclass(frozen=True)
class Union:
    """Entries sorted by path, what is left out on purpose, and the conflicts by path."""

    entries: tuple[Entry, ...]
    dropped: tuple[Dropped, ...]
    conflicts: tuple[Conflict, ...]
    returned: int
    """How many files one source leaves out on purpose and another one has: they are in."""


def union(sources: Sequence[Source], side: Side) -> Union:
    """Every path that a source has; `side` says whose entry counts where they differ.

    Sources are placed already: equal paths mean the same file.
    """
    held: dict[str, Entry] = {}
    several: dict[str, list[tuple[str, Entry]]] = {}
    owners: dict[str, str] = {}
    for source in sources:
        name = f"{source.manifest}@{source.version}"
        for entry in source.entries:
            first = held.setdefault(entry.path, entry)
            if first is entry:
                owners[entry.path] = name
            else:
                known = several.setdefault(entry.path, [(owners[entry.path], first)])
                known.append((name, entry))
    conflicts: list[Conflict] = []
    for path, found in sorted(several.items()):
        kind = _kind([entry for _, entry in found])
        if kind is not None:
            taken, held[path] = found[0 if side == "first" else -1]
            conflicts.append(Conflict(path, kind, tuple(name for name, _ in found), taken))
    out, returned = _left_out(sources, held)
    return Union(tuple(held[path] for path in sorted(held)), out, tuple(conflicts), returned)


def same_entry(one: Entry, other: Entry) -> bool:
    """Whether two entries say the same of one path."""
    return one == other and same_props(one.props, other.props)


def _kind(entries: Sequence[Entry]) -> ConflictKind | None:
    """How the entries of one path differ; None where they do not."""
    first = entries[0]
    if all(same_entry(first, other) for other in entries):
        return None
    if all((e.hash, e.size) == (first.hash, first.size) for e in entries):
        return "annotation"
    algorithms = {entry.hash.partition(":")[0] for entry in entries}
    sizes = {entry.size for entry in entries}
    return "algorithm" if len(algorithms) > 1 and len(sizes) == 1 else "content"


def _left_out(
    sources: Sequence[Source], held: Mapping[str, Entry]
) -> tuple[tuple[Dropped, ...], int]:
    """What the sources left out and the union does not have, and how much it has all the same."""
    unique = {(item.path, item.hash): item for source in sources for item in source.dropped}
    out: list[Dropped] = []
    for (path, content), item in sorted(unique.items()):
        entry = held.get(path)
        if entry is None or entry.hash != content:
            out.append(item)
    return tuple(out), len(unique) - len(out)
