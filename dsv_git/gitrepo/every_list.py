"""Every file list that git still has anywhere, for who must not forget one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dsv_git.errors import InputError, Unreachable
from dsv_git.gitrepo.history import shallow_boundary
from dsv_git.gitrepo.objects import Objects
from dsv_git.gitrepo.repository import Repository
from dsv_git.manifest.declaration import FILE as DECLARATION

SUFFIX: Final = ".jsonl"
_IDS: Final = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{40})\b").findall
_SUBMODULE: Final = b"160000"
_STATES: Final = ("*HEAD", "rebase-*/*", "sequencer/*")
"""Where git notes commits beside refs and reflogs, in the git directory of a working tree."""


def every_list(repository: Repository, objects: Objects) -> Iterator[bytes]:
    """The bytes of every `.jsonl` file of: all commits that any ref leads to (branches, remote
    ones, tags, stashes, `refs/dsv`), or any reflog, or an operation under way; all indexes; the
    manifests in all working trees. A file that several have comes at least once.

    Raises Unreachable in a shallow clone, or one that lacks objects; InputError for a linked
    working tree that is not there.
    """
    if shallow_boundary(repository):
        raise Unreachable("the history is shallow", hint="git fetch --unshallow")
    trees = _worktrees(repository)
    ids = dict.fromkeys([*_in_commits(repository), *_in_trees(repository), *_staged(repository)])
    try:
        yield from objects.blobs(list(ids))
    except KeyError as error:
        raise Unreachable(
            f"git lacks the object {error.args[0]}", hint="git fetch --refetch, in a full clone"
        ) from None
    for tree in trees:
        yield from _in_folder(tree)


def _in_commits(repository: Repository) -> Iterator[str]:
    """The blobs that commits brought, against each of their parents."""
    git = repository.git
    tips = "".join(f"{commit}\n" for commit in _noted(repository)).encode()
    asked = ("--no-replace-objects", "rev-list", "--all", "--reflog", "--stdin")
    commits = git.run(*asked, stdin=tips)
    options = ("-r", "-m", "--root", "--raw", "-z", "--no-abbrev", "--no-renames")
    told = git.run(
        "--no-replace-objects",
        "diff-tree",
        "--stdin",
        "--no-commit-id",
        *options,
        "--",
        f"*{SUFFIX}",
        stdin=commits,
    )
    for part in told.split(b"\0"):
        if part.startswith(b":"):
            _, mode, _, blob, kind = part.split(b" ")[:5]
            if kind != b"D" and mode != _SUBMODULE:
                yield blob.decode()


def _noted(repository: Repository) -> Iterator[str]:
    """The commits that git notes of an operation under way, and of the last fetch."""
    folders = (repository.common_dir, *(repository.common_dir / "worktrees").glob("*"))
    texts = (
        file.read_text(errors="replace")
        for folder in folders
        for pattern in _STATES
        for file in folder.glob(pattern)
        if file.is_file() and file.stat().st_size < 1 << 20
    )
    found = dict.fromkeys(one for text in texts for one in _IDS(text))
    asked = "".join(f"{one}\n" for one in found).encode()
    for line in repository.git.run("cat-file", "--batch-check", stdin=asked).decode().splitlines():
        fields = line.split(" ")
        if fields[1] == "commit":
            yield fields[0]


def _in_trees(repository: Repository) -> Iterator[str]:
    """The blobs below refs that lead to a tree."""
    names = repository.git.text(
        "for-each-ref", "--format=%(objecttype) %(objectname) %(*objecttype)"
    )
    for line in names.splitlines():
        kind, name, inner = (*line.split(" "), "")[:3]
        if "tree" in {kind, inner}:
            for row in repository.git.fields("ls-tree", "-r", "-z", name):
                facts, _, path = row.partition("\t")
                if path.endswith(SUFFIX) and " blob " in facts:
                    yield facts.split(" ")[2]


def _staged(repository: Repository) -> Iterator[str]:
    """The blobs in the indexes of all working trees, at every stage."""
    common = repository.common_dir
    for index in (common / "index", *common.glob("worktrees/*/index")):
        if index.is_file():
            told = repository.git.run(
                "ls-files", "-s", "-z", "--full-name", env={"GIT_INDEX_FILE": str(index)}
            )
            for row in told.split(b"\0"):
                facts, _, path = row.partition(b"\t")
                if path.endswith(SUFFIX.encode()) and not facts.startswith(_SUBMODULE):
                    yield facts.split(b" ")[1].decode()


def _in_folder(tree: Path) -> Iterator[bytes]:
    """The lists of the manifests in a working tree: what lies below a `manifest.yaml`."""
    for folder, folders, files in os.walk(tree):
        folders[:] = [name for name in folders if name != ".git"]
        if DECLARATION in files:
            for file in Path(folder).rglob(f"*{SUFFIX}"):
                if file.is_file():
                    yield file.read_bytes()
            folders.clear()


def _worktrees(repository: Repository) -> list[Path]:
    """The folders of all working trees. Raises InputError for one that is not there."""
    asked = repository.git.attempt("worktree", "list", "--porcelain", "-z")
    if asked.returncode:  # git has -z since 2.36
        blocks = repository.git.text("worktree", "list", "--porcelain").split("\n\n")
    else:
        blocks = os.fsdecode(asked.stdout).replace("\0", "\n").split("\n\n")
    found = []
    for block in blocks:
        lines = block.strip("\n").split("\n")
        place = Path(lines[0].removeprefix("worktree "))
        if lines[0] and "bare" not in lines:
            if not place.is_dir():
                raise InputError(
                    f"the working tree {place} is not there, so what it names cannot be known",
                    hint="mount it, or: git worktree prune",
                )
            found.append(place)
    return found
