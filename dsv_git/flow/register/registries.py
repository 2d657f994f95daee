"""Which registry a repository registers its versions in."""

from __future__ import annotations

from collections.abc import Callable

from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.state import clone_id
from dsv_git.registry.local import LocalRegistry
from dsv_git.registry.port import Registry


def open_registry(workspace: Workspace, alive: Callable[[int], None] = lambda _: None) -> Registry:
    """The configured registry. `alive` is called with the bytes of files that were sent,
    and with 0 for any other sign of life.

    Raises Unreachable where it cannot be reached, or is not set up.
    """
    if workspace.config.registry == "local":
        return LocalRegistry()
    from dsv_git.registry.clearml.registry import ClearMLRegistry
    from dsv_git.registry.clearml.session import open_session

    return ClearMLRegistry(open_session(alive), clone_id(workspace.repository))
