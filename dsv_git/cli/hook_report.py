"""What became of the hooks, a line for each thing that was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from dsv_git.gitrepo.hooks import HookOutcome


def hook_lines(outcomes: Sequence[HookOutcome]) -> Iterator[str]:
    """Hooks with the same outcome in one folder share a line."""
    groups: dict[tuple[str, Path, str], list[str]] = {}
    for outcome in outcomes:
        key = (outcome.action.value, outcome.path.parent, outcome.note)
        groups.setdefault(key, []).append(outcome.name)
    for (action, folder, note), names in groups.items():
        below = "\n" in note
        said = f"{action}: {', '.join(names)}" + ("" if below else f" in {_short(folder)}")
        yield said + (f":\n{note}" if below else f": {note}" if note else "")


def _short(folder: Path) -> str:
    try:
        return str(folder.relative_to(Path.cwd()))
    except ValueError:
        return str(folder)
