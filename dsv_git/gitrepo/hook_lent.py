"""prepare-commit-msg, which is there only while a commit needs it.

Each hook that git finds costs every commit about a millisecond, and this one is of use to a commit
of data that is written in an editor alone. So its program waits in the clone's own git directory:
our pre-commit puts a copy into the hooks folder for such a commit, and that takes itself away as it
begins. Where the folder is not the clone's own, where pre-commit is not ours, or a person has a
hook of that name, ours is installed as every other is.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from dsv_git.gitrepo import hook_text
from dsv_git.gitrepo.hook_place import Home, HookFolder, look, own_hooks, read, write
from dsv_git.gitrepo.hook_plan import HookAction, HookOutcome
from dsv_git.gitrepo.hook_stubs import MESSAGES, is_own, stub
from dsv_git.gitrepo.repository import Repository

LENDER: Final = "pre-commit"


def waiting(repository: Repository, name: str) -> Path:
    """Where the program waits that pre-commit lends."""
    return repository.state_dir / "lent" / name


def is_lendable(repository: Repository, folder: HookFolder, name: str) -> bool:
    """Whether it is a hook of messages, our pre-commit runs out of the clone's own folder, and no
    other hook has the place."""
    if name not in MESSAGES:
        return False
    if folder.home is not Home.CLONE or folder.active.resolve() != own_hooks(repository).resolve():
        return False
    place = folder.path / name
    if folder.file(name) != place or not hook_text.has_block(read(folder.file(LENDER))):
        return False
    try:
        found = look(place, name)
    except OSError:
        return False
    if found.aside or found.link:
        return False
    return found.content is None or is_own(found.content, name)


def lend(repository: Repository, folder: HookFolder, name: str) -> HookOutcome:
    """Leaves the program to pre-commit. One that is in the hooks folder, of a commit that was cut
    off, goes, unless another working tree's git may be about to start it. Raises OSError."""
    program = waiting(repository, name)
    if not (repository.common_dir / "worktrees").is_dir():
        (folder.path / name).unlink(missing_ok=True)
    if is_waiting(repository, name):
        return HookOutcome(name, program, HookAction.UNCHANGED)
    write(program, stub(name))
    return HookOutcome(name, program, HookAction.LENT)


def is_waiting(repository: Repository, name: str) -> bool:
    """Whether pre-commit finds this release's program."""
    return read(waiting(repository, name)) == stub(name)


def take_back(repository: Repository, name: str) -> HookOutcome | None:
    """Lends the program no more; None where none was there."""
    program = waiting(repository, name)
    with suppress(OSError):
        program.unlink()
        program.parent.rmdir()
        return HookOutcome(name, program, HookAction.REMOVED)
    return None
