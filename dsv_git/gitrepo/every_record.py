"""Every record of a version that the history has, also of commits that no branch leads to."""

from __future__ import annotations

from collections.abc import Iterator

from dsv_git.gitrepo.repository import Repository


def every_record(repository: Repository, folder: str) -> Iterator[tuple[str, str]]:
    """The path and the blob's id of each record (`FOLDER/…/versions/*.json`) that a commit of any
    ref or reflog brought, against each of its parents. A record may come several times."""
    git = repository.git
    paths = ("--", f":(glob){folder}/**/versions/*.json")
    commits = git.run("rev-list", "--all", "--reflog", "--full-history", *paths)
    options = ("-r", "-m", "--root", "--raw", "-z", "--no-abbrev", "--no-renames")
    asked = ("diff-tree", "--stdin", "--no-commit-id", *options, *paths)
    fields = git.fields(*asked, stdin=commits)
    for facts, path in zip(fields[::2], fields[1::2], strict=False):
        _, mode, _, blob, kind = facts.split(" ")[:5]
        if kind != "D" and mode.startswith("100"):
            yield path, blob
