"""A list of paths that a person's script chose: which entries of a manifest it names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import PurePosixPath
from typing import Final

from dsv_git.errors import InputError
from dsv_git.manifest.lists import KINDS, read_list
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.mounting import normal_root
from dsv_git.manifest.names import printable
from dsv_git.manifest.yamltext import nearest

SHOWN: Final = 5
"""Paths that a message names."""
_NEAR: Final = 1000
"""Paths that a mistyped one is compared with."""


def chosen_paths(
    data: bytes, name: str, manifest: Manifest
) -> tuple[frozenset[str], tuple[str, ...]]:
    """The paths of the entries that a list names: one a line, or the column `path` of CSV or JSON
    Lines where `name` ends so. They are relative to the data root, or begin with it. What the
    manifest leaves out on purpose stays out: a list is often made from the files on the disk. The
    second answer is a note about these, if any.

    Raises InputError with the line, or with the paths that the manifest does not have.
    """
    roots = manifest.declaration.data.roots
    base = normal_root(roots[""]) if "" in roots else ""
    kind = PurePosixPath(name).suffix.lower().removeprefix(".")
    known = {entry.path for entry in manifest.entries}
    out = {item.path for item in manifest.dropped} - known
    there = known | out
    found = next((one for one in KINDS if one == kind), None)
    if found is not None:
        paths: Iterable[str] = (file.path for file in read_list(data, name, found, base))
    else:
        paths = _lines(data, name)
    wanted = frozenset(_below(path, base, there) for path in paths)
    if not wanted:
        raise InputError("the list names no file", where=name, hint="one path a line")
    missing = sorted(wanted - known - out)
    if missing:
        raise _unknown(missing, name, manifest, known)
    return wanted & known, tuple(_left_out(len(wanted & out)))


def _left_out(count: int) -> Iterable[str]:
    if count:
        files = "1 file of the list is" if count == 1 else f"{count:,} files of the list are"
        yield f"{files} left out already (dropped.jsonl)"


def _lines(data: bytes, name: str) -> Iterable[str]:
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError("the text is not UTF-8", where=f"{name}:{line}") from None
    rows = (row.removesuffix("\r") for row in text.split("\n"))
    return [row for row in rows if row.strip()]


def _below(path: str, base: str, known: Collection[str]) -> str:
    """The path as the manifest has it."""
    path = path.removeprefix("./") if path not in known else path
    short = path.removeprefix(f"{base}/") if base else path
    return short if path not in known and short in known else path


def _unknown(
    missing: list[str], name: str, manifest: Manifest, known: Collection[str]
) -> InputError:
    first = missing[0]
    last = first.rpartition("/")[2]
    like = [path for path in known if path.rpartition("/")[2] == last]
    near = nearest(first, like[:_NEAR] or list(known)[:_NEAR])
    few = ", ".join(printable(path) for path in missing[:SHOWN])
    more = f" and {len(missing) - SHOWN:,} more" if len(missing) > SHOWN else ""
    count = "1 path that is" if len(missing) == 1 else f"{len(missing):,} paths that are"
    hint = f"did you mean {printable(near)}?" if near else "paths begin at the data root"
    return InputError(
        f"the list has {count} not in {manifest.name}: {few}{more}",
        where=name,
        hint=hint,
    )
