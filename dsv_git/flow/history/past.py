"""Versions that a branch's history has, and no tip any more."""

from __future__ import annotations

import json
from contextlib import suppress

from dsv_git.errors import InputError
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.every_record import last_naming
from dsv_git.manifest.parent import FOREIGN, parse_parent


def past_tips(workspace: Workspace, reference: str) -> tuple[str, ...]:
    """Commits that may still know a version of which a branch's history has the record, and no tip
    has: it was reverted, or removed."""
    text = reference.removeprefix(FOREIGN)
    if "@" in text:
        with suppress(InputError):
            wanted = parse_parent(text)
            text = f'"version": {json.dumps(wanted.version, ensure_ascii=False)}'
            folder = workspace.path_of(wanted.manifest)
            return last_naming(workspace.repository, text, folder)
        return ()
    return last_naming(workspace.repository, text, workspace.config.manifests) if text else ()
