"""Which of our hooks would run in a clone, and which checks nobody runs."""

from __future__ import annotations

from typing import Final

from dsv_git.gitrepo import hook_text
from dsv_git.gitrepo.hook_framework import check_id, lacking
from dsv_git.gitrepo.hook_lent import is_lendable, is_waiting
from dsv_git.gitrepo.hook_place import (
    Home,
    HookFolder,
    framework_config,
    hook_folder,
    kept_stub,
    look,
    read,
)
from dsv_git.gitrepo.hook_stubs import CHECKS, MESSAGES, REGISTRATION, needs_kept_stub
from dsv_git.gitrepo.repository import Repository

CHECK: Final = b"dsv check"
"""What a hook says that runs the check itself."""


def missing_hooks(repository: Repository) -> tuple[str, ...]:
    """The names of the hooks that should fire in this clone and would not."""
    folder = hook_folder(repository)
    checks = () if framework_config(repository) is not None else CHECKS + MESSAGES
    return tuple(
        name for name in REGISTRATION + checks if not _would_fire(repository, folder, name)
    )


def unchecked(repository: Repository) -> tuple[str, ...]:
    """The checks that nobody runs: the pre-commit framework is there, its configuration has them
    not, and no hook runs them beside it."""
    config = framework_config(repository)
    missing = lacking(config) if config is not None else ()
    folder = hook_folder(repository)
    run = {check_id(name) for name in CHECKS if _runs_a_check(read(folder.file(name)))}
    return tuple(one for one in missing if one not in run)


def _runs_a_check(content: bytes) -> bool:
    return CHECK in content or hook_text.has_block(content)


def _would_fire(repository: Repository, folder: HookFolder, name: str) -> bool:
    path = folder.file(name)
    if is_lendable(repository, folder, name):
        return is_waiting(repository, name)
    content = read(path)
    husky = folder.home is Home.HUSKY
    if husky and not (folder.active / name).is_file():
        return False
    if not husky and not (content and look(path, name).executable):
        return False
    if name in CHECKS and CHECK in hook_text.remove(content):
        return True
    if not hook_text.has_block(content):
        return False
    return not needs_kept_stub(content) or kept_stub(repository, name).is_file()
