"""`dsv keep --clean`: deletes the copies of contents that no version names."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Final

from dsv_git.errors import InputError, Unreachable
from dsv_git.flow.copies.keeping import Keep
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.clone import remotes_without_kept
from dsv_git.gitrepo.every_list import every_list
from dsv_git.scan.storage.port import Stored

FRESH: Final = 14 * 24 * 3600
"""Seconds for which a copy in a folder stays, whoever names it: it may be for a version that is
being made, or that another clone has not pushed. As long as git keeps loose objects."""

_HASHES: Final = re.compile(rb"xxh3:[0-9a-f]{32}|sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}").findall


@dataclass(frozen=True)
class Cleaned:
    """What a clean-up did, or would do: `contents` copies of so many bytes went, `named` stay as a
    version names them, `fresh` because they are too new to tell."""

    where: str
    dry_run: bool
    contents: int
    bytes: int
    named: int
    fresh: int


def clean(workspace: Workspace, *, dry_run: bool, sure: bool) -> Cleaned:
    """Deletes the kept contents that nothing in git here names: no commit that a ref or a reflog
    leads to, no kept manifest, no index, no working tree.

    A place that does not tell how old a copy is (a bucket) wants `sure`: versions that other clones
    have not pushed are not known here. Raises InputError, Unreachable in a clone that lacks a part
    of the history.
    """
    keep = Keep.asked(workspace)
    if keep is None:
        raise InputError("there is no place that keeps copies", hint="keep: FOLDER, in .dsv.yaml")
    lacking = remotes_without_kept(workspace.repository)
    if lacking:
        raise Unreachable(
            f"the kept versions of {', '.join(lacking)} are not fetched", hint="dsv init; git fetch"
        )
    if keep.folder is None and not (sure or dry_run):
        raise InputError(
            f"{keep.storage.where} does not tell how old a copy is: one that is kept for a version "
            "that another clone has not pushed would go, too",
            hint="push from every clone, git fetch here, and then: dsv keep --clean --yes",
        )
    named = {
        text.decode()
        for data in every_list(workspace.repository, workspace.objects)
        for text in _HASHES(data)
    }
    kept = keep.files()
    loose = {content: stored for content, stored in kept.items() if content not in named}
    gone = {c: s for c, s in loose.items() if keep.folder is None or not _is_fresh(s)}
    if not dry_run:
        for stored in gone.values():
            keep.storage.delete(stored.path)
    return Cleaned(
        keep.storage.where,
        dry_run,
        len(gone),
        sum(stored.size for stored in gone.values()),
        len(kept) - len(loose),
        len(loose) - len(gone),
    )


def _is_fresh(stored: Stored) -> bool:
    """Whether a copy in a folder, whose stamp is its modification time, is new."""
    return int(stored.stamp) > (time.time() - FRESH) * 1e9
