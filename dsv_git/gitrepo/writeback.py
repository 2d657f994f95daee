"""Writing records back: into the commit that made the version, or into a commit that follows it.

Nothing of the user's is touched: the indexes are locked before the ref moves, only the record
paths change in them and in the working tree, and `git status` says afterwards what it said before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dsv_git.gitrepo.command import GitFailed
from dsv_git.gitrepo.files import remove_empty, write_file
from dsv_git.gitrepo.index import IndexLock, indexes
from dsv_git.gitrepo.objects import Objects
from dsv_git.gitrepo.repository import Repository


class Journal(msgspec.Struct, frozen=True):
    """A write-back under way: enough to finish it, or to undo it, after a kill."""

    ref: str
    old: str
    new: str
    indexes: tuple[str, ...]
    inodes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Target:
    """The commit that a write-back starts from, and the ref to move: `HEAD`, a branch that this
    working tree does not show (then index and working tree stay alone), or none at all (then the
    new commit is only made, for a push)."""

    commit: str
    ref: str | None = "HEAD"
    hook_index: Path | None = None

    @property
    def checked_out(self) -> bool:
        """Whether the ref is what this working tree shows."""
        return self.ref == "HEAD"


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


def land(
    repository: Repository,
    target: Target,
    new: str,
    files: Mapping[str, bytes],
    blobs: Mapping[str, str],
) -> None:
    """Moves the ref from `target.commit` to `new`, indexes and working tree with it, or nothing."""
    if not target.checked_out:
        _update_ref(repository, target, new)
        return
    locks = indexes(repository, target.hook_index)
    journal = Journal("HEAD", target.commit, new, tuple(str(lock.index) for lock in locks))
    _write_journal(repository, journal)
    taken: list[IndexLock] = []
    former: dict[Path, bytes | None] = {}
    try:
        for lock in locks:
            lock.take()
            taken.append(lock)
        _write_records(repository, target.commit, files, former)
        for lock in locks:
            lock.put(repository, blobs)
        inodes = tuple(lock.inode() for lock in locks)
        _write_journal(repository, msgspec.structs.replace(journal, inodes=inodes))
        for lock in locks:
            lock.stage()
        _update_ref(repository, target, new)
    except BaseException:
        for lock in taken:
            lock.release()
        _restore(former)
        _journal_path(repository).unlink(missing_ok=True)
        raise
    for lock in locks:
        lock.commit()
    _journal_path(repository).unlink(missing_ok=True)


def _write_records(
    repository: Repository,
    commit: str,
    files: Mapping[str, bytes],
    former: dict[Path, bytes | None],
) -> None:
    """Puts the records into the working tree, a file that a person changed there left alone."""
    for path, data in files.items():
        place = repository.top / path
        if place.is_symlink() or any(p.is_symlink() for p in _folders(repository.top, place)):
            continue
        there = place.read_bytes() if place.is_file() else None
        if there == data:
            continue
        committed = repository.git.attempt("cat-file", "blob", f"{commit}:{path}")
        if there is not None and (committed.returncode or committed.stdout != there):
            continue
        former[place] = there
        write_file(place, data)


def _folders(top: Path, place: Path) -> list[Path]:
    return [parent for parent in place.parents if top in parent.parents]


def _restore(former: Mapping[Path, bytes | None]) -> None:
    for place, data in former.items():
        if data is None:
            place.unlink(missing_ok=True)
            remove_empty(place.parent)
        else:
            write_file(place, data)


def _update_ref(repository: Repository, target: Target, new: str) -> None:
    if target.ref is not None and new != target.commit:
        message = "dsv: record the ID"
        repository.git.run("update-ref", "-m", message, target.ref, new, target.commit)


def _journal_path(repository: Repository) -> Path:
    # Linked working trees have an index each; their git directory's name tells them apart.
    same = repository.git_dir == repository.common_dir
    return repository.state_dir / f"writeback-{'main' if same else repository.git_dir.name}.json"


def _write_journal(repository: Repository, journal: Journal) -> None:
    write_file(_journal_path(repository), msgspec.json.encode(journal))


def recover(repository: Repository) -> None:
    """Finishes or undoes a write-back that was killed. Call it only under the reconcile lock."""
    path = _journal_path(repository)
    try:
        journal = msgspec.json.decode(path.read_bytes(), type=Journal)
    except FileNotFoundError:
        return
    except msgspec.MsgspecError:
        path.unlink()
        return
    try:
        landed = repository.git.text("rev-parse", "--verify", journal.ref) == journal.new
    except GitFailed:
        landed = False
    for number, index in enumerate(journal.indexes):
        lock = IndexLock(Path(index))
        staged = (
            number < len(journal.inodes)
            and lock.lock.exists()
            and lock.lock.stat().st_ino == journal.inodes[number]
        )
        if landed and staged:
            lock.commit()
        elif staged or lock.is_ours():
            lock.release()
    path.unlink(missing_ok=True)
