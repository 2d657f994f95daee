"""What this clone's git says of itself: its version, its remotes, write-backs that were cut off,
and which commits its refs lead to."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from dsv_git.gitrepo import refs
from dsv_git.gitrepo.command import Git
from dsv_git.gitrepo.history import shallow_boundary
from dsv_git.gitrepo.repository import Repository

OLDEST: Final = (2, 31)
"""The first git that has `rev-parse --path-format` and `--diff-merges=first-parent`."""


def git_version(folder: Path) -> tuple[str, bool]:
    """What git calls its version, and whether that one is new enough. Raises InputError where
    there is no git."""
    text = Git(folder).text("version").removeprefix("git version ")
    numbers = re.match(r"(\d+)\.(\d+)", text)
    return text, numbers is None or (int(numbers[1]), int(numbers[2])) >= OLDEST


def remotes_without_kept(repository: Repository) -> tuple[str, ...]:
    """The remotes from which `git fetch` does not bring the kept versions."""
    found = []
    for remote in repository.git.text("remote").split():
        asked = repository.git.attempt("config", "--get-all", f"remote.{remote}.fetch")
        if refs.FETCH not in asked.stdout.decode(errors="replace").splitlines():
            found.append(remote)
    return tuple(found)


def cut_off(repository: Repository) -> tuple[Path, ...]:
    """The journals of write-backs that a kill cut off; none while another dsv is at work."""
    found = tuple(sorted(repository.state_dir.glob("writeback-*.json")))
    return found if found and not at_work(repository) else ()


def at_work(repository: Repository) -> bool:
    """Whether another dsv holds this repository's lock now."""
    try:
        with (repository.state_dir / "lock").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def led_to_by_none(repository: Repository, commits: Iterable[str]) -> frozenset[str]:
    """Those of some whole commit ids that no ref here leads to, or that are not here at all.

    None in a shallow clone, which cannot tell.
    """
    wanted = {c for c in commits if re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", c)}
    if not wanted or shallow_boundary(repository):
        return frozenset()
    asked = "".join(f"{commit}\n" for commit in sorted(wanted)).encode()
    told = repository.git.run("cat-file", "--batch-check", stdin=asked).decode().splitlines()
    here = {line.partition(" ")[0] for line in told if line.split(" ")[1] == "commit"}
    if not here:
        return frozenset(wanted)
    tips = repository.git.text(
        "for-each-ref", "--format=^%(objectname)", "refs/heads", "refs/remotes", "refs/tags"
    ).split()
    head = refs.head(repository).commit
    named = [*sorted(here), *dict.fromkeys(tips), *([f"^{head}"] if head else [])]
    loose = repository.git.run("rev-list", "--stdin", stdin="\n".join(named).encode() + b"\n")
    return frozenset(wanted - here | set(loose.decode().split()) & wanted)
