"""A verb that is killed before one of its writes, and what a person sees of the repository then."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.conftest import Repo

EVENTS = ("open", "os.rename", "os.remove", "os.link", "os.mkdir", "subprocess.Popen")

ZYGOTE = """
import json, os, signal, sys
from importlib import import_module
from dsv_git.cli import main

def run(limit, folder, words):
    seen = 0
    def hook(event, args):
        nonlocal seen
        if event == "open" and not (isinstance(args[2], int) and args[2] & 3):  # for reading
            return
        if event not in {events} or (event == "open" and str(args[0]).startswith("/dev/")):
            return
        seen += 1
        if seen == limit:
            os.kill(os.getpid(), signal.SIGKILL)
    os.chdir(folder)
    sys.addaudithook(hook)
    sys.argv = ["dsv", *words]
    try:
        main.main()
    except SystemExit as end:
        answer = json.dumps([end.code, seen, sorted(sys.modules)])
        os.write(answers, answer.encode() + b"\\n")
        os._exit(0)

answers = os.dup(1)
null = os.open(os.devnull, os.O_RDWR)
for line in sys.stdin:
    limit, folder, words, modules = json.loads(line)
    for name in modules:
        import_module(name)
    child = os.fork()
    if child == 0:
        for stream in (0, 1):
            os.dup2(null, stream)
        run(limit, folder, words)
        os._exit(99)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status:
        os.write(answers, json.dumps([status, 0, []]).encode() + b"\\n")
"""


@dataclass
class Zygote:
    """Runs a verb again and again: each run is forked off one process, which has loaded what the
    first run needed."""

    process: subprocess.Popen[str]
    modules: list[str] = field(default_factory=list)

    def run(self, repo: Repo, *words: str, limit: int = 0) -> tuple[int, int]:
        """The exit code of `dsv WORDS`, killed before its write number `limit` (0: never), and how
        many writes there were."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([limit, str(repo.path), words, self.modules]) + "\n")
        self.process.stdin.flush()
        code, writes, modules = json.loads(self.process.stdout.readline())
        self.modules = [name for name in modules if name.startswith("dsv_git.")]
        return code, writes


@contextmanager
def zygote(env: Mapping[str, str]) -> Iterator[Zygote]:
    """It, in this environment."""
    code = ZYGOTE.replace("{events}", repr(set(EVENTS)))
    command = [sys.executable, "-B", "-c", code]  # compiled modules would be writes too
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=env, text=True, stdin=pipe, stdout=pipe) as process:
        yield Zygote(process)
        process.communicate()


def end(repo: Repo) -> tuple[str, ...]:
    """All that a person can see of a repository afterwards."""
    return (
        repo.git("rev-parse", "HEAD^{tree}"),
        repo.git("rev-list", "--count", "HEAD"),
        repo.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/dsv"),
        repo.status,
        repo.git("ls-files", "-s"),
        repo.git("diff"),
        "\n".join(sorted(p.name for p in (repo.path / ".git").iterdir() if "index" in p.name)),
        "\n".join(sorted(p.name for p in (repo.path / ".git/dsv").iterdir())),
    )


def copy(template: Repo, place: Path) -> Repo:
    shutil.copytree(template.path, place / "repo", symlinks=True)
    repo = replace(template, path=place / "repo")
    repo.git("update-index", "-q", "--refresh")
    return repo
