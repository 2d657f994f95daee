"""Which registry a repository registers its versions in."""

from __future__ import annotations

from dsv_git.errors import InputError
from dsv_git.flow.config import Config
from dsv_git.registry.local import LocalRegistry
from dsv_git.registry.port import Registry


def open_registry(config: Config) -> Registry:
    """The configured registry. Raises InputError for one that this release does not have."""
    if config.registry == "local":
        return LocalRegistry()
    raise InputError(
        f"the registry {config.registry!r} is not in this release",
        where=".dsv.yaml",
        hint="registry: local",
    )
