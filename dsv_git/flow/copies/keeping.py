"""The place that keeps a copy of each content, once, by its hash: `keep` of `.dsv.yaml`."""

from __future__ import annotations

import io
import os
import re
import shlex
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from dsv_git.errors import InputError
from dsv_git.flow.data.roots import streams
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.ignore import ignore, is_ignored
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.names import printable
from dsv_git.manifest.url import is_url
from dsv_git.scan.patterns import Patterns
from dsv_git.scan.progress import Progress
from dsv_git.scan.refusals import RootMissing
from dsv_git.scan.storage.digests import Proof
from dsv_git.scan.storage.folder import Folder
from dsv_git.scan.storage.opening import open_storage, parse_location
from dsv_git.scan.storage.port import Storage, Stored

MANY: Final = 1000
"""From so many on the place is listed, in place of one look for each."""

ALLOWED: Final = "dsv.keep"
"""The value of git's configuration by which a clone allows a URL."""

NOWHERE: Final = "none"

_KEPT: Final = re.compile(r"(xxh3|sha256|md5)/([0-9a-f]{2})/([0-9a-f]{30}|[0-9a-f]{62})").fullmatch
_HASH: Final = re.compile(r"(xxh3|sha256|md5):([0-9a-f]{2})([0-9a-f]{30}|[0-9a-f]{62})").fullmatch


@dataclass(frozen=True)
class Kept:
    """What was kept. `contents` are new copies, `bytes` theirs; `before` were kept already. `lost`
    are paths whose content is not kept: it was not found, or changed after it was hashed.
    `unkept` counts contents that only their own store can tell (`etag`). `ignored` is the line that
    `.gitignore` has now, so that the copies stay out of git."""

    where: str
    contents: int
    bytes: int
    before: int
    lost: tuple[str, ...]
    unkept: int
    ignored: str | None = None


@dataclass(frozen=True)
class Keep:
    """The storage that keeps copies, each under `<algorithm>/<2 digits>/<the other digits>`."""

    storage: Storage

    @classmethod
    def of(cls, workspace: Workspace) -> Keep | None:
        """The place that the repository is configured for, or None. Raises InputError for one that
        cannot be."""
        text = workspace.config.keep
        if text is None:
            return None
        place = parse_location(text, workspace.repository.top)
        if isinstance(place, Path):
            place = Path(os.path.normpath(place))
            _refuse(workspace, place)
        return cls(open_storage(place, streams(workspace)))

    @classmethod
    def asked(cls, workspace: Workspace) -> Keep | None:
        """The place, to write to. Data leaves this machine only where somebody here said so: a URL
        counts once git's configuration names it too. None where it says that nothing is kept here.
        Raises InputError for a URL that nobody here has named yet."""
        text, named = workspace.config.keep, workspace.repository.config(ALLOWED)
        if text is None or named == NOWHERE:
            return None
        if unasked(workspace) is not None:
            said = printable(text)
            raise InputError(
                f"copies of the data would be sent to {said}, which this clone has not allowed",
                where=".dsv.yaml: keep",
                hint=f"git config {ALLOWED} {shlex.quote(said)} (or {NOWHERE}: no copies)",
            )
        return cls.of(workspace)

    @property
    def folder(self) -> Path | None:
        """The folder, if the place is on this machine."""
        return self.storage.base if isinstance(self.storage, Folder) else None

    @staticmethod
    def path(content: str) -> str | None:
        """Where a content is kept; None for one whose hash its bytes do not tell (an `etag`)."""
        found = _HASH(content)
        return "/".join(found.groups()) if found else None

    def files(self) -> dict[str, Stored]:
        """What is kept, by hash; what else lies there is left out."""
        found: dict[str, Stored] = {}
        with suppress(RootMissing):  # nothing was kept yet
            for stored in self.storage.files(Patterns()):
                kept = _KEPT(stored.path)
                if kept is not None:
                    found[f"{kept[1]}:{kept[2]}{kept[3]}"] = stored
        return found

    def has(self, contents: Collection[str]) -> set[str]:
        """Those of some contents that are kept."""
        if len(contents) > MANY:
            return self.files().keys() & set(contents)
        paths = ((content, self.path(content)) for content in contents)
        return {c for c, path in paths if path is not None and self.storage.stat(path) is not None}

    def freshen(self, contents: Collection[str]) -> None:
        """Says that kept contents are needed now: a clean-up by one who does not know of their
        version yet leaves them for a while."""
        for content in contents if self.folder is not None else ():
            with suppress(OSError):
                os.utime(f"{self.folder}/{self.path(content)}")


def unasked(workspace: Workspace) -> str | None:
    """The URL of `keep` that this clone has neither allowed nor refused."""
    text = workspace.config.keep
    known = (text, NOWHERE)
    if text is None or not is_url(text) or workspace.repository.config(ALLOWED) in known:
        return None
    return text


def keep_contents(
    workspace: Workspace, declaration: Declaration, entries: Iterable[Entry], progress: Progress
) -> Kept | None:
    """Keeps contents that a manifest is about to name, before it is written: so every content that
    a manifest names is kept. None where nothing is to be kept.

    Raises InputError, Unreachable, OSError where the place cannot be written.
    """
    keep = Keep.asked(workspace)
    if keep is None:
        return None
    from dsv_git.flow.copies.storing import keep_new

    return keep_new(workspace, declaration, entries, progress, keep)


def keep_out_of_git(workspace: Workspace, keep: Keep) -> str | None:
    """Adds a folder for copies inside the working tree to `.gitignore`. Gives the line, if it was
    not ignored before."""
    folder, top = keep.folder, workspace.repository.top
    if folder is not None and folder.is_relative_to(top):
        below = folder.relative_to(top).as_posix()
        if not is_ignored(workspace.repository, below):
            return ignore(workspace.repository, below)
    return None


def _refuse(workspace: Workspace, folder: Path) -> None:
    """Raises InputError for a folder that git, the manifests or the whole repository live in."""
    repository = workspace.repository
    inside = (repository.git_dir, repository.common_dir, workspace.folder)
    if repository.top.is_relative_to(folder) or any(folder.is_relative_to(one) for one in inside):
        raise InputError(
            "copies cannot be kept where the repository, git or the manifests are",
            where=".dsv.yaml: keep",
            hint="keep: a folder of its own",
        )


class Proven(io.RawIOBase):
    """A stream that fails at its end unless it had a content: who stores it whole or not at all
    stores no other."""

    def __init__(self, stream: BinaryIO, content: str, path: str) -> None:
        super().__init__()
        self._stream, self._proof, self._path = stream, Proof(content), path

    def read(self, size: int = -1) -> bytes:
        """The next bytes, fewer than asked for at the end alone. Raises Changed."""
        data = self._stream.read(size)
        self._proof.update(data)
        if (size < 0 or len(data) < size) and not self._proof.holds():
            raise OtherContent(f"{self._path} has another content than it was hashed with")
        return data

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class OtherContent(InputError):
    """A file changed after it was hashed."""
