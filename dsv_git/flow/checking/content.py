"""The content that `dsv check` judges: out of the working tree, an index or a commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from dsv_git.checks.content import Content
from dsv_git.checks.rules import RULES
from dsv_git.checks.subject import Subject
from dsv_git.errors import InputError
from dsv_git.flow.checking import merges, overrides
from dsv_git.flow.checking.history import GitHistory
from dsv_git.flow.config import FILE as CONFIG
from dsv_git.flow.config import Config, parse_config
from dsv_git.flow.workspace import Workspace
from dsv_git.gitrepo import tracked
from dsv_git.gitrepo.objects import Objects
from dsv_git.gitrepo.repository import Repository
from dsv_git.gitrepo.tracked import Listing
from dsv_git.manifest.declaration import FILE as DECLARATION
from dsv_git.manifest.manifest import Manifest


@dataclass(frozen=True)
class Below:
    """A manifest's own files within a listing."""

    listing: Listing
    name: str
    known: Mapping[str, str]
    where: str

    def blobs(self) -> Mapping[str, str]:
        """Every file with its blob's id, or an empty text."""
        return self.known

    def read(self, path: str) -> bytes:
        """A file's bytes. Raises KeyError."""
        return self.listing.read(f"{self.name}/{path}")


def of_folder(workspace: Workspace) -> Content:
    """The working tree, all of it, as a change of HEAD."""
    listing = tracked.in_folder(workspace.repository, workspace.config.manifests)
    tips = _tips(workspace)
    content = _content(workspace, listing, tips[0] if tips else None, tips)
    return _merging(workspace, content, tips)


def of_index(workspace: Workspace, index: Path | None, merged: Sequence[str]) -> Content:
    """What an index would commit, as a change of HEAD. `index` is the one that git tells a hook
    of, None for the usual one; `merged` are commits that are being merged."""
    repository, objects = workspace.repository, workspace.objects
    listing = tracked.in_index(repository, objects, workspace.config.manifests, index)
    tips = tuple(dict.fromkeys((*_tips(workspace), *merged)))
    content = _content(workspace, listing, tips[0] if tips else None, tips)
    content = _merging(workspace, content, tips)
    return _overridden(workspace, content, tips[1:], tips[0] if tips else None)


def of_commit(workspace: Workspace, commit: str, base: str | None) -> Content:
    """What a commit holds, as a change of another one; None: everything in it is new."""
    content = _content(workspace, _of_commit(workspace, commit), base, (commit,))
    found = merges.of_range(workspace, commit, base, _manifests_of(workspace))
    content = replace(content, merges=tuple(found))
    return _overridden(workspace, content, (commit,), base)


def _merging(workspace: Workspace, content: Content, sides: tuple[str, ...]) -> Content:
    """The content with the merge that it is the result of, if one is under way."""
    found = merges.under_way(workspace, sides, content, _manifests_of(workspace))
    return replace(content, merges=tuple(found))


def _manifests_of(workspace: Workspace) -> Callable[[str], Mapping[str, Manifest]]:
    folder = workspace.config.manifests
    return cache(lambda commit: _part(_of_commit(workspace, commit), folder).manifests)


def _overridden(
    workspace: Workspace, content: Content, tips: tuple[str, ...], base: str | None
) -> Content:
    """The content with what the messages of the commits that it is made of say yes to."""
    names = {*content.by_name, *content.before}
    return replace(content, overrides=overrides.of_commits(workspace, tips, base, names))


def staged_workspace(start: Path, index: Path | None) -> Workspace:
    """The workspace around `start` with the `.dsv.yaml` of an index, whatever the working tree's
    is; with the working tree's where the index has none. Raises InputError."""
    repository = Repository.discover(start)
    blob = tracked.index_blob(repository, CONFIG, index)
    if blob is None:
        return Workspace.open(start)
    objects = Objects(repository.git)
    try:
        config = _config(objects.blob(blob))
    except InputError as error:
        hint = error.hint or f"correct it, then: git add {CONFIG}"
        raise InputError(
            f"{error.message} (as it is staged)", where=error.where, hint=hint
        ) from None
    return Workspace(repository, config, start, objects)


def committed_config(workspace: Workspace, commit: str) -> Workspace:
    """The workspace with the `.dsv.yaml` of a commit, if that has one. Raises InputError."""
    found = workspace.objects.read(f"{commit}:{CONFIG}")
    return replace(workspace, config=_config(found[2])) if found else workspace


def _config(data: bytes) -> Config:
    try:
        return parse_config(data.decode(), tuple(RULES))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError("not UTF-8", where=f"{CONFIG}:{line}") from None


def _tips(workspace: Workspace) -> tuple[str, ...]:
    """HEAD, and what is being merged into it; nothing before the first commit."""
    head = workspace.objects.resolve("HEAD^{commit}")
    if head is None:
        return ()
    try:
        merged = (workspace.repository.git_dir / "MERGE_HEAD").read_text().split()
    except FileNotFoundError:
        merged = []
    return (head, *merged)


def _of_commit(workspace: Workspace, commit: str) -> Listing:
    folder = workspace.config.manifests
    return tracked.in_commit(workspace.repository, workspace.objects, commit, folder)


def _content(
    workspace: Workspace, listing: Listing, base: str | None, tips: tuple[str, ...]
) -> Content:
    folder = workspace.config.manifests
    parted = _part(listing, folder)
    former = _part(_of_commit(workspace, base), folder).manifests if base is not None else {}
    return Content(
        folder=folder,
        subjects=tuple(
            Subject(manifest, former.get(name)) for name, manifest in parted.manifests.items()
        ),
        before=former,
        history=GitHistory(workspace, tips),
        loose=parted.loose,
        odd=listing.odd,
        unmerged=parted.unmerged,
    )


@dataclass(frozen=True)
class Parted:
    """A listing by manifests. One with a file in conflict is not among them."""

    manifests: Mapping[str, Manifest]
    loose: tuple[str, ...]
    unmerged: Mapping[str, str]


def _part(listing: Listing, folder: str) -> Parted:
    """Every file belongs to the innermost manifest around it, the rest is loose."""
    suffix = f"/{DECLARATION}"
    names = {
        path.removesuffix(suffix)
        for path in (*listing.blobs, *listing.unmerged)
        if path.endswith(suffix)
    }
    owners: dict[str, str | None] = {"": None}

    def owner(path: str) -> str | None:
        place = path.rpartition("/")[0]
        if place not in owners:
            owners[place] = place if place in names else owner(place)
        return owners[place]

    files: dict[str, dict[str, str]] = {name: {} for name in sorted(names)}
    loose: list[str] = []
    for path, blob in listing.blobs.items():
        name = owner(path)
        if name is None:
            loose.append(path)
        else:
            files[name][path[len(name) + 1 :]] = blob
    unmerged = {path: owner(path) or "" for path in listing.unmerged}
    manifests = {
        name: Manifest(name, Below(listing, name, known, f"{folder}/{name}"))
        for name, known in files.items()
        if name not in unmerged.values()
    }
    return Parted(manifests, tuple(loose), unmerged)
