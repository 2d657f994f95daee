"""What can go wrong, as a person is told of it: one message, one place, one thing to type next."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes that scripts and CI may rely on."""

    OK = 0
    PROBLEMS = 1
    """Problems were found (`check`, `verify`, `doctor`), or differences with `--exit-code`."""
    USAGE = 2
    """Wrong usage, configuration or input."""
    BUG = 3
    UNREACHABLE = 4
    """A registry or a repository is unreachable or refuses."""
    INTERRUPTED = 130


class DsvError(Exception):
    """Base of everything that ends a command with a message in place of a traceback.

    `where` names the place (`file`, `file:line`), `hint` what to type or do next.
    """

    exit_code: ExitCode = ExitCode.USAGE

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        then = f"\n  {self.hint}" if self.hint else ""
        return f"{place}{self.message}{then}"


class InputError(DsvError):
    """The command line, a configuration file, a manifest or the data cannot be used as they are."""


class Unreachable(DsvError):
    """A registry or a repository does not answer, or refuses."""

    exit_code = ExitCode.UNREACHABLE
