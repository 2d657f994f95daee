"""The two sides that a person asks to compare: commits, the working tree, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dsv_git.errors import InputError
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo.commits import newest_touching
from dsv_git.gitrepo.history import read_commit, shallow_boundary
from dsv_git.gitrepo.ranges import commit_id, commit_of, range_ends, resolve_range
from dsv_git.gitrepo.worktree import WorktreeFiles, clean_blobs
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.names import is_manifest_name, printable
from dsv_git.manifest.yamltext import nearest

WORKTREE: Final = "the working tree"
NOTHING: Final = "nothing"


@dataclass(frozen=True)
class Side:
    """One side: what a person calls it, its commit if it is one, and its manifests."""

    label: str
    commit: str | None
    manifests: Mapping[str, Manifest]


@dataclass(frozen=True)
class Sides:
    """Both sides, and the manifests that the comparison is restricted to (empty: all)."""

    before: Side
    after: Side
    names: tuple[str, ...] = ()


def nothing() -> Side:
    """The side before everything."""
    return Side(NOTHING, None, {})


def working_tree(workspace: Workspace) -> Side:
    """The manifests as they are on disk now, with the ids of blobs."""
    clean = clean_blobs(workspace.repository, workspace.config.manifests)
    found = {
        name: Manifest(name, WorktreeFiles.of(workspace.repository, workspace.path_of(name), clean))
        for name in workspace.names
    }
    return Side(WORKTREE, None, found)


def in_working_tree(workspace: Workspace, name: str) -> Manifest:
    """One of them. Raises InputError that names the nearest one."""
    manifest = workspace.manifest(name)
    clean = clean_blobs(workspace.repository, workspace.path_of(name))
    return replace(
        manifest, files=WorktreeFiles.of(workspace.repository, workspace.path_of(name), clean)
    )


def last_change(workspace: Workspace, names: Sequence[str] = ()) -> Sides:
    """The newest commit that changed data: a `manifest.yaml` or a list; and its first parent.

    With `names`, the newest that changed one of them. A commit that only records IDs does not
    count. Raises InputError where there is none, or its parent is not in a shallow clone.
    """
    repository, folder = workspace.repository, workspace.config.manifests
    paths = [
        f":(glob){folder}/{place}/{pattern}"
        for place in (names or ("**",))
        for pattern in ("manifest.yaml", "dropped.jsonl", "files/**")
    ]
    born = commit_of(workspace.objects, "HEAD")
    found = newest_touching(repository, born, *paths) if born else None
    if found is None:
        here = Side("HEAD", born, workspace.manifests_at(born) if born else {})
        _refuse_unknown(names, (), Sides(here, nothing()))
        of = f" of {', '.join(names)}" if names else ""
        raise InputError(f"no commit up to HEAD changed data{of}", hint="dsv add DATA --name N")
    if found in shallow_boundary(repository):
        raise InputError(
            f"what {found[:10]} changed cannot be told: this clone is shallow",
            hint="git fetch --deepen=1",
        )
    parents = read_commit(workspace.objects, found, folder).parents
    before = _commit_side(workspace, parents[0], f"{found[:10]}~1") if parents else nothing()
    return Sides(before, _commit_side(workspace, found, found[:10]), tuple(names))


def sides(workspace: Workspace, words: Sequence[str], names: Sequence[str] = ()) -> Sides:
    """The sides that `words` ask for: none to two revisions, `A..B` or `A...B`, then names of
    manifests. A word that is a revision and a name is taken as a revision; `names` are only names.

    A version `N@V` is the commit that made it, and restricts the comparison to N. Without a
    revision HEAD is compared with the working tree, with one, that one. Raises InputError for a
    word that is neither, for too many revisions, and for versions of two manifests.
    """
    revisions: list[tuple[str, str]] = []
    manifests = list(names)
    of: list[str] = []
    asked: Sides | None = None
    for word in words:
        pair = _range(workspace, word)
        commit = None if pair else _commit(workspace, word, of)
        if pair is not None and not revisions and asked is None:
            asked = pair
        elif commit is not None and len(revisions) < 2 and asked is None:
            revisions.append((word, commit))
        elif pair is not None or commit is not None:
            raise InputError(f"one revision too many: {printable(word)}", hint="dsv diff A B [N…]")
        elif word != "HEAD":  # unborn: nothing is compared, as without it
            manifests.append(word)
    if len(set(of)) > 1:
        raise InputError(
            f"these are versions of two manifests: {' and '.join(of)}",
            hint="dsv diff compares commits, or two versions of one manifest",
        )
    manifests += of
    found = asked or _of_revisions(workspace, revisions)
    known = {*names, *found.before.manifests, *found.after.manifests}
    for name in manifests:
        if name not in known and (only_revision(name) or _is_remote(workspace, name)):
            for end in range_ends(name) or (name,):
                commit_id(workspace.objects, end)
    _refuse_unknown(manifests, words, found)
    return Sides(found.before, found.after, tuple(dict.fromkeys(manifests)))


def _commit(workspace: Workspace, word: str, of: list[str]) -> str | None:
    """The commit that a word names; the manifest of a version joins `of`."""
    found = commit_of(workspace.objects, word)
    if found is not None or "@" not in word:
        return found
    from dsv_git.flow.history.version_commit import manifest_of, version_commit

    name = manifest_of(workspace, word)
    if name is None:
        return None
    found = version_commit(workspace, word)
    of.append(name)
    return found


def only_revision(word: str) -> bool:
    """Whether a word can hardly be the name of a manifest: `@{upstream}`, `HEAD~2`, `A..B`."""
    return ".." in word or not is_manifest_name(word)


def _is_remote(workspace: Workspace, word: str) -> bool:
    return commit_of(workspace.objects, f"refs/remotes/origin/{word}") is not None


def _commit_side(workspace: Workspace, commit: str, label: str) -> Side:
    return Side(label, commit, workspace.manifests_at(commit))


def _of_revisions(workspace: Workspace, revisions: Sequence[tuple[str, str]]) -> Sides:
    if len(revisions) == 2:
        (one, first), (other, second) = revisions
        return Sides(_commit_side(workspace, first, one), _commit_side(workspace, second, other))
    if revisions:
        label, commit = revisions[0]
    else:
        label, commit = "HEAD", commit_of(workspace.objects, "HEAD") or ""
    before = _commit_side(workspace, commit, label) if commit else nothing()
    return Sides(before, working_tree(workspace))


def _range(workspace: Workspace, word: str) -> Sides | None:
    """`A..B` or `A...B`; None for any other word."""
    ends = range_ends(word)
    if ends is None or any(commit_of(workspace.objects, end) is None for end in ends):
        return None
    found = resolve_range(workspace.repository, workspace.objects, word)
    assert found.base is not None  # noqa: S101
    label = found.base[:10] if "..." in word else ends[0]
    return Sides(
        _commit_side(workspace, found.base, label), _commit_side(workspace, found.tip, ends[1])
    )


def _refuse_unknown(names: Iterable[str], words: Iterable[str], found: Sides) -> None:
    known = sorted({*found.before.manifests, *found.after.manifests})
    typed = set(words)
    for name in names:
        if name not in known:
            near = nearest(name, known)
            what = "neither a commit nor a manifest" if name in typed else "no manifest"
            there = f"there are: {', '.join(known)}" if known else "dsv add DATA --name N"
            raise InputError(
                f"{what}: {printable(name)}", hint=f"did you mean {near}?" if near else there
            )
