"""`dsv show --used-by`: the tasks that used a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from dsv_git.flow.config import RegistryName
from dsv_git.flow.register.registries import open_registry
from dsv_git.flow.show import Shown
from dsv_git.flow.workspace import Workspace
from dsv_git.registry.port import Use

REGISTRIES: Final[Mapping[str | None, RegistryName]] = {"local": "local", "clearml": "clearml"}


@dataclass(frozen=True)
class UsedBy:
    """The tasks that used a version, the newest first, as far as `registry` knows."""

    registry: str
    tasks: tuple[Use, ...]


def used_by(workspace: Workspace, shown: Shown) -> UsedBy:
    """Asks the registry that holds the version; uses of its former IDs count.

    Raises Unreachable.
    """
    # It need not be the registry that new versions go to.
    name = REGISTRIES.get(shown.registry, workspace.config.registry)
    ids = tuple(one for one in (shown.id, *shown.former_ids) if one is not None)
    if not ids:
        return UsedBy(name, ())
    holding = replace(workspace, config=replace(workspace.config, registry=name))
    return UsedBy(name, open_registry(holding).uses(ids))
