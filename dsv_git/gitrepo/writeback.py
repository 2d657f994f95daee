"""Writing records back: into the commit that made the version, or into a commit that follows it.

Nothing of the user's is touched: the indexes are locked before the ref moves, only the record
paths change in them and in the working tree, and `git status` says afterwards what it said before.
"""

from __future__ import annotations

from collections.abc import Mapping

from dsv_git.gitrepo.landing import Target, land
from dsv_git.gitrepo.objects import Objects
from dsv_git.gitrepo.repository import Repository


def fold(
    repository: Repository, objects: Objects, target: Target, files: Mapping[str, bytes]
) -> str:
    """The commit anew with `files` in its tree: same parents, author, dates and message.

    A signed commit is signed again. Raises GitFailed or IndexBusy with nothing changed.
    """
    blobs = {path: objects.write_blob(data) for path, data in files.items()}
    found = objects.read(target.commit)
    assert found is not None  # noqa: S101
    headers, _, message = found[2].partition(b"\n\n")
    tree = objects.tree_with(f"{target.commit}^{{tree}}", blobs)
    lines = [f"tree {tree}".encode(), *headers.split(b"\n")[1:]]
    if any(line.startswith(b"gpgsig") for line in lines):
        new = _signed_again(repository, tree, lines, message)
    else:
        new = objects.write_commit(b"\n".join(lines) + b"\n\n" + message)
    land(repository, target, new, files, blobs)
    return new


def follow_up(
    repository: Repository,
    objects: Objects,
    target: Target,
    files: Mapping[str, bytes],
    message: str,
) -> str:
    """A commit of its own behind `target`, by its committer, now.

    Raises GitFailed or IndexBusy with nothing changed.
    """
    blobs = {path: objects.write_blob(data) for path, data in files.items()}
    tree = objects.tree_with(f"{target.commit}^{{tree}}", blobs)
    name, _, rest = repository.git.text("var", "GIT_COMMITTER_IDENT").partition(" <")
    env = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": rest.partition(">")[0]}
    sign = repository.git.attempt("config", "--type=bool", "--get", "commit.gpgsign")
    options = ["-S"] if sign.stdout.strip() == b"true" else []
    made = repository.git.run(
        "commit-tree", *options, "-p", target.commit, tree, stdin=message.encode(), env=env
    )
    new = made.decode().strip()
    land(repository, target, new, files, blobs)
    return new


def stage(
    repository: Repository, objects: Objects, target: Target, files: Mapping[str, bytes]
) -> None:
    """Puts `files` into indexes and working tree, for the person's next commit."""
    blobs = {path: objects.write_blob(data) for path, data in files.items()}
    land(repository, target, target.commit, files, blobs)


def _signed_again(repository: Repository, tree: str, headers: list[bytes], message: bytes) -> str:
    fields = dict(line.split(b" ", 1) for line in headers if b" " in line and line[:1] != b" ")
    env: dict[str, str] = {}
    for role in ("author", "committer"):
        name, _, rest = fields[role.encode()].rpartition(b" <")
        email, _, date = rest.partition(b"> ")
        env[f"GIT_{role.upper()}_NAME"] = name.decode(errors="surrogateescape")
        env[f"GIT_{role.upper()}_EMAIL"] = email.decode(errors="surrogateescape")
        env[f"GIT_{role.upper()}_DATE"] = "@" + date.decode()
    encoding = fields.get(b"encoding", b"UTF-8").decode()
    parents = [
        word
        for line in headers
        if line.startswith(b"parent ")
        for word in ("-p", line[7:].decode())
    ]
    arguments = ("-c", f"i18n.commitEncoding={encoding}", "commit-tree", "-S", *parents, tree)
    return repository.git.run(*arguments, stdin=message, env=env).decode().strip()
