"""Puts our git hooks beside whatever is there, and takes back exactly that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from dsv_git.gitrepo import hook_text
from dsv_git.gitrepo.hook_framework import check_id, how_to_add, lacking
from dsv_git.gitrepo.hook_lent import is_lendable, lend, take_back
from dsv_git.gitrepo.hook_place import (
    PRE_COMMIT_CONFIG,
    Home,
    HookFolder,
    aside,
    framework_config,
    hook_folder,
    kept_stub,
    look,
    own_hooks,
    read,
    write,
)
from dsv_git.gitrepo.hook_plan import HookAction, HookOutcome, Plan, plan_install, plan_removal
from dsv_git.gitrepo.hook_python import PYTHON, remember
from dsv_git.gitrepo.hook_state import CHECK
from dsv_git.gitrepo.hook_stubs import (
    CHECKS,
    MESSAGES,
    NAMES,
    needs_kept_stub,
    stub,
)
from dsv_git.gitrepo.repository import Repository

__all__ = [
    "HookAction",
    "HookOutcome",
    "install",
    "uninstall",
]

_WHERE: Final = {
    Home.CLONE: "",
    Home.TREE: "a file of the repository: commit it",
    Home.OUTSIDE: "a file that other repositories share",
    Home.HUSKY: "husky's file of the repository: commit it",
}


def install(repository: Repository) -> tuple[HookOutcome, ...]:
    """Installs every hook that this clone needs and remembers the interpreter for GUIs.

    What is there keeps running. A second call changes nothing. A hook that cannot be written
    is an outcome (REFUSED), not an error, for the others still count.
    """
    remember(repository)
    folder = hook_folder(repository)
    return tuple(_install(repository, folder, name) for name in NAMES)


def uninstall(repository: Repository) -> tuple[HookOutcome, ...]:
    """Takes out what `install` put in, and nothing else; one outcome a file that had it."""
    folder = hook_folder(repository)
    folders = {own_hooks(repository): Home.CLONE, folder.path: folder.home}
    outcomes = tuple(_removals(repository, folders))
    repository.unset_config(PYTHON)
    return outcomes


def _install(repository: Repository, folder: HookFolder, name: str) -> HookOutcome:
    path = folder.file(name)
    try:
        if name in CHECKS:
            skipped = _skip_check(repository, path, name)
            if skipped is not None:
                return skipped
        if name in MESSAGES:
            told = _lend_message(repository, folder, name)
            if told is not None:
                return told
        found = look(path, name)
        plan = plan_install(found, name, folder.home)
        action = _carry_out(repository, plan, path, name)
    except OSError as error:
        note = f"cannot write {path}: {error.strerror or error}"
        return HookOutcome(name, path, HookAction.REFUSED, note)
    notes = [plan.note, _WHERE[folder.home] if plan.content is not None else ""]
    return HookOutcome(name, path, action, "; ".join(note for note in notes if note))


def _skip_check(repository: Repository, path: Path, name: str) -> HookOutcome | None:
    """The outcome where somebody else runs the check; None where ours is to be there.

    Ours stays beside the framework until the framework's configuration has our check: the two of
    them are better than none.
    """
    content = read(path)
    ours = hook_text.has_block(content)
    if CHECK in hook_text.remove(content):
        return HookOutcome(name, path, HookAction.SKIPPED, "the hook runs dsv check itself")
    config = framework_config(repository)
    if config is None:
        return None
    wanted, missing = check_id(name), lacking(config)
    if wanted in missing:
        note = how_to_add(missing)
        return None if ours else HookOutcome(name, path, HookAction.LEFT, note)
    reason = f"{PRE_COMMIT_CONFIG} runs {wanted}"
    if ours:
        return HookOutcome(name, path, _take_out(path, name).action, reason)
    return HookOutcome(name, path, HookAction.SKIPPED, reason)


def _lend_message(repository: Repository, folder: HookFolder, name: str) -> HookOutcome | None:
    """The outcome where the hook is not to be in the folder for good; None where it is."""
    if is_lendable(repository, folder, name):
        return lend(repository, folder, name)
    take_back(repository, name)
    path = folder.file(name)
    if framework_config(repository) is None or read(path):
        return None
    return HookOutcome(name, path, HookAction.SKIPPED, "the pre-commit framework runs the hooks")


def _carry_out(repository: Repository, plan: Plan, path: Path, name: str) -> HookAction:
    if plan.action is HookAction.REFUSED:
        return plan.action
    action = plan.action
    if plan.content != stub(name) and needs_kept_stub(plan.content or read(path)):
        kept = kept_stub(repository, name)
        if read(kept) != stub(name):
            write(kept, stub(name))
            if action is HookAction.UNCHANGED:
                action = HookAction.UPDATED
    if plan.moves_aside:
        path.rename(aside(path, name))
    if plan.content is not None:
        try:
            write(path, plan.content, plan.mode)
        except OSError:
            if plan.moves_aside:
                aside(path, name).rename(path)
            raise
    return action


def _removals(repository: Repository, folders: dict[Path, Home]) -> Iterator[HookOutcome]:
    for name in NAMES:
        for folder, home in folders.items():
            for path in (folder / name, folder / f"{name}.legacy"):
                if hook_text.has_block(read(path)):
                    yield _take_out(path, name, _WHERE[home])
        taken = take_back(repository, name)
        if taken is not None:
            yield taken
        with suppress(OSError):
            kept_stub(repository, name).unlink()
    with suppress(OSError):
        (repository.state_dir / "hooks").rmdir()


def _take_out(path: Path, name: str, where: str = "") -> HookOutcome:
    try:
        plan = plan_removal(look(path, name), read(path), name)
        if plan.action is HookAction.RESTORED:
            aside(path, name).replace(path)
        elif plan.content is not None:
            write(path, plan.content, plan.mode)
        elif plan.action is HookAction.REMOVED:
            path.unlink()
    except OSError as error:
        note = f"cannot write {path}: {error.strerror or error}"
        return HookOutcome(name, path, HookAction.KEPT, note)
    return HookOutcome(name, path, plan.action, plan.note or where)
