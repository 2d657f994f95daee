"""`dsv init` and `dsv uninstall`: a repository is looked after, or left as it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dsv_git.errors import InputError
from dsv_git.flow.config import FILE, RegistryName, new_config
from dsv_git.flow.copies.keeping import unasked
from dsv_git.flow.drafting.attributes import renew_attributes
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import refs
from dsv_git.gitrepo.drivers import install_drivers, uninstall_drivers
from dsv_git.gitrepo.files import write_file
from dsv_git.gitrepo.hook_python import remembered
from dsv_git.gitrepo.hooks import HookOutcome, install, uninstall
from dsv_git.gitrepo.repository import Repository
from dsv_git.registry.clearml.configured import configured_by


@dataclass(frozen=True)
class Initialised:
    """What `dsv init` did."""

    config: str | None
    """The configuration file, if it was written now."""
    registry: str
    because: str | None
    """What made it choose this registry, where nobody said which."""
    hooks: tuple[HookOutcome, ...]
    remotes: tuple[str, ...]
    """Remotes that kept versions are fetched from now on."""
    drivers: tuple[str, ...]
    """Keys of the drivers that were configured now."""
    attributes: str | None
    """The attributes of the manifests, if they were brought up to date."""
    interpreter: str | None
    """What hooks start dsv with; None where they take dsv from PATH."""
    unasked: str | None
    """The URL that would get copies of the data (`keep`), if this clone has not allowed it."""


def init(start: Path, registry: RegistryName | None, environment: Mapping[str, str]) -> Initialised:
    """Sets up the repository around `start`; again changes nothing. Raises InputError.

    Without a `registry` it is ClearML where that is configured, else the local one.
    """
    repository = Repository.discover(start)
    path = repository.top / FILE
    written = because = None
    if not path.exists():
        because = None if registry else configured_by(environment) or "ClearML is not configured"
        chosen = registry or ("clearml" if configured_by(environment) else "local")
        write_file(path, new_config(chosen).encode())
        written = FILE
    try:
        workspace = Workspace.open(repository.top)
    except InputError:
        if written:
            path.unlink()
        raise
    if registry is not None and workspace.config.registry != registry:
        raise InputError(
            f"the registry is {workspace.config.registry} already",
            where=FILE,
            hint=f"to change it, write there: registry: {registry}",
        )
    remotes = tuple(
        remote
        for remote in repository.git.text("remote").split()
        if refs.FETCH not in _fetched(repository, remote)
    )
    for remote in remotes:
        repository.git.run("config", "--local", "--add", f"remote.{remote}.fetch", refs.FETCH)
    hooks, drivers = install(repository), install_drivers(repository)
    renewed = renew_attributes(workspace)
    return Initialised(
        written,
        workspace.config.registry,
        because,
        hooks,
        remotes,
        drivers,
        renewed,
        remembered(repository),
        unasked(workspace),
    )


def remove(start: Path) -> tuple[HookOutcome, ...]:
    """Takes back what `init` put into this clone; `.dsv.yaml` and the manifests are the team's."""
    repository = Repository.discover(start)
    for remote in repository.git.text("remote").split():
        if refs.FETCH in _fetched(repository, remote):
            repository.git.run(
                "config",
                "--local",
                "--fixed-value",
                "--unset",
                f"remote.{remote}.fetch",
                refs.FETCH,
            )
    uninstall_drivers(repository)
    return uninstall(repository)


def _fetched(repository: Repository, remote: str) -> list[str]:
    asked = repository.git.attempt("config", "--get-all", f"remote.{remote}.fetch")
    return asked.stdout.decode(errors="replace").splitlines()
