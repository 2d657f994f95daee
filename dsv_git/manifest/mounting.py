"""Where merged manifests' entries go: each root is mounted once, under the first part of paths."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from dsv_git.errors import InputError
from dsv_git.manifest.declaration import Data
from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.names import printable


@dataclass(frozen=True)
class Source:
    """A manifest that is merged. `version` is how a parent reference names it."""

    manifest: str
    version: str
    data: Data
    entries: tuple[Entry, ...]
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True)
class Mounting:
    """The merged manifest's roots by mount, and for every source its own mounts with the mount
    that each becomes. The empty mount is the one root of a manifest without mounts."""

    roots: Mapping[str, str]
    moves: tuple[Mapping[str, str], ...]

    def placed(self, number: int, source: Source) -> Source:
        """The source that has this number, with its paths as the merged manifest has them.

        Raises InputError for a path that is below none of the source's roots.
        """
        moves = self.moves[number]
        if all(mount == moved for mount, moved in moves.items()):
            return source
        replace = msgspec.structs.replace
        return Source(
            source.manifest,
            source.version,
            source.data,
            tuple(replace(e, path=_moved(e.path, moves, source)) for e in source.entries),
            tuple(replace(d, path=_moved(d.path, moves, source)) for d in source.dropped),
        )


def normal_root(root: str) -> str:
    """A root's text as it is compared: without `./`, doubled and trailing slashes."""
    scheme, separator, rest = root.partition("://")
    if separator:
        return f"{scheme}://{rest.rstrip('/')}"
    return posixpath.normpath(root)


def mount(sources: Sequence[Source], former: Mapping[str, str]) -> Mounting:
    """One mount for every root; sources of one and the same root share it, path by path.

    A root keeps the mount that it has in `former` (the roots of the manifest that is written anew)
    or in a source of several roots; else its mount is named after the first manifest that has it
    (`/` becomes `-`), with a number behind a name that is taken. One root alone needs no mount.
    Raises InputError where two roots claim one mount.
    """
    claimed = {normal_root(root): name for name, root in former.items() if name}
    declared = [(name, root) for s in sources for name, root in s.data.roots.items()]
    for name, root in declared:
        if name:
            claimed.setdefault(normal_root(root), name)
    used = dict.fromkeys(normal_root(root) for _, root in declared)
    written: dict[str, str] = {}
    for text in (*former.values(), *(root for _, root in declared)):
        written.setdefault(normal_root(text), text)
    if len(used) == 1 and not claimed.keys() & used.keys():
        return Mounting({"": written[next(iter(used))]}, tuple({"": ""} for _ in sources))
    names = _names(sources, {root: name for root, name in claimed.items() if root in used})
    roots = {names[root]: written[root] for root in used}
    moves = tuple(
        {name: names[normal_root(root)] for name, root in source.data.roots.items()}
        for source in sources
    )
    return Mounting(roots, moves)


def _names(sources: Sequence[Source], claimed: Mapping[str, str]) -> dict[str, str]:
    """The mount of each root. File systems that fold cases must tell them apart."""
    names = dict(claimed)
    taken: dict[str, str] = {}
    for root, name in claimed.items():
        other = taken.setdefault(name.casefold(), root)
        if other != root:
            raise InputError(
                f"the mount {printable(name)!r} stands for two roots: "
                f"{printable(other)} and {printable(root)}",
                hint="merge the manifests that these were merged from, in place of them",
            )
    for source in sources:
        for root in map(normal_root, source.data.roots.values()):
            if root not in names:
                names[root] = _free(source.manifest.replace("/", "-"), taken)
                taken[names[root].casefold()] = root
    return names


def _free(name: str, taken: Mapping[str, str]) -> str:
    numbered, number = name, 1
    while numbered.casefold() in taken:
        number += 1
        numbered = f"{name}-{number}"
    return numbered


def _moved(path: str, moves: Mapping[str, str], source: Source) -> str:
    if "" in moves:
        return f"{moves['']}/{path}"
    name, _, inner = path.partition("/")
    if name not in moves or not inner:
        raise InputError(
            f"the path {printable(path)!r} of {source.manifest} is below none of its roots: "
            + ", ".join(moves),
            hint="dsv check",
        )
    return f"{moves[name]}/{inner}"
