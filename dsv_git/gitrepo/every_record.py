"""Records of versions in the whole history, also of commits that no branch leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsv_git.gitrepo.repository import Repository


def every_record(repository: Repository, folder: str) -> Iterator[tuple[str, str]]:
    """The path and the blob's id of each record (`FOLDER/…/versions/*.json`) that a commit of any
    ref or reflog brought, against each of its parents. A record may come several times."""
    git = repository.git
    paths = ("--", _records(folder))
    commits = git.run("rev-list", "--all", "--reflog", "--full-history", *paths)
    options = ("-r", "-m", "--root", "--raw", "-z", "--no-abbrev", "--no-renames")
    asked = ("diff-tree", "--stdin", "--no-commit-id", *options, *paths)
    fields = git.fields(*asked, stdin=commits)
    for facts, path in zip(fields[::2], fields[1::2], strict=False):
        _, mode, _, blob, kind = facts.split(" ")[:5]
        if kind != "D" and mode.startswith("100"):
            yield path, blob


def last_naming(repository: Repository, text: str, folder: str) -> tuple[str, ...]:
    """The last commit of any ref that brought `text` into a record below `folder`, or took it out,
    and that commit's parents; none where no commit did."""
    asked = ("log", "--all", "--full-history", "--max-count=1", "--format=%H %P", f"-S{text}")
    return tuple(repository.git.text(*asked, "--", _records(folder)).split())


def _records(folder: str) -> str:
    """git's pattern of the records below a folder, whatever characters its name has."""
    plain = re.sub(r"([*?\[\\])", r"\\\1", folder)
    return f":(top,glob){plain}/**/versions/*.json"
