"""The pre-commit framework: which of our checks its configuration has, and what adds the others."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from dsv_git.gitrepo.hook_place import PRE_COMMIT_CONFIG

_LINES: Final = {
    "dsv-check": """\
      - id: dsv-check
        name: dsv check
        entry: dsv check --staged --before-message
        language: system
        pass_filenames: false
        always_run: true
        stages: [pre-commit, pre-merge-commit]""",
    "dsv-message": """\
      - id: dsv-message
        name: dsv check of the message
        entry: dsv hook commit-msg
        language: system
        always_run: true
        stages: [commit-msg]""",
}


def check_id(hook: str) -> str:
    """The id, in the framework's configuration, of the check that a git hook runs."""
    return "dsv-message" if hook == "commit-msg" else "dsv-check"


def lacking(config: bytes) -> tuple[str, ...]:
    """The ids of our checks that a configuration does not have."""
    return tuple(one for one in _LINES if one.encode() not in config)


def how_to_add(ids: Collection[str]) -> str:
    """What a person does so that the framework runs these checks."""
    lines = [
        f"  add this to the repos of {PRE_COMMIT_CONFIG},",
        "  then: pre-commit install -t pre-commit -t pre-merge-commit -t commit-msg",
        "  - repo: local",
        "    hooks:",
    ]
    return "\n".join([*lines, *(text for one, text in _LINES.items() if one in ids)])
