"""The folder that a version is restored into: what is there, what its file system confuses."""

from __future__ import annotations

import os
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dsv_git.errors import InputError
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import unsafe_path
from dsv_git.scan.notices import shown
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.progress import Progress
from dsv_git.scan.storage.checked import Wanted
from dsv_git.scan.storage.folder import Folder
from dsv_git.scan.storage.target import STAGING
from dsv_git.scan.storage.verifying import verify


@dataclass(frozen=True)
class Ground:
    """What is in the folder already: the paths of entries whose file is right, and of those whose
    file is another one."""

    right: frozenset[str]
    other: frozenset[str]


def staging_name(entries: Iterable[Entry]) -> str:
    """The name of the folder for what is under way: one that no entry's path begins with."""
    first = {entry.path.partition("/")[0].casefold() for entry in entries}
    name = STAGING
    while name in first:
        name += "-"
    return name


def look(base: Path, manifest: Manifest, progress: Progress, *, beside: bool) -> Ground:
    """Reads what is there of a version. Raises InputError where the folder holds other files,
    unless `beside` says that they may be there. What the version leaves out on purpose, by
    `dropped.jsonl` or by its patterns, may always be. None of these is touched."""
    entries = manifest.entries
    wanted = {entry.path: entry for entry in entries}
    there = set(_names(base, staging_name(entries)))
    others = [] if beside else sorted(_strangers(manifest, there - wanted.keys()))
    if others:
        few = ", ".join(shown(path) for path in others[:3])
        more = f" and {len(others) - 3:,} more" if len(others) > 3 else ""
        raise InputError(
            f"{shown(str(base))} holds files that are not of this version: {few}{more}",
            hint="name an empty folder; or --force, which leaves them there and replaces files "
            "of this version that have another content",
        )
    present = [Wanted(p, wanted[p].size, wanted[p].hash) for p in sorted(there & wanted.keys())]
    bad = {flaw.path for flaw in verify(Folder(base), present, progress)}
    return Ground(frozenset(one.path for one in present if one.path not in bad), frozenset(bad))


def _strangers(manifest: Manifest, paths: set[str]) -> Iterator[str]:
    """Those of some paths that the version does not leave out on purpose."""
    data = manifest.declaration.data
    matcher = Patterns(data.include, data.exclude).matcher() if paths else None
    dropped = {item.path for item in manifest.dropped}
    for path in paths - dropped:
        mount, _, below = path.partition("/")
        inner = path if "" in data.roots else below if mount in data.roots else None
        if inner is None or matcher is None or matcher.takes(inner):
            yield path


def _names(base: Path, staging: str) -> Iterator[str]:
    """Every file below a folder, and every symbolic link, which is not followed."""
    todo = [""]
    while todo:
        prefix = todo.pop()
        try:
            with os.scandir(f"{base}/{prefix}") as items:
                for item in items:
                    path = prefix + item.name
                    if item.is_dir(follow_symlinks=False):
                        if path != staging:
                            todo.append(f"{path}/")
                    else:
                        yield path
        except FileNotFoundError:
            continue
        except NotADirectoryError:
            raise InputError(f"{shown(str(base))} is not a folder") from None


def refuse_place(workspace: Workspace, base: Path) -> None:
    """Raises InputError for a folder that git or the manifests live in."""
    repository = workspace.repository
    real = base.resolve()
    for own in (repository.git_dir, repository.common_dir, workspace.folder):
        if real.is_relative_to(own.resolve()):
            raise InputError(
                f"{shown(str(base))} is where git or the manifests are", hint="name another folder"
            )


def refuse_paths(base: Path, entries: Sequence[Entry]) -> None:
    """Raises InputError for paths that cannot all be files below one folder of that file system:
    unsafe ones, one that is a folder of another, and two that it takes for the same."""
    for entry in entries:
        reason = unsafe_path(entry.path)
        if reason is not None:
            raise InputError(f"the path {shown(entry.path)} {reason}", hint="dsv check")
    paths = {entry.path for entry in entries}
    for path in paths:
        if any(path[:at] in paths for at, char in enumerate(path) if char == "/"):
            raise InputError(f"{shown(path)}: a folder of it is a file of this version, too")
    cases, forms = _confuses(base)
    pair = alike(sorted(paths), cases=cases, forms=forms) if cases or forms else None
    if pair is not None:
        raise InputError(
            f"{shown(pair[0])} and {shown(pair[1])} are one file in {shown(str(base))}: its file "
            "system does not tell them apart",
            hint="restore into a folder of a file system that does",
        )


def alike(paths: Iterable[str], *, cases: bool, forms: bool) -> tuple[str, str] | None:
    """Two paths that are equal where cases of letters, or forms of Unicode, are not told apart."""
    seen: dict[str, str] = {}
    for path in paths:
        folded = unicodedata.normalize("NFD", path) if forms else path
        folded = folded.casefold() if cases else folded
        folded = unicodedata.normalize("NFD", folded) if forms else folded
        if folded in seen:
            return seen[folded], path
        seen[folded] = path
    return None


def _confuses(base: Path) -> tuple[bool, bool]:
    """Whether the file system of a folder takes names of other cases, and of other forms of
    Unicode, for the same: it is asked with a file, in the nearest folder that is there."""
    place = next(folder for folder in (base, *base.parents) if folder.is_dir())
    try:
        with tempfile.TemporaryDirectory(prefix=".dsv-new-", dir=place) as folder:
            Path(folder, "case").touch()
            Path(folder, "f\u00fcr").touch()
            return Path(folder, "CASE").exists(), Path(folder, "fu\u0308r").exists()
    except OSError as error:
        raise InputError(
            f"cannot write in {shown(str(place))}: {error.strerror}", hint="name another folder"
        ) from None
