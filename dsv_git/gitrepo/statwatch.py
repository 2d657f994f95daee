"""`git diff-files` over a data root: which known files have another size or time, told by C.

It runs in a private, empty repository with a configuration of its own, so that nothing of the
user's or the data's counts: no fsmonitor, no filter, no attributes, no object format.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dsv_git.gitrepo.files import write_file

_FILES: Final = {
    "HEAD": "ref: refs/heads/none\n",
    # checkStat=minimal, trustctime=false: size and mtime alone count, so that a data root that is
    # mounted again, with other inodes and devices, is unchanged.
    "config": """\
[core]
	repositoryformatversion = 0
	bare = false
	checkStat = minimal
	trustctime = false
	fileMode = false
	symlinks = true
	ignoreCase = false
	precomposeUnicode = false
	preloadIndex = true
	fsmonitor = false
	untrackedCache = false
	splitIndex = false
	attributesFile = /dev/null
	hooksPath = /dev/null
""",
    "info/attributes": "* -text -filter -ident -diff -working-tree-encoding\n",
    "objects/.keep": "",
    "refs/.keep": "",
}


@contextmanager
def watch(git_dir: Path, root: Path, index: Path) -> Iterator[Callable[[], set[str] | None]]:
    """Lets git compare `index` with the files below `root` while the block runs.

    What the context gives waits for the answer: the paths whose stat data differs, or None where
    git did not run or complained. The index is only read; no file below `root` is opened.
    """
    process = _start(git_dir, root, index)
    try:
        yield lambda: _answer(process) if process else None
    finally:
        if process:
            if process.poll() is None:
                process.kill()
            process.communicate()


def _start(git_dir: Path, root: Path, index: Path) -> subprocess.Popen[bytes] | None:
    try:
        for name, text in _FILES.items():
            _ensure(git_dir / name, text)
        return subprocess.Popen(
            ["git", "diff-files", "--name-only", "-z", "--ignore-submodules=all", "--no-ext-diff"],
            cwd=root,
            env=_environment(git_dir, root, index),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except OSError:
        return None


def _answer(process: subprocess.Popen[bytes]) -> set[str] | None:
    out, complaints = process.communicate()
    # It says that it ignores our extension. Anything else is about files that it could not stat,
    # and those it leaves out of its answer.
    expected = all(b"DSVC" in line for line in complaints.splitlines())
    if process.returncode or not expected:
        return None
    return {os.fsdecode(path) for path in out.split(b"\0") if path}


def _environment(git_dir: Path, root: Path, index: Path) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return env | {
        "LC_ALL": "C",
        "GIT_DIR": os.fspath(git_dir),
        "GIT_WORK_TREE": os.fspath(root),
        "GIT_INDEX_FILE": os.fspath(index),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_OPTIONAL_LOCKS": "0",
    }


def _ensure(path: Path, text: str) -> None:
    try:
        if path.read_text() == text:
            return
    except FileNotFoundError:
        pass
    write_file(path, text.encode())
