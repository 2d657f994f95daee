"""Running git: one place, a clean environment, bytes in and bytes out."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError, Unreachable

LOCAL_VARIABLES: Final = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_CONFIG",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_NO_REPLACE_OBJECTS",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)
"""`git rev-parse --local-env-vars`, less what `git -c name=value` hands to its children."""

AUTHOR_VARIABLES: Final = frozenset({"GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE"})
"""`git commit --author/--date` leaks these to its hooks; a commit of ours is not that author's."""


class GitFailed(Unreachable):
    """git ended with an error; `stderr` has its words."""

    def __init__(self, args: tuple[str, ...], code: int, stderr: str) -> None:
        super().__init__(f"git {args[0]}: {telling_line(stderr) or f'exit code {code}'}")
        self.code = code
        self.stderr = stderr


def telling_line(stderr: str) -> str:
    """The line of git's words that says why: which ref was refused, else the first error, for what
    follows from it is said after it; else the last line that is no advice. Empty for no words."""
    said = [" ".join(line.split()) for line in stderr.splitlines() if line.strip()]
    for begins in (("! [",), ("fatal: ", "error: ")):
        found = next((line for line in said if line.startswith(begins)), None)
        if found is not None:
            return found
    own = [line for line in said if not line.startswith(("hint:", "remote:"))]
    return (own or said or [""])[-1]


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for a child git: ours without what ties it to another repository."""
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in LOCAL_VARIABLES and name not in AUTHOR_VARIABLES
    }
    env["LC_ALL"] = "C"  # messages that we read, and byte order for what git sorts
    env["GIT_OPTIONAL_LOCKS"] = "0"
    env["GIT_TERMINAL_PROMPT"] = "0"
    env.update(extra or {})
    return env


class Git:
    """git in one working tree. Every answer is bytes; callers ask with `-z` and split."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def run(self, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
        """Standard output of `git ARGS`. Raises GitFailed with git's telling line."""
        done = self.attempt(*args, stdin=stdin, env=env)
        if done.returncode:
            raise GitFailed(args, done.returncode, done.stderr.decode(errors="replace"))
        return done.stdout

    def attempt(
        self, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Like `run`, for questions whose answer is the exit code. Raises InputError where there is
        no git."""
        try:
            return subprocess.run(
                ["git", *args],
                cwd=self.directory,
                input=stdin,
                capture_output=True,
                env=clean_environment(env),
                check=False,
            )
        except FileNotFoundError as error:
            if error.filename != "git":  # the folder is gone
                raise
            raise InputError(
                "git is not on PATH", hint="install git: https://git-scm.com/downloads"
            ) from None

    def text(self, *args: str, env: Mapping[str, str] | None = None) -> str:
        """Standard output as one text, without the final line end."""
        return os.fsdecode(self.run(*args, env=env)).removesuffix("\n")

    def fields(self, *args: str, stdin: bytes = b"") -> list[str]:
        """Standard output of a `-z` command, split at its NULs."""
        out = os.fsdecode(self.run(*args, stdin=stdin))
        return out.removesuffix("\0").split("\0") if out else []
