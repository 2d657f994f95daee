"""Where a repository is: its working tree, its git directories, its configuration."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dsv_git.errors import InputError
from dsv_git.gitrepo.command import Git


@dataclass(frozen=True)
class Repository:
    """One working tree of a git repository.

    `git_dir` is this working tree's own (HEAD, index, states of a rebase), `common_dir` is shared
    by all linked working trees (refs, objects, hooks, our state and locks).
    """

    top: Path
    git_dir: Path
    common_dir: Path

    @classmethod
    def discover(cls, start: Path) -> Repository:
        """The repository whose working tree holds `start`. Raises InputError outside of one."""
        asked = Git(start).attempt(
            "rev-parse",
            "--path-format=absolute",
            "--show-toplevel",
            "--absolute-git-dir",
            "--git-common-dir",
        )
        if asked.returncode:
            raise InputError(
                f"{start} is not in the working tree of a git repository",
                hint="git init, or go into the repository",
            )
        top, git_dir, common_dir = os.fsdecode(asked.stdout).splitlines()
        return cls(Path(top), Path(git_dir), Path(common_dir))

    @cached_property
    def git(self) -> Git:
        """git at the top of this working tree."""
        return Git(self.top)

    @property
    def state_dir(self) -> Path:
        """Where what can be derived again is kept: caches, locks, the pending mark."""
        return self.common_dir / "dsv"

    @cached_property
    def hooks_dir(self) -> Path:
        """Where git looks for hooks (core.hooksPath counts)."""
        return Path(self.git.text("rev-parse", "--path-format=absolute", "--git-path", "hooks"))

    def config(self, name: str) -> str | None:
        """One configuration value (`section.key` or `section.subsection.key`, where the subsection
        alone is case-sensitive), or None where it is unset. git is asked once for all of them."""
        section, _, rest = name.partition(".")
        subsection, dot, key = rest.rpartition(".")
        return self._configuration.get(f"{section.lower()}.{subsection}{dot}{key.lower()}")

    def config_names(self, section: str) -> tuple[str, ...]:
        """The names of all values of a section, sorted, as `config` takes them."""
        return tuple(sorted(name for name in self._configuration if name.startswith(f"{section}.")))

    @cached_property
    def _configuration(self) -> dict[str, str]:
        """Every value by its name; of several the last one counts, as for git."""
        asked = self.git.attempt("config", "--null", "--list")
        if asked.returncode:
            return {}
        pairs = (item.partition("\n") for item in os.fsdecode(asked.stdout).split("\0"))
        return {name: value for name, _, value in pairs if name}

    def set_config(self, name: str, value: str) -> None:
        """Sets a value in this repository's own configuration."""
        self.git.run("config", "--local", name, value)
        self.__dict__.pop("_configuration", None)

    def unset_config(self, name: str) -> None:
        """Removes a value from this repository's own configuration, if it is there."""
        self.git.attempt("config", "--local", "--unset-all", name)
        self.__dict__.pop("_configuration", None)
