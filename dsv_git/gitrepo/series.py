"""A series of commits made from contents that are not in the working tree: many blobs at once,
whole folders put into a tree, commits by their author and of their time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dsv_git.gitrepo.objects import Objects, TreeItem
from dsv_git.gitrepo.repository import Repository


@dataclass(frozen=True)
class Authored:
    """What a commit says besides its tree. An empty name means the person who types; `date` is as
    git reads it in `@seconds +zone`, empty for now."""

    message: str
    name: str = ""
    email: str = ""
    date: str = ""


def authored(objects: Objects, commit: str) -> Authored:
    """Who authored a commit, when, and what for."""
    found = objects.read(commit)
    assert found is not None, commit  # noqa: S101
    headers, _, message = found[2].partition(b"\n\n")
    fields = dict(line.split(b" ", 1) for line in headers.split(b"\n") if line[:1] != b" ")
    encoding = fields.get(b"encoding", b"utf-8").decode("ascii", "replace")
    name, _, rest = _decoded(fields[b"author"], encoding).rpartition(" <")
    email, _, date = rest.partition("> ")
    return Authored(_decoded(message, encoding), name or email, email, f"@{date}")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding, "replace")
    except LookupError:
        return data.decode(errors="replace")


def with_trailer(repository: Repository, message: str, name: str, value: str) -> str:
    """A commit's message with a trailer more."""
    out = repository.git.run(
        "interpret-trailers", "--trailer", f"{name}: {value}", stdin=message.encode()
    )
    return out.decode()


def tags(repository: Repository) -> dict[str, str]:
    """The tags of commits, the oldest first, each with its commit."""
    form = "%(refname:strip=2)%09%(objecttype)%09%(objectname)%09%(*objecttype)%09%(*objectname)"
    lines = repository.git.text(
        "for-each-ref", "--sort=refname", "--sort=creatordate", f"--format={form}", "refs/tags"
    ).splitlines()
    found: dict[str, str] = {}
    for line in lines:
        name, kind, own, inner_kind, inner = line.split("\t")
        if "commit" in {kind, inner_kind}:
            found[name] = own if kind == "commit" else inner
    return found


def write_blobs(repository: Repository, contents: Sequence[bytes]) -> list[str]:
    """Stores blobs with one process for all of them, and gives their ids in that order."""
    if not contents:
        return []
    parts: list[bytes] = []
    for number, data in enumerate(contents, start=1):
        parts += [b"blob\nmark :%d\ndata %d\n" % (number, len(data)), data]
        parts.append(b"\nget-mark :%d\n" % number)
    parts.append(b"done\n")
    out = repository.git.run("fast-import", "--quiet", "--done", stdin=b"".join(parts))
    return out.decode().split()


def with_folder(objects: Objects, tree: str | None, path: str, folder: str) -> str:
    """A tree in which the folder `path` is the tree `folder`, whatever was there before."""
    head, _, rest = path.partition("/")
    items = {item.name: item for item in (objects.tree(tree) if tree else ())}
    former = items.get(head)
    inner = former.id if former is not None and former.kind == "tree" else None
    new = with_folder(objects, inner, rest, folder) if rest else folder
    items[head] = TreeItem("040000", "tree", new, head)
    return objects.write_tree(items.values())


def write_commit(repository: Repository, tree: str, parent: str, authored: Authored) -> str:
    """Stores a commit behind `parent`, committed by the person now; signed where
    `commit.gpgsign` asks for it. No hook runs, no ref moves."""
    env = {"GIT_AUTHOR_DATE": authored.date} if authored.date else {}
    if authored.name:
        env |= {"GIT_AUTHOR_NAME": authored.name, "GIT_AUTHOR_EMAIL": authored.email}
    sign = repository.git.attempt("config", "--type=bool", "--get", "commit.gpgsign")
    options = ["-S"] if sign.stdout.strip() == b"true" else []
    made = repository.git.run(
        "commit-tree", *options, "-p", parent, tree, stdin=authored.message.encode(), env=env
    )
    return made.decode().strip()


def uncommitted(repository: Repository, folder: str) -> tuple[str, ...]:
    """The files at or below a folder that are staged, changed, or not tracked."""
    lines = repository.git.fields(
        "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", folder
    )
    return tuple(line[3:] for line in lines)
