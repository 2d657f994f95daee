"""One dsv at a time writes in a repository: an advisory lock that a kill gives back."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from dsv_git.errors import Unreachable
from dsv_git.gitrepo.repository import Repository


@contextmanager
def exclusive(repository: Repository, *, wait: bool) -> Iterator[None]:
    """Holds the repository's lock. Raises Unreachable where another holds it and `wait` is off."""
    repository.state_dir.mkdir(parents=True, exist_ok=True)
    with (repository.state_dir / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Unreachable("another dsv is at work in this repository") from None
        yield
