"""The registrar that a repository's configuration asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dsv_git.flow.history.snapshots import Records
from dsv_git.flow.register.registrar import NOBODY, Apart, Here, Registrar, Watcher
from dsv_git.flow.workspace import Workspace
from dsv_git.registry.local import LocalRegistry


@contextmanager
def registrar(
    workspace: Workspace,
    records: Records,
    tip: str,
    branch: str | None,
    *,
    hook: bool,
    watcher: Watcher = NOBODY,
) -> Iterator[Registrar]:
    """A registrar for versions of the commit `tip`. In a hook it has `register.timeout` seconds."""
    if workspace.config.registry == "local":
        yield Here(workspace, records, LocalRegistry(), branch)
        return
    seconds = float(workspace.config.timeout) if hook else None
    apart = Apart(workspace, tip, branch, seconds, watcher)
    try:
        yield apart
    finally:
        apart.close()
