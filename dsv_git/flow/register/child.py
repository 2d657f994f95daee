"""A child process that talks to a registry, seen from the parent: asked, listened to, killed."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Final

import msgspec

from dsv_git.errors import Unreachable
from dsv_git.flow.register.order import Alive, Answer, Done, Request
from dsv_git.gitrepo.repository import Repository

LOG: Final = "registry.log"
LARGEST_LOG: Final = 1_000_000
"""Bytes above which the log begins anew."""

_answers = msgspec.json.Decoder(Answer)


@dataclass
class Child:
    """A process of `dsv register`, started with the first request.

    `deadline` is in seconds for all its work, `silence` in seconds without an answer. What it says
    besides goes to the log, or with `verbose` to the terminal.
    """

    repository: Repository
    branch: str | None
    deadline: float | None
    silence: float
    verbose: bool = False
    sent: Callable[[int], None] = lambda _: None
    """Is told of bytes that were sent."""

    def __post_init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._end: float | None = None
        self._read = b""
        self._given_up: Unreachable | None = None

    def ask(self, request: Request) -> Iterator[Answer]:
        """The answers to a request, as they come. Raises Unreachable when the child was too slow,
        or died; it is gone then. After one that was too slow no other is started."""
        if self._given_up is not None:
            raise self._given_up
        process = self._started()
        assert process.stdin is not None  # noqa: S101
        try:
            process.stdin.write(msgspec.json.encode(request) + b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            raise self._died() from None
        while True:
            answer = _answers.decode(self._line())
            if isinstance(answer, Alive):
                self.sent(answer.sent)
            else:
                yield answer
            if isinstance(answer, Done):
                return

    def close(self) -> None:
        """Ends the child, at once where it is still at work."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):
                if stream is not None:
                    stream.close()
        self._process = None
        self._read = b""  # half an answer, perhaps

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            state = self.repository.state_dir
            state.mkdir(parents=True, exist_ok=True)
            top = str(self.repository.top)
            command = [sys.executable, "-m", "dsv_git", "register", top]
            if self.branch is not None:
                command += ["--branch", self.branch]
            with (state / LOG).open("ab") as log:
                # -m looks for modules in the working folder: not in a person's repository.
                self._process = subprocess.Popen(
                    command,
                    cwd=state,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=None if self.verbose else _begun(log),
                    start_new_session=True,
                )
            if self.deadline and self._end is None:
                self._end = time.monotonic() + self.deadline
        return self._process

    def _line(self) -> bytes:
        """The next line of an answer."""
        while b"\n" not in self._read:
            assert self._process is not None  # noqa: S101
            assert self._process.stdout is not None  # noqa: S101
            wait = self.silence
            if self._end is not None:
                wait = min(wait, max(0.0, self._end - time.monotonic()))
            if not select.select([self._process.stdout], [], [], wait)[0]:
                self.close()
                seconds = self.deadline if self._end is not None else self.silence
                self._given_up = Unreachable(f"ClearML did not answer within {seconds:g} s")
                raise self._given_up
            piece = os.read(self._process.stdout.fileno(), 1 << 16)
            if not piece:
                raise self._died()
            self._read += piece
        line, _, self._read = self._read.partition(b"\n")
        return line

    def _died(self) -> Unreachable:
        assert self._process is not None  # noqa: S101
        code = self._process.wait()
        self.close()
        return Unreachable(
            f"the registration ended with exit code {code}",
            hint=f"dsv sync --verbose; the details are in {self.repository.state_dir / LOG}",
        )


def _begun(log: IO[bytes]) -> IO[bytes]:
    if log.tell() > LARGEST_LOG:
        log.truncate(0)
    return log
