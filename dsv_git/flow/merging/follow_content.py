"""What a merged manifest holds once its sources have advanced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from dsv_git.errors import InputError
from dsv_git.flow.data.scanning import DataScan
from dsv_git.flow.merging.follow_base import Former
from dsv_git.flow.updated import UpdateRequest
from dsv_git.flow.workspace import Workspace
from dsv_git.manifest.declaration import Declaration
from dsv_git.manifest.dropped import Dropped
from dsv_git.manifest.entry import Entry
from dsv_git.manifest.following import by_path, followed
from dsv_git.manifest.manifest import Manifest
from dsv_git.manifest.merging import Union, same_entry, union
from dsv_git.manifest.mounting import Source
from dsv_git.scan.patterns import Patterns


@dataclass(frozen=True)
class Content:
    """What the merged manifest holds now, and what it leaves out."""

    entries: tuple[Entry, ...]
    dropped: tuple[Dropped, ...]


def followed_content(
    manifest: Manifest,
    former: Former,
    sources: tuple[Sequence[Source], Sequence[Source]],
    own: Sequence[Dropped],
    request: UpdateRequest,
) -> Content:
    """What the merged manifest holds after its sources went from the first of `sources` to the
    second; `own` is what it left out itself. Raises InputError for what nobody decided yet."""
    old, new = sources
    ours = former.ours or by_path(manifest.entries)
    before, after_ = union(old, "first"), union(new, request.on_conflict or "first")
    olds, news = _by_source(old), _by_source(new)
    base, theirs = by_path(before.entries), by_path(after_.entries)
    for conflict in before.conflicts:
        mine = ours.get(conflict.path)
        same = [at[conflict.path] for at in olds.values() if conflict.path in at]
        base[conflict.path] = next((e for e in same if mine and same_entry(e, mine)), same[0])
    undecided = []
    decided = {conflict.path for conflict in before.conflicts}
    for conflict in after_.conflicts:
        known = conflict.path in decided or not former.sources
        mine = ours.get(conflict.path) if known else None
        side = _chosen(conflict.path, mine, olds, news)
        if side is not None:
            theirs[conflict.path] = news[side][conflict.path]
        elif request.on_conflict is None:
            undecided.append(conflict.path)
    if undecided:
        raise _differ(request.name, undecided, after_)
    out = {(item.path, item.hash) for item in own}
    entries = followed(base, former.ours, theirs, out)
    return Content(entries, (*after_.dropped, *own))


def _by_source(sources: Sequence[Source]) -> dict[str, dict[str, Entry]]:
    return {source.manifest: by_path(source.entries) for source in sources}


def _chosen(
    path: str,
    mine: Entry | None,
    olds: Mapping[str, Mapping[str, Entry]],
    news: Mapping[str, Mapping[str, Entry]],
) -> str | None:
    """The source whose entry counted before: it is the one that the merged manifest has."""
    if mine is None:
        return None
    for sources in (olds, news):
        for name, entries in sources.items():
            was = entries.get(path)
            if was is not None and path in news.get(name, {}) and same_entry(was, mine):
                return name
    return None


def _differ(name: str, paths: Sequence[str], found: Union) -> InputError:
    first = next(one for one in found.conflicts if one.path == paths[0])
    more = f" and {len(paths) - 1:,} more" if len(paths) > 1 else ""
    return InputError(
        f"{', '.join(first.sources)} differ in {first.path}{more}; nothing was written",
        hint=f"dsv update {name} --on-conflict first, or last: whose entry counts",
    )


def as_declared(workspace: Workspace, declared: Declaration, content: Content) -> Content:
    """What the merged manifest includes and excludes itself, with the labels that it has a source
    for itself, as far as that is on this machine."""
    entries, data = content.entries, declared.data
    matcher = Patterns(data.include, data.exclude).matcher()
    if matcher is not None:
        mounted = "" not in data.roots
        entries = tuple(
            e for e in entries if matcher.takes(e.path.partition("/")[2] if mounted else e.path)
        )
    if declared.labels is not None:
        with suppress(InputError):
            entries, _ = DataScan.of(workspace, declared).labels.label(entries, ())
    return Content(entries, content.dropped)
