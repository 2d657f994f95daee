"""The remote of a branch: fetching, pushing, and the trees of versions that travel beside it."""

from __future__ import annotations

from dataclasses import dataclass

from dsv_git.gitrepo import refs
from dsv_git.gitrepo.repository import Repository


@dataclass(frozen=True)
class Remote:
    """A configured remote."""

    repository: Repository
    name: str

    @property
    def url(self) -> str:
        """Its address as it is configured; it may hold a password."""
        return self.repository.config(f"remote.{self.name}.url") or ""

    def tracking(self, branch: str) -> str:
        """The remote-tracking ref of a branch."""
        return f"refs/remotes/{self.name}/{branch}"

    def fetch(self, branch: str) -> None:
        """Brings the branch's tip, if the remote has it, and the kept versions."""
        git = self.repository.git
        git.run("fetch", "--quiet", "--no-tags", self.name, refs.FETCH)
        there = git.text("ls-remote", "--refs", self.name, f"refs/heads/{branch}")
        if there:
            spec = f"+refs/heads/{branch}:{self.tracking(branch)}"
            git.run("fetch", "--quiet", "--no-tags", self.name, spec)

    def push(self, branch: str, commit: str) -> None:
        """Sends a commit as the branch's tip. Raises GitFailed, also for a lost race."""
        self.repository.git.run("push", "--quiet", self.name, f"{commit}:refs/heads/{branch}")

    def push_kept(self) -> None:
        """Sends the trees of versions that the remote lacks."""
        refs.push_kept(self.repository, self.name, refs.kept_keys(self.repository))


def remote_of(repository: Repository, branch: str) -> Remote | None:
    """The remote that a branch is configured for, else `origin`, else the only one."""
    names = repository.git.text("remote").split()
    configured = repository.config(f"branch.{branch}.remote")
    for name in (configured, "origin", names[0] if len(names) == 1 else None):
        if name in names:
            return Remote(repository, str(name))
    return None
