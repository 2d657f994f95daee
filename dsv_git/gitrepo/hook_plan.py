"""What to do about one hook, decided from what is there; nothing here touches a file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from dsv_git.gitrepo import hook_text
from dsv_git.gitrepo.hook_place import Found, Home
from dsv_git.gitrepo.hook_stubs import ASIDE, INTERPRETER, block, caller, is_own, stub


class HookAction(Enum):
    """What `install` or `uninstall` did about a hook."""

    INSTALLED = "installed"
    LENT = "installed for the commits that need it"
    ADDED = "added to the hook that is there"
    CHAINED = "installed in front of the hook that is there"
    UPDATED = "brought up to date"
    UNCHANGED = "already there"
    SKIPPED = "not needed"
    LEFT = "left to the pre-commit framework, which does not run them yet"
    REFUSED = "not installed"
    REMOVED = "taken out"
    RESTORED = "taken out, the former hook is back"
    KEPT = "not taken out"


_STILL: Final = (
    HookAction.UNCHANGED,
    HookAction.SKIPPED,
    HookAction.LEFT,
    HookAction.REFUSED,
    HookAction.KEPT,
)


@dataclass(frozen=True)
class HookOutcome:
    """One hook, its file, what was done about it, and what a person should know."""

    name: str
    path: Path
    action: HookAction
    note: str = ""

    @property
    def changed(self) -> bool:
        """Whether a file is another one than before."""
        return self.action not in _STILL

    def __str__(self) -> str:
        note = f" ({self.note})" if self.note and "\n" not in self.note else ""
        below = f"\n{self.note}" if "\n" in self.note else ""
        return f"{self.name}: {self.action.value}{note}{below}"


@dataclass(frozen=True)
class Plan:
    """The decision: `content` is what to write, None to write nothing."""

    action: HookAction
    content: bytes | None = None
    mode: int = 0o755
    note: str = ""

    @property
    def moves_aside(self) -> bool:
        """Whether the hook that is there is renamed first."""
        return self.action is HookAction.CHAINED


_TORN: Final = "its dsv block is damaged: delete its lines from # >>> dsv >>> on, then: dsv init"
_OFF: Final = "the file is not executable, so git passes over it: chmod +x"


def plan_install(found: Found, name: str, home: Home) -> Plan:
    """How our hook gets into what is there."""
    own = stub(name) if home is Home.CLONE and not found.aside else caller(name)
    if found.content is None:
        note = f"starts {name}{ASIDE} after itself" if found.aside else ""
        return Plan(HookAction.INSTALLED, own, note=note)
    if hook_text.is_torn(found.content):
        return Plan(HookAction.REFUSED, note=_TORN)
    if hook_text.has_block(found.content):
        return _renew(found, found.content, name, home, own)
    return _add(found, found.content, name, home)


def _renew(found: Found, content: bytes, name: str, home: Home, own: bytes) -> Plan:
    if found.link:
        return Plan(HookAction.UNCHANGED, note="through a symbolic link")
    head, below = hook_text.split_own(content)
    runs = found.executable or home is Home.HUSKY
    if is_own(head, name):
        if head == own and runs:
            return Plan(HookAction.UNCHANGED)
        return Plan(HookAction.UPDATED, own + below, found.mode | 0o111)
    if not runs:
        return Plan(HookAction.REFUSED, note=_OFF)
    new = hook_text.renew(content, block(name))
    if new == content:
        return Plan(HookAction.UNCHANGED)
    return Plan(HookAction.UPDATED, new, found.mode)


def _add(found: Found, content: bytes, name: str, home: Home) -> Plan:
    if home is Home.HUSKY and not found.link:  # husky hands the file to sh, whatever it is
        return Plan(HookAction.ADDED, hook_text.insert(content, block(name)), found.mode)
    reason = _cannot_take_lines(found, content)
    if not reason:
        return Plan(HookAction.ADDED, hook_text.insert(content, block(name)), found.mode)
    if found.aside:
        return Plan(
            HookAction.REFUSED,
            note=f"{reason}, and {name}{ASIDE} is there already: remove one of them",
        )
    runs = "runs after ours" if found.executable else "still does not run"
    return Plan(HookAction.CHAINED, caller(name), note=f"{reason}: it is {name}{ASIDE} now, {runs}")


def _cannot_take_lines(found: Found, content: bytes) -> str:
    """Why the hook is moved aside, in place of getting our lines."""
    if found.link:
        return "a symbolic link"
    if not found.executable:
        return "not executable, so git passes over it"
    if content.startswith(b"#!") and content.split(b"\n", 1)[0].endswith(b"\r"):
        return "lines that end in CR LF, so that it cannot start"
    return "" if hook_text.is_shell(content) else "not a shell script"


def plan_removal(found: Found, content: bytes, name: str) -> Plan:
    """How a file that has our block loses it. No content with REMOVED: the file goes."""
    if found.link:
        return Plan(HookAction.KEPT, note="a symbolic link: it goes with its target")
    head, below = hook_text.split_own(content)
    if not is_own(head, name):
        return Plan(HookAction.REMOVED, hook_text.remove(content), found.mode)
    if found.aside and head != stub(name):
        if below.strip():
            note = f"lines were added below our block: move them, then put {name}{ASIDE} back"
            return Plan(HookAction.KEPT, note=note)
        return Plan(HookAction.RESTORED)
    return Plan(HookAction.REMOVED, INTERPRETER + below if below.strip() else None, found.mode)
