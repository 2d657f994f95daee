"""The words with which a rule says how a person lets a change pass that is meant."""

from __future__ import annotations

from dsv_git.checks.overrides import TRAILER


def unless_meant(advice: str, rule: str) -> str:
    """What to type, and the line of the commit's message that says yes."""
    return f"{advice}; if it is meant, a line of the commit's message: {TRAILER}: {rule}"
