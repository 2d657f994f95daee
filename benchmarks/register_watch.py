"""Commands that talk to the test server, under a watch: seconds, calls, bytes, memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("GIT_", "CLEARML_", "TRAINS_")) and name != "PYTHONDONTWRITEBYTECODE"
} | {"PYTHONPATH": str(SOURCE)}


@dataclass
class Server:
    """The test server in its process."""

    process: subprocess.Popen[str]
    environment: dict[str, str]

    def asked(self) -> dict[str, int]:
        """What was asked of it since the last time."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        told: dict[str, int] = json.loads(self.process.stdout.readline())
        return told


@contextmanager
def serving(*options: str) -> Iterator[Server]:
    """A server that ends with the block."""
    command = [sys.executable, str(Path(__file__).with_name("register_server.py")), *options]
    with subprocess.Popen(
        command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        yield Server(process, {**ENVIRONMENT, **json.loads(process.stdout.readline())})
        assert process.stdin is not None
        process.stdin.close()


@dataclass
class Watch:
    """The largest resident size of each Python process below one, in bytes, by its command."""

    root: int
    peaks: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.01):
            todo = [self.root]
            while todo:
                process = Path("/proc", str(todo.pop()))
                try:
                    for thread in (process / "task").iterdir():
                        todo += map(int, (thread / "children").read_text().split())
                    command = (process / "cmdline").read_bytes().decode().split("\0")
                    status = (process / "status").read_text()
                except OSError:
                    continue  # it is gone, or this is no Linux
                if "python" in command[0] and "VmHWM:" in status:
                    size = int(status.partition("VmHWM:")[2].split()[0]) * 1024
                    name = "child" if "register" in command else "itself"
                    self.peaks[name] = max(size, self.peaks.get(name, 0))


@dataclass(frozen=True)
class Run:
    """What one command took, and what it asked of the server."""

    name: str
    entries: int
    seconds: float
    asked: dict[str, int]
    peaks: dict[str, int]
    said: str

    @property
    def peak(self) -> int:
        return max(self.peaks.values(), default=0)

    def tell(self) -> None:
        peaks = ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in self.peaks.items())
        print(
            f"{self.name:34} {self.entries:>9,} entries {self.seconds:7.2f} s"
            f"  {self.asked['bytes'] / 1e6:7.1f} MB sent"
            f"  {self.asked['api']:>3} API calls, {self.asked['files']} files  peak {peaks or '?'}",
            flush=True,
        )


def run(name: str, entries: int, server: Server, cwd: Path, *command: str) -> Run:
    """Runs a command under a watch."""
    server.asked()
    with tempfile.TemporaryFile("w+") as out:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=server.environment, stdout=out, stderr=subprocess.STDOUT
        )
        watch = Watch(process.pid)
        code = process.wait()
        seconds = time.perf_counter() - start
        watch.end()
        out.seek(0)
        said = out.read()
    assert code == 0, f"{command} ended with {code}:\n{said}"
    done = Run(name, entries, seconds, server.asked(), watch.peaks, said)
    done.tell()
    return done


def quiet(server: Server, cwd: Path, *command: str) -> None:
    subprocess.run(command, cwd=cwd, env=server.environment, check=True, stdout=subprocess.DEVNULL)
